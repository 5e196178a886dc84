package main

import (
	"slices"
	"strings"
	"testing"
)

func TestFindings(t *testing.T) {
	long := "It reads " + strings.Repeat("one ", maxWords-3)
	for _, c := range []struct {
		name  string
		block block
		want  string // how the only finding begins, or "" for none
	}{
		{"short", block{text: "It reads the file. It ends.", whole: true}, ""},
		{"as long as may be", block{text: long + "two."}, ""},
		{"too long", block{text: long + "two three."}, "31 words"},
		{"a dash is no word", block{text: long + "– two."}, ""},
		{"who begins", block{text: "Who asks again is told at once."}, `"who"`},
		{"who after a preposition", block{text: "Peers give less to who gives nothing."}, `"who"`},
		{"whoever", block{text: "It counts, whoever asks."}, `"who"`},
		{"who with a noun", block{text: "The peer who asks again is told at once."}, ""},
		{"who in a question", block{text: "Who asked?"}, ""},
		{"is that", block{text: "Hasty is that nobody waits."}, `"is that"`},
		{"is that of", block{text: "Its hash is that of the form."}, ""},
		{"doc comment", block{text: "Held is whether all is there.", name: "Held"}, "a doc comment"},
		{"doc comment of a length", block{text: "Held is how long it is kept.", name: "Held"}, ""},
		{"another name", block{text: "Held is whether all is there.", name: "Kept"}, ""},
		{"no verb", block{text: "No byte at all.", whole: true}, "no verb"},
		{"no verb in a cell", block{text: "No byte at all."}, ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			got := c.block.findings()
			if c.want == "" && len(got) > 0 || c.want != "" && (len(got) != 1 || !strings.HasPrefix(got[0], c.want)) {
				t.Errorf("findings of %q: %q, want %q", c.block.text, got, c.want)
			}
		})
	}
}

func TestSentences(t *testing.T) {
	for text, want := range map[string][]string{
		"One. two":                 {"One.", "two"},
		"It reads names, e.g. a.b": {"It reads names, e.g. a.b"},
		"(In brackets.) Why? So!":  {"(In brackets.)", "Why?", "So!"},
		"version 1.2.3 is read":    {"version 1.2.3 is read"},
	} {
		if got := sentences(text); !slices.Equal(got, want) {
			t.Errorf("sentences(%q) = %q, want %q", text, got, want)
		}
	}
}

func TestMarkdownBlocks(t *testing.T) {
	src := "# A heading\n\nA [link](x.md) and `some code`\nin one line.\n\n    code block\n\n```\nfence\n```\n\n- item\n\n| a | b |\n|---|---|\n| one | `two` |\n"
	want := []block{
		{line: 3, text: "A link and `code` in one line.", whole: true},
		{line: 12, text: "item"},
		{line: 14, text: "a"}, {line: 14, text: "b"},
		{line: 16, text: "one"}, {line: 16, text: code},
	}
	if got := markdownBlocks([]byte(src)); !slices.Equal(got, want) {
		t.Errorf("blocks:\n got %+v\nwant %+v", got, want)
	}
}

func TestGoBlocks(t *testing.T) {
	src := `// Package p does it.
package p

// T is a type.
type T struct {
	// F is a field.
	F int // not read
}

// f is short.
//
//	code
func f() {
	// not read either
}
`
	got, err := goBlocks("p.go", []byte(src))
	if err != nil {
		t.Fatal(err)
	}
	want := []block{
		{line: 1, text: "Package p does it.", whole: true},
		{line: 4, text: "T is a type.", name: "T", whole: true},
		{line: 6, text: "F is a field.", name: "F", whole: true},
		{line: 10, text: "f is short.", name: "f", whole: true},
	}
	if !slices.Equal(got, want) {
		t.Errorf("blocks:\n got %+v\nwant %+v", got, want)
	}
}
