package main

import (
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"

	"github.com/btgw/btgw/internal/clients"
)

// randomText is n bytes that nothing else has.
func randomText(seed byte, n int) string {
	b := make([]byte, n)
	_, _ = rand.NewChaCha8([32]byte{seed}).Read(b)
	return string(b)
}

// payload is how many bytes of content a btgw has had from its swarms, by the metrics of its admin listener.
func payload(t *testing.T, admin string) int64 {
	t.Helper()
	_, body := get(t, admin+"/metrics")
	for line := range strings.SplitSeq(string(body), "\n") {
		if rest, ok := strings.CutPrefix(line, `btgw_fetch_payload_bytes_total{btgw_direction="received"} `); ok {
			n, err := strconv.ParseFloat(rest, 64)
			if err != nil {
				t.Fatal(err)
			}
			return int64(n)
		}
	}
	t.Fatalf("no count of bytes:\n%s", body)
	return 0
}

// TestUpdateFetchesWhatChanged publishes 20 files under a name and changes one. Who read all of the old ones fetches that one
// file and nothing else, also after a restart.
func TestUpdateFetchesWhatChanged(t *testing.T) {
	t.Parallel()
	const files, size = 20, 100 << 10
	nodes := clients.StartDHT(t, 10)
	tree := make(map[string]string)
	for i := range files {
		tree[fmt.Sprintf("f%02d", i)] = randomText(byte(i), size+i)
	}
	root := writeTree(t, tree)
	p := start(t, append([]string{"publish", "--no-qr", "--name=n", root}, inDHT(nodes, t.TempDir())...)...)
	link := p.awaitLine("  name    ")
	link = link[strings.Index(link, "/btpk/"):]
	cacheDir := t.TempDir()
	var reader *process
	var url, admin string
	startReader := func() {
		t.Helper()
		reader = start(t, append([]string{"serve"}, append(inDHT(nodes, cacheDir), "--admin-listen=127.0.0.1:0")...)...)
		if _, err := fmt.Sscanf(reader.line(), "btgw serves %s (admin %s", &url, &admin); err != nil {
			t.Fatal(err)
		}
		url, _, _ = strings.Cut(url, "/btih/")
		admin = strings.TrimSuffix(admin, ",")
	}
	readAll := func() {
		t.Helper()
		for name, content := range tree {
			until(t, name+" is what it is now", func() bool {
				status, _, body := reread(t, url+link+"content/"+name)
				return status == 200 && body == content
			})
		}
	}
	change := func(name string, seed byte) {
		t.Helper()
		tree[name] = randomText(seed, size)
		if err := os.WriteFile(filepath.Join(root, name), []byte(tree[name]), 0o644); err != nil {
			t.Fatal(err)
		}
		p.awaitLine("  name    ")
	}
	startReader()
	readAll()
	if n := payload(t, admin); n < files*size {
		t.Fatalf("%d bytes from the swarm: the test measures nothing", n)
	}
	before := payload(t, admin)
	change("f07", 100)
	readAll()
	wants := func(what string, fetched int64) {
		t.Helper()
		t.Logf("%s: %d bytes fetched of %d", what, fetched, files*size)
		if fetched < size || fetched > size+64<<10 { // the piece has the end of no other file
			t.Errorf("%s: %d bytes were fetched for a change of %d", what, fetched, size)
		}
	}
	wants("by the same process", payload(t, admin)-before)

	reader.signal(syscall.SIGTERM)
	if status := reader.status(); status != exitOK {
		t.Fatalf("status %d\n%s", status, reader.stderr.String())
	}
	change("f08", 101)
	startReader()
	readAll()
	wants("by the next one", payload(t, admin))
}
