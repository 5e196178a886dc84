package main

import (
	"os"
	"slices"
	"testing"
)

func TestBrokenLinks(t *testing.T) {
	t.Chdir(t.TempDir())
	if err := os.MkdirAll("docs/a", 0o755); err != nil {
		t.Fatal(err)
	}
	for name, text := range map[string]string{
		"docs/there.md": "# A `--flag`, and more\n", "README.md": "",
	} {
		if err := os.WriteFile(name, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	src := "# Own heading\n\n[a](there.md) [b](there.md#a---flag-and-more) [c](../README.md) [d](a) [e](#own-heading) [f](https://x.example/y)\n" +
		"[g](gone.md) ![h](gone.png) [i](there.md#gone) [j](#gone)\n\n    [k](code.md)\n"
	if err := os.WriteFile("docs/x.md", []byte(src), 0o644); err != nil {
		t.Fatal(err)
	}
	var want []string
	for _, target := range []string{"gone.md", "gone.png", "there.md#gone", "#gone"} {
		want = append(want, "docs/x.md: a link to "+target+", which is not there")
	}
	if got := brokenLinks("docs/x.md", []byte(src)); !slices.Equal(got, want) {
		t.Errorf("got %q\nwant %q", got, want)
	}
}
