package e2e

import (
	"encoding/hex"
	"fmt"
	"io"
	"net/http"
	"strings"
	"sync"
	"syscall"
	"testing"

	"github.com/btgw/btgw/internal/clients"
)

// TestFleetDrainsUnderAPlayer: browsers keep their connections, and seek and read on by Range with If-Range. They try no
// request again that was answered by an error. Each gateway behind HAProxy is stopped in its turn while two of them
// play, one that has begun a body and one whose connection is idle. Neither sees an error, nor a wrong byte.
func TestFleetDrainsUnderAPlayer(t *testing.T) {
	t.Parallel()
	f := startFleet(t)
	f.http = &http.Client{Transport: &http.Transport{DisableCompression: true, MaxConnsPerHost: 6, DialContext: smallWindow}}
	t.Cleanup(f.http.CloseIdleConnections)
	seeder := clients.StartLibtorrent(t, clients.LibtorrentOptions{})
	film := clients.MakePayload(t, clients.Spec{Name: "film.bin", Seed: 214, PieceLength: 256 << 10, Size: 24<<20 + 1})
	seeder.Seed(film, false)
	size := film.Info.Size()
	url := f.url + strings.TrimPrefix(f.running[0].urlOf(film, files(film)[0], hints(nil, seeder.Addr())), f.running[0].url)
	sum := film.SHA256(files(film)[0], 0, -1)

	reads, seeks := f.download(url, size), f.download(url, size)
	for _, d := range []*download{reads, seeks} {
		if err := d.ask(); err != nil {
			t.Fatal(err)
		}
		if err := d.read(1 << 20); err != nil {
			t.Fatal(err)
		}
	}
	for range 3 {
		at := reads.at
		var restart sync.WaitGroup
		restart.Go(func() { f.again(at, syscall.SIGTERM) })
		for i := range 20 { // while it drains, is gone and is back
			if err := seeks.seek(int64(i) * size / 20); err != nil {
				t.Errorf("a seek while gateway %d drains: %v", at, err)
			}
		}
		restart.Wait()
		if err := reads.readOn(4 << 20); err != nil {
			t.Errorf("the film while gateway %d drains: %v", at, err)
		}
	}
	cuts, err := reads.finish()
	if got := hex.EncodeToString(reads.sum.Sum(nil)); err != nil || got != sum {
		t.Errorf("the film: %d bytes of %d, SHA-256 %s, %v", reads.got, size, got, err)
	}
	t.Logf("cut %d times at the end", cuts)
}

// seek asks for a little at a place, over a connection that was kept if there is one.
func (d *download) seek(off int64) error {
	const part = 64 << 10
	req, err := http.NewRequestWithContext(d.f.t.Context(), http.MethodGet, d.url, nil)
	if err != nil {
		return err
	}
	end := min(off+part, d.size)
	req.Header.Set("Range", fmt.Sprintf("bytes=%d-%d", off, end-1))
	req.Header.Set("If-Range", d.tag)
	a, err := d.f.http.Do(req)
	if err != nil {
		return err
	}
	defer a.Body.Close()
	n, err := io.Copy(io.Discard, a.Body)
	if err != nil || a.StatusCode != http.StatusPartialContent || n != end-off {
		return fmt.Errorf("status %d, %d bytes of %d: %w", a.StatusCode, n, end-off, err)
	}
	return nil
}

// readOn reads n bytes more, and asks for the rest where the body is cut.
func (d *download) readOn(n int64) error {
	for end := min(d.got+n, d.size); d.got < end; {
		if err := d.read(end - d.got); err == nil {
			continue
		}
		d.body.Close()
		if err := d.ask(); err != nil {
			return err
		}
	}
	return nil
}
