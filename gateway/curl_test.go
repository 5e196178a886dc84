package gateway

import (
	"bytes"
	"context"
	"errors"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
	"time"
)

// curl runs the real one and returns its exit status.
func curl(t *testing.T, dir string, args ...string) int {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), 30*time.Second)
	defer cancel()
	cmd := exec.CommandContext(ctx, "curl", append([]string{"-sS", "--noproxy", "*"}, args...)...)
	cmd.Dir = dir
	out, err := cmd.CombinedOutput()
	var exit *exec.ExitError
	if err != nil && !errors.As(err, &exit) {
		t.Fatalf("curl: %v", err)
	}
	if len(out) > 0 {
		t.Logf("curl: %s", out)
	}
	return cmd.ProcessState.ExitCode()
}

func wantFile(t *testing.T, path string, want []byte) {
	t.Helper()
	got, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(got, want) {
		t.Errorf("%s: %d bytes that differ from the %d wanted", path, len(got), len(want))
	}
}

func TestCurl(t *testing.T) {
	g := serve(t, nil)
	hash, data := g.single(t, "C++ film.mkv", 5<<20)
	base := "http://" + g.addr + hash.Path()
	dir := t.TempDir()

	if code := curl(t, dir, "-O", base+"/C++%20film.mkv"); code != 0 {
		t.Errorf("curl -O: exit %d", code)
	}
	wantFile(t, filepath.Join(dir, "C++%20film.mkv"), data)
	if code := curl(t, dir, "-OJ", base); code != 0 {
		t.Errorf("curl -OJ by infohash: exit %d", code)
	}
	wantFile(t, filepath.Join(dir, "C++ film.mkv"), data)
	if code := curl(t, dir, "--range", "1000-1999", "-o", "part", base); code != 0 {
		t.Errorf("curl --range: exit %d", code)
	}
	wantFile(t, filepath.Join(dir, "part"), data[1000:2000])
	if code := curl(t, dir, "-0", "-o", "old", base); code != 0 {
		t.Errorf("curl -0: exit %d", code)
	}
	wantFile(t, filepath.Join(dir, "old"), data)
	if code := curl(t, dir, "--http2-prior-knowledge", "-o", "two", base); code != 0 {
		t.Errorf("curl --http2-prior-knowledge: exit %d", code)
	}
	wantFile(t, filepath.Join(dir, "two"), data)
	if code := curl(t, dir, "-L", "-o", "listing", "http://"+g.addr+"/magnet?uri="+hash.String()); code != 0 {
		t.Errorf("curl -L /magnet: exit %d", code)
	}
}

// A body cut in the middle is an error to curl, and curl -C - goes on from
// there to the same bytes.
func TestCurlResumes(t *testing.T) {
	for _, protocol := range []string{"--http1.1", "--http1.0", "--http2-prior-knowledge"} {
		t.Run(protocol, func(t *testing.T) {
			g := serve(t, nil)
			hash, data := g.single(t, "film.mkv", 5<<20)
			url := "http://" + g.addr + hash.Path() + "/film.mkv"
			dir := t.TempDir()
			setHook(g.backend, &g.backend.onOpen, func(c *fakeContent) {
				c.wait = func(_ context.Context, pos int) error {
					if pos >= 2<<20 {
						return io.ErrUnexpectedEOF
					}
					return nil
				}
			})
			want := 18 // partial file
			if protocol == "--http2-prior-knowledge" {
				want = 92 // stream error
			}
			if code := curl(t, dir, protocol, "-o", "film", url); code != want {
				t.Errorf("a cut body: exit %d", code)
			}
			// HTTP/2 throws away what was on its way when the stream was reset.
			part, err := os.ReadFile(filepath.Join(dir, "film"))
			if err != nil || !bytes.HasPrefix(data[:2<<20], part) || len(part) < 2<<20 && want == 18 {
				t.Errorf("a cut body: %d bytes, %v", len(part), err)
			}
			setHook(g.backend, &g.backend.onOpen, nil)
			if code := curl(t, dir, protocol, "-C", "-", "-o", "film", url); code != 0 {
				t.Errorf("curl -C -: exit %d", code)
			}
			wantFile(t, filepath.Join(dir, "film"), data)
			if code := curl(t, dir, protocol, "-f", "-C", "-", "-o", "film", url); code != 22 && code != 0 {
				t.Errorf("curl -C - of a whole file: exit %d", code)
			}
			wantFile(t, filepath.Join(dir, "film"), data)
			if code := curl(t, dir, protocol, "-f", url+"/nothing"); code != 22 {
				t.Errorf("curl -f of a missing file: exit %d", code)
			}
		})
	}
}

// A body that nothing takes is refused with an answer that curl gets, over HTTP/2 too: where it was
// not read to its end, 11 of 30 went without.
func TestCurlPosts(t *testing.T) {
	g := serve(t, nil)
	admin := serveAdmin(t, func(cfg *AdminConfig) { cfg.Token = "secret" })
	hash, _ := g.single(t, "film.mkv", 5000)
	file := "http://" + g.addr + hash.Path() + "/film.mkv"
	dir := t.TempDir()
	for _, size := range []int{1, 20_000, discardBytes} {
		if err := os.WriteFile(filepath.Join(dir, "body"), make([]byte, size), 0o600); err != nil {
			t.Fatal(err)
		}
		for _, row := range []struct{ method, url, status string }{
			{"POST", file, "405"}, {"GET", file, "400"}, {"POST", "http://" + admin.addr + "/api/v1/torrents", "401"}, {"POST", "http://" + admin.addr + "/livez", "401"},
		} {
			for n := range 15 {
				code := curl(t, dir, "--http2-prior-knowledge", "-X", row.method, "--data-binary", "@body", "-o", "answer", "-D", "header", row.url)
				header, err := os.ReadFile(filepath.Join(dir, "header"))
				if code != 0 || err != nil || !bytes.HasPrefix(header, []byte("HTTP/2 "+row.status)) {
					t.Fatalf("%s %s with %d bytes, after %d: exit %d, %.20q, %v", row.method, row.url, size, n, code, header, err)
				}
			}
		}
	}
}
