package main

import (
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"io"
	"net/url"
	"os"
	"strings"
	"syscall"
	"testing"

	"github.com/btgw/btgw/fetch"
)

// What an operator does with the cache by hand: a torrent is fetched into it without a reader, pinned over a restart, verified,
// and evicted.
func TestCacheByHand(t *testing.T) {
	t.Parallel()
	const size = 3<<20 + 1
	file := demoFile{nil, size, noise(77)}
	s := newSwarm(t, 1, 0, "small.bin", file)
	dir := t.TempDir()
	g := serveOn(t, dir, "--admin-token=secret")
	hash := s.torrent.Info.ID().String()
	run := func(status int, command string, args ...string) string {
		t.Helper()
		args = append([]string{"cache", command, "--admin-listen=" + strings.TrimPrefix(g.admin, "http://"), "--admin-token=secret"}, args...)
		got, stdout, stderr := result(t, args...)
		if got != status {
			t.Fatalf("%v: status %d: %s%s", args, got, stdout, stderr)
		}
		return stdout + stderr
	}
	listed := func() (list []fetch.CachedTorrent) {
		t.Helper()
		for line := range strings.Lines(run(exitOK, "ls", "--json")) {
			var one fetch.CachedTorrent
			if err := json.Unmarshal([]byte(line), &one); err != nil {
				t.Fatal(err)
			}
			list = append(list, one)
		}
		return list
	}
	if out := run(exitNotFound, "pin", hash); !strings.Contains(out, "nothing of this torrent") {
		t.Errorf("pin: %s", out)
	}
	page := g.url + s.torrent.Info.ID().Path() + "/"
	if answer, _ := get(t, page+"?format=json&tr="+url.QueryEscape(s.announce)); answer.StatusCode != 200 {
		t.Fatalf("the page: %s", answer.Status)
	}
	if out := run(exitOK, "prefetch", hash); out != fmt.Sprintf("done: %s of %[1]s\n", ByteSize(size)) {
		t.Errorf("prefetch: %q", out)
	}
	if out := run(exitNotFound, "prefetch", hash, "none"); !strings.Contains(out, "has no") {
		t.Errorf("prefetch of what is not there: %s", out)
	}
	run(exitOK, "pin", hash)
	if status, _, stderr := result(t, "cache", "ls", "--admin-listen="+strings.TrimPrefix(g.admin, "http://")); status != exitFailed || !strings.Contains(stderr, "token") {
		t.Errorf("without the token: status %d, %s", status, stderr)
	}
	g.signal(syscall.SIGTERM)
	if status := g.status(); status != exitOK {
		t.Fatalf("serve: status %d", status)
	}
	for _, seeder := range s.seeders {
		seeder.end()
	}

	g = serveOn(t, dir, "--admin-token=secret")
	list := listed()
	if len(list) != 1 || list[0].Hash != hash || !list[0].Pinned || list[0].PiecesHave != list[0].Pieces || list[0].Name != "small.bin" || list[0].DiskBytes < size {
		t.Fatalf("after a restart: %+v", list)
	}
	if out := run(exitOK, "ls"); !strings.Contains(out, hash) || !strings.Contains(out, "yes") {
		t.Errorf("ls: %s", out)
	}
	if out := run(exitOK, "verify", hash); out != fmt.Sprintf("%s: %d right, 0 wrong, 0 without a hash\n", hash, list[0].Pieces) {
		t.Errorf("verify: %s", out)
	}
	want := sha256.New()
	if _, err := io.Copy(want, file.reader()); err != nil {
		t.Fatal(err)
	}
	if _, body := get(t, g.url+s.torrent.Info.ID().Path()+"/small.bin"); fmt.Sprintf("%x", sha256.Sum256(body)) != fmt.Sprintf("%x", want.Sum(nil)) {
		t.Error("other bytes than the swarm had")
	}
	if out := run(exitFailed, "evict", hash); !strings.Contains(out, "unpin it first") {
		t.Errorf("evict: %s", out)
	}
	if out := run(exitOK, "purge"); out != "evicted from 0 torrents\n" {
		t.Errorf("purge: %s", out)
	}
	run(exitOK, "unpin", hash)
	run(exitOK, "evict", hash)
	if list := listed(); len(list) > 0 && list[0].PiecesHave > 0 {
		t.Errorf("after eviction: %+v", list)
	}
	var stats struct {
		Pinned int64 `json:"pinned_torrents"`
		Pieces int64 `json:"pieces"`
		Limit  int64 `json:"disk_limit"`
	}
	if err := json.Unmarshal([]byte(run(exitOK, "stats")), &stats); err != nil || stats.Pinned != 0 || stats.Pieces != 0 || stats.Limit != 1<<30 {
		t.Errorf("stats: %+v, %v", stats, err)
	}
	if _, err := os.Stat(dir + "/pins"); err != nil {
		t.Error(err)
	}
}
