package main

import (
	"encoding/json"
	"os"
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/btgw/btgw/metainfo"
)

// TestLs lists a torrent by its .torrent, and by a magnet link alone out of its swarm.
func TestLs(t *testing.T) {
	t.Parallel()
	s := newSwarm(t, 1, 0, "several", demoFiles()...)
	file := filepath.Join(t.TempDir(), "several.torrent")
	if err := os.WriteFile(file, s.torrent.Encode(), 0o600); err != nil {
		t.Fatal(err)
	}
	magnet := (&metainfo.Magnet{Hashes: s.torrent.Info.Hashes(), Trackers: []string{s.announce}}).String()
	for _, source := range []string{file, magnet} {
		for _, tt := range []struct {
			args   []string
			status int
			want   string
		}{
			{[]string{"music"}, exitOK, "01 C++ & 100% percussion.wav\n02 Übung – 練習.flac\n"},
			{[]string{"-l", "several/music/02 Übung – 練習.flac"}, exitOK, "       3456789  02 Übung – 練習.flac\n"},
			{[]string{"nothing"}, exitNotFound, ""},
		} {
			args := append([]string{"ls", "--allow-private", "--peer-listen=none", source}, tt.args...)
			status, stdout, stderr := result(t, args...)
			if status != tt.status || tt.want != stdout {
				t.Errorf("%q: status %d, %s\n%s", args, status, stderr, cmp.Diff(tt.want, stdout))
			}
			if source == magnet {
				break // each has a swarm of its own to find
			}
		}
	}
	_, stdout, _ := result(t, "ls", "--json", "-R", file)
	var list []listed
	if err := json.Unmarshal([]byte(stdout), &list); err != nil {
		t.Fatal(err)
	}
	var files, bytes, dirs int64
	for _, e := range list {
		if e.Dir {
			dirs++
			continue
		}
		files++
		bytes += e.Size
	}
	node, _ := s.torrent.Info.Lookup([]string{"several"})
	if files != int64(node.Files) || bytes != node.Size || dirs == 0 {
		t.Errorf("%d files of %d bytes, want %d of %d\n%s", files, bytes, node.Files, node.Size, stdout)
	}
}

func TestLsURL(t *testing.T) {
	t.Parallel()
	in := made(t, map[string]string{"a b/c+d": "x"})
	node, err := in.Lookup([]string{in.Name, "a b", "c+d"})
	if err != nil {
		t.Fatal(err)
	}
	e := entry(in, node, []string{in.Name, "a b", "c+d"}, "c+d")
	if want := in.ID().Path() + "/content/a%20b/c+d"; e.URL != want {
		t.Errorf("%s, want %s", e.URL, want)
	}
}

// made is the torrent of some files.
func made(t *testing.T, files map[string]string) *metainfo.Info {
	t.Helper()
	tor, err := metainfo.Make(t.Context(), metainfo.MakeOptions{Root: writeTree(t, files)})
	if err != nil {
		t.Fatal(err)
	}
	return tor.Info
}
