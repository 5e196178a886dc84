package e2e

import (
	"context"
	"crypto/md5"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/btgw/btgw/internal/clients"
)

// TestSlowSeeder: pieces of 8 MiB from a seeder of 250 kB/s take longer than a request waits
// for its first byte, and for its next: they come in all the while, so that nothing is cut.
// ffmpeg, which ends in the middle without an error where it is, decodes all of it.
func TestSlowSeeder(t *testing.T) {
	t.Parallel()
	p := clients.MakePayload(t, clients.Spec{Name: "slow.bin", Seed: 82, PieceLength: 8 << 20, Size: 8<<20 + 6<<20})
	l := clients.StartLibtorrent(t, clients.LibtorrentOptions{UploadRate: 250_000})
	l.Seed(p, false)
	g := start(t, options{})
	f := files(p)[0]
	url := g.urlOf(p, f, hints(nil, l.Addr()))
	sound := make(chan string, 1)
	go func() { sound <- decoded(t.Context(), url) }()
	ranged := make(chan answer, 1)
	go func() { ranged <- g.get(url, "Range", "bytes=9000000-9000099") }()
	a := g.get(url)
	a.is(t, "all of it", http.StatusOK, p.SHA256(f, 0, -1), f.Length)
	r := <-ranged
	r.is(t, "a range of the second piece", http.StatusPartialContent, p.SHA256(f, 9_000_000, 100), 100)
	if got, want := <-sound, md5Of(t, p.Path(f)); got != want {
		t.Errorf("ffmpeg: %s, want %s", got, want)
	}
	if a.first < 25*time.Second {
		t.Errorf("the first byte came after %v: that is no test", a.first)
	}
}

// decoded has ffmpeg take what is at a URL for sound without a header, and tells the MD5 of
// the samples.
func decoded(ctx context.Context, url string) string {
	cmd := exec.CommandContext(ctx, "ffmpeg", "-v", "error", "-nostdin", "-f", "s16le", "-ar", "48000", "-ac", "2", "-i", url, "-c:a", "copy", "-f", "md5", "-")
	out, err := cmd.CombinedOutput()
	if err != nil {
		return fmt.Sprintf("%v: %s", err, out)
	}
	return strings.TrimPrefix(strings.TrimSpace(string(out)), "MD5=")
}

func md5Of(t *testing.T, path string) string {
	t.Helper()
	file, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	h := md5.New()
	if _, err := io.Copy(h, file); err != nil {
		t.Fatal(err)
	}
	return fmt.Sprintf("%x", h.Sum(nil))
}

// TestGetFromSlowSeeder: `btgw get` gives up when nothing has come for its time-out, and not
// while a piece comes in that takes longer.
func TestGetFromSlowSeeder(t *testing.T) {
	t.Parallel()
	p := clients.MakePayload(t, clients.Spec{Name: "slowly.bin", Seed: 83, PieceLength: 2 << 20, Size: 2<<20 + 1<<19})
	l := clients.StartLibtorrent(t, clients.LibtorrentOptions{UploadRate: 250_000})
	l.Seed(p, false)
	out := filepath.Join(t.TempDir(), "out.bin")
	cmd := exec.CommandContext(t.Context(), program, "get", "--allow-private", "--peer-listen=none", "--timeout=6s", "-o", out, p.Magnet(l.Addr()))
	cmd.Env = environment()
	if text, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, text)
	}
	if got, want := md5Of(t, out), md5Of(t, p.Path(files(p)[0])); got != want {
		t.Errorf("%s, want %s", got, want)
	}
}
