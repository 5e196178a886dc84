package main

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/btgw/btgw/metainfo"
)

// torrentFile writes the .torrent of the files of the demo.
func torrentFile(t *testing.T) (name string, made *demoTorrent) {
	t.Helper()
	made, err := makeDemoTorrent(t.Context(), "several", demoFiles(), "http://tracker.example/announce")
	if err != nil {
		t.Fatal(err)
	}
	name = filepath.Join(t.TempDir(), "several.torrent")
	if err := os.WriteFile(name, made.Encode(), 0o600); err != nil {
		t.Fatal(err)
	}
	return name, made
}

func TestInspectShowsEverything(t *testing.T) {
	t.Parallel()
	name, made := torrentFile(t)
	status, stdout, stderr := result(t, "inspect", name)
	if status != exitOK || stderr != "" {
		t.Fatalf("status %d: %s", status, stderr)
	}
	hashes := made.Info.Hashes()
	for _, want := range []string{
		"name", "several", hashes[0].String(), hashes[1].String(), hashes[0].Path() + "/", "http://tracker.example/announce",
		fmt.Sprintf("%d bytes", made.Info.Size()), "created by", "Made up by btgw demo.", "magnet:?xt=urn:btih:",
		"       3456789  several/music/02 Übung – 練習.flac\n", "             0  several/empty.nfo\n", "padding\n", "piece layers",
		fmt.Sprintf("%d files:\n", realFiles(made.Info)),
	} {
		if !strings.Contains(stdout, want) {
			t.Errorf("nothing says %q in\n%s", want, stdout)
		}
	}
}

// realFiles counts files without padding.
func realFiles(in *metainfo.Info) (n int) {
	for i := range in.Files {
		if !in.Files[i].Pad {
			n++
		}
	}
	return n
}

func TestInspectJSON(t *testing.T) {
	t.Parallel()
	name, made := torrentFile(t)
	status, stdout, stderr := result(t, "inspect", "--json", name)
	if status != exitOK || stderr != "" {
		t.Fatalf("status %d: %s", status, stderr)
	}
	var got inspection
	if err := json.Unmarshal([]byte(stdout), &got); err != nil {
		t.Fatal(err)
	}
	if got.Name != "several" || got.Size != made.Info.Size() || got.Pieces != made.Info.NumPieces() || len(got.Files) != len(made.Info.Files) ||
		got.InfoHashV1 != made.Info.Hashes()[0].String() || got.InfoHashV2 != made.Info.Hashes()[1].String() ||
		got.Layers == nil || got.Layers.Have != got.Layers.Need || got.Layers.Need == 0 {
		t.Errorf("%+v", got)
	}
}

func TestInspectMagnet(t *testing.T) {
	t.Parallel()
	const ih = "0123456789abcdef0123456789abcdef01234567"
	status, stdout, _ := result(t, "inspect", "magnet:?xt=urn:btih:"+strings.ToUpper(ih)+"&dn=a%1b%5b31mname&tr=http://a.example/x&x.pe=192.0.2.1:6881&so=1-2")
	if status != exitOK {
		t.Fatalf("status %d", status)
	}
	for _, want := range []string{ih, `a\u001b[31mname`, "http://a.example/x", "192.0.2.1:6881", "files 1 to 2"} {
		if !strings.Contains(stdout, want) {
			t.Errorf("nothing says %q in\n%s", want, stdout)
		}
	}
	if strings.Contains(stdout, "\x1b") {
		t.Error("an escape sequence reached the terminal")
	}
}

func TestInspectRefuses(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct{ content, want string }{
		"nothing":         {"", "not canonical bencoding"},
		"text":            {"hello", "a text in place of a .torrent"},
		"no info":         {"d8:announce3:abce", "info: missing"},
		"leading zero":    {"d4:infod9:file treede12:meta versioni02eee", "not canonical bencoding"},
		"info of a kind":  {"d4:infoi1ee", "info: of the wrong kind"},
		"no piece length": {"d4:infod6:lengthi1e4:name1:a6:pieces20:aaaaaaaaaaaaaaaaaaaaee", "piece length: missing"},
		"few pieces":      {"d4:infod6:lengthi99999e4:name1:a12:piece lengthi16384e6:pieces20:aaaaaaaaaaaaaaaaaaaaee", "not as many hashes as pieces"},
		"huge string":     {"d4:info99999999999999999999:", "not canonical bencoding"},
	} {
		t.Run(name, func(t *testing.T) {
			file := filepath.Join(t.TempDir(), "bad.torrent")
			if err := os.WriteFile(file, []byte(tt.content), 0o600); err != nil {
				t.Fatal(err)
			}
			for _, flag := range []string{"--json", "--json=false"} {
				status, stdout, stderr := result(t, "inspect", flag, file)
				if status != exitFailed || stdout != "" || strings.Count(stderr, "\n") != 1 || !strings.Contains(stderr, tt.want) {
					t.Errorf("status %d, %q, %q: want one line with %q", status, stdout, stderr, tt.want)
				}
			}
		})
	}
	for _, link := range []string{"magnet:", "magnet:?xt=urn:btih:123", "magnet:?dn=x", "nofile.torrent", "0123456789abcdef0123456789abcdef01234567"} {
		if status, stdout, stderr := result(t, "inspect", link); status != exitFailed || stdout != "" || strings.Count(stderr, "\n") != 1 {
			t.Errorf("%s: status %d, %q, %q", link, status, stdout, stderr)
		}
	}
}
