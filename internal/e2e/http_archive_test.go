package e2e

import (
	"archive/tar"
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/btgw/btgw/internal/clients"
)

// TestArchive gets a torrent as a tar file, resumed by curl after it was cut off,
// and a range of it that costs the pieces under it alone.
func TestArchive(t *testing.T) {
	t.Parallel()
	p := several(t, 61)
	l := clients.StartLibtorrent(t, clients.LibtorrentOptions{})
	l.Seed(p, false)
	g := start(t, options{})
	location := g.url + p.Hash.Path() + "/?format=tar&" + strings.TrimPrefix(hints(nil, l.Addr()), "?")

	// The end of the archive: the last file's last bytes, and two blocks of zeros.
	all := files(p)
	last := all[len(all)-1]
	head, err := http.Head(location)
	if err != nil {
		t.Fatal(err)
	}
	head.Body.Close()
	length := head.ContentLength
	if st := g.status(p.Hash); head.StatusCode != http.StatusOK || st.Downloaded != 0 {
		t.Fatalf("HEAD: %s, %d bytes were fetched", head.Status, st.Downloaded)
	}
	pad := (512 - last.Length%512) % 512
	from := length - 1024 - pad - 1000
	a := g.get(location, "Range", fmt.Sprintf("bytes=%d-", from))
	if a.status != http.StatusPartialContent || a.err != nil || a.n != 1000+pad+1024 || !bytes.Equal(a.body[1000:], make([]byte, pad+1024)) {
		t.Fatalf("the end: %d, %d bytes, %v", a.status, a.n, a.err)
	}
	sum := sha256.Sum256(a.body[:1000])
	if hex.EncodeToString(sum[:]) != p.SHA256(last, last.Length-1000, 1000) {
		t.Error("the end of the last file is wrong")
	}
	if st := g.status(p.Hash); st.Downloaded > 2*p.Info.PieceLength {
		t.Errorf("%d bytes were fetched for 1000", st.Downloaded)
	}

	// All of it, in two goes.
	dir := t.TempDir()
	name := filepath.Join(dir, "all.tar")
	curl := func(args ...string) {
		ctx, cancel := context.WithTimeout(t.Context(), leechTime)
		defer cancel()
		cmd := exec.CommandContext(ctx, "curl", append([]string{"-sS", "--noproxy", "*", "-f", "-o", name, location}, args...)...)
		if out, err := cmd.CombinedOutput(); err != nil {
			t.Errorf("curl %v: %v: %s", args, err, out)
		}
	}
	curl("-r", "0-3000000")
	curl("-C", "-")
	f, err := os.Open(name)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	if stat, err := f.Stat(); err != nil || stat.Size() != length {
		t.Fatalf("%v, %v; %d bytes wanted", stat, err, length)
	}
	r := tar.NewReader(f)
	for _, file := range all {
		h, err := r.Next()
		if err != nil {
			t.Fatal(err)
		}
		if want := strings.Join(append([]string{p.Info.Name}, p.Info.Path(file)...), "/"); h.Name != want || h.Size != file.Length {
			t.Errorf("%q of %d bytes, not %q of %d", h.Name, h.Size, want, file.Length)
		}
		hash := sha256.New()
		if _, err := io.Copy(hash, r); err != nil || hex.EncodeToString(hash.Sum(nil)) != p.SHA256(file, 0, -1) {
			t.Errorf("%q: wrong bytes (%v)", h.Name, err)
		}
	}
	if _, err := r.Next(); err != io.EOF {
		t.Errorf("after the last file: %v", err)
	}
	g.frugal(t, p)
}

// TestCacheState asks for what is cached and what is not, and what it says, the
// swarm gone and btgw restarted too.
func TestCacheState(t *testing.T) {
	t.Parallel()
	p := clients.MakePayload(t, clients.Spec{Name: "film.mkv", Seed: 62, PieceLength: 256 << 10, Size: 4 << 20})
	l := clients.StartLibtorrent(t, clients.LibtorrentOptions{})
	l.Seed(p, false)
	g := start(t, options{})
	f := files(p)[0]
	const off, n = 1 << 20, 256 << 10
	part := "bytes=" + strconv.Itoa(off) + "-" + strconv.Itoa(off+n-1)
	says := func(g *btgw, what, query, want string, status int, header ...string) {
		t.Helper()
		a := g.get(g.urlOf(p, f, query), header...)
		if a.status != status || a.header.Get("Cache-Status") != want {
			t.Errorf("%s: %d, Cache-Status %q, not %d, %q: %s", what, a.status, a.header.Get("Cache-Status"), status, want, excerpt(a))
		}
		if status == http.StatusPartialContent && a.sum != p.SHA256(f, off, n) {
			t.Errorf("%s: wrong bytes", what)
		}
		if status == http.StatusGatewayTimeout && !strings.HasSuffix(a.problem(t).Type, ":not-cached") {
			t.Errorf("%s: %s", what, a.body)
		}
	}
	only := []string{"Cache-Control", "only-if-cached"}
	says(g, "before anybody asked", "", "", http.StatusGatewayTimeout, only...)
	if a := g.get(g.admin + "/api/v1/torrents/" + p.Hash.String()); a.status != http.StatusNotFound {
		t.Errorf("only-if-cached began a torrent: %d", a.status)
	}
	says(g, "cold", hints(nil, l.Addr()), "btgw; fwd=uri-miss; stored", http.StatusPartialContent, "Range", part)
	says(g, "warm", "", "btgw; hit", http.StatusPartialContent, "Range", part)
	says(g, "warm, only-if-cached", "", "btgw; hit", http.StatusPartialContent, append(only, "Range", part)...)
	says(g, "all of it, only-if-cached", "", "", http.StatusGatewayTimeout, only...)
	g.stop()

	again := start(t, options{dir: g.dir})
	says(again, "after a restart, only-if-cached", "", "btgw; hit", http.StatusPartialContent, append(only, "Range", part)...)
	says(again, "all of it after a restart, only-if-cached", "", "", http.StatusGatewayTimeout, only...)
	if st := again.status(p.Hash); st.Downloaded != 0 || st.Swarm.Connected != 0 {
		t.Errorf("%d bytes, %d peers after only-if-cached", st.Downloaded, st.Swarm.Connected)
	}
}
