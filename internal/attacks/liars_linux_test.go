package attacks

import (
	"bufio"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"testing"

	"github.com/btgw/btgw/gateway"
	"github.com/btgw/btgw/internal/clients"
	"github.com/btgw/btgw/metainfo"
	"github.com/btgw/btgw/peer/wire"
)

const (
	liars = 19
	// maxFailures is how many pieces a liar may spoil, and maxVain how much may be
	// fetched in vain because of them all, in multiples of the file.
	maxFailures = 4
	maxVain     = 8
)

// TestLiars: of twenty peers nineteen send zeros. The bytes are right, and few
// pieces have to fail until the liars are known.
func TestLiars(t *testing.T) {
	listenZeros(t)
	for i, c := range []struct {
		name  string
		piece int64
		rate  int // of the honest peer
	}{
		{"pieces of 16 KiB", 16 << 10, 0},
		{"pieces of 64 KiB", 64 << 10, 0},
		{"pieces of 256 KiB", 256 << 10, 0},
		{"pieces of 1 MiB", 1 << 20, 0},
		{"an honest peer of 2 MB/s", 256 << 10, 2 << 20},
	} {
		t.Run(c.name, func(t *testing.T) {
			addr := seederAddr(900 + i)
			p := clients.MakePayload(t, clients.Spec{Name: "true.bin", Seed: 3000 + uint64(i), Size: 4 << 20, PieceLength: c.piece})
			addAddr(t, addr)
			honest := net.JoinHostPort(addr, "6881")
			l := clients.StartLibtorrent(t, clients.LibtorrentOptions{UploadRate: c.rate, Settings: map[string]any{
				"listen_interfaces": honest, "enable_outgoing_tcp": false,
			}})
			l.Seed(p, true)
			st := readAmongLiars(t, p, honest)
			vain := float64(st.Wasted) / float64(p.Info.Files[0].Length)
			t.Logf("%d hash failures, %.1f times the file in vain, %d bans", st.HashFailures, vain, st.Swarm.Banned)
			if st.HashFailures > maxFailures*liars || vain > maxVain {
				t.Errorf("at most %d failures a liar and %d times the file are good", maxFailures, maxVain)
			}
		})
	}
}

// readAmongLiars gets the file of a payload, and says what came of it.
func readAmongLiars(t *testing.T, p *clients.Payload, honest string) (st gateway.TorrentStatus) {
	t.Helper()
	g := startBtgw(t, 64, 0)
	path := p.Hash.Path() + "/" + p.Info.Name + "?x.pe=" + url.QueryEscape(honest)
	for i := range liars {
		path += "&x.pe=" + url.QueryEscape(fmt.Sprintf("%s:%d", hostileAddr(i), liarPort))
	}
	resp, err := clientFrom(honestAddr).Get(contentURL + path)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	if sum := sumOf(t, resp.Body); resp.StatusCode != http.StatusOK || sum != p.SHA256(&p.Info.Files[0], 0, -1) {
		t.Fatalf("status %d, SHA-256 %s", resp.StatusCode, sum)
	}
	g.json("/api/v1/torrents/"+p.Hash.String(), &st)
	return st
}

// listenZeros has every address send zeros for whatever it is asked.
func listenZeros(t *testing.T) {
	t.Helper()
	listen(t, fmt.Sprintf(":%d", liarPort), func(c net.Conn) { _ = sendZeros(c) })
}

// sendZeros is one connection.
func sendZeros(c net.Conn) error {
	_, r, err := greet(c, 0)
	if err != nil {
		return err
	}
	w := bufio.NewWriter(c)
	_, _ = w.Write(wire.AppendSimple(wire.AppendSimple(nil, wire.HaveAll), wire.Unchoke))
	zeros := make([]byte, metainfo.BlockLen)
	for {
		if r.Buffered() == 0 {
			if err := w.Flush(); err != nil {
				return err
			}
		}
		id, payload, err := message(r)
		if err != nil {
			return err
		}
		if id != wire.Request {
			continue
		}
		b := wire.ParseBlock(payload)
		if b.Length > metainfo.BlockLen {
			return fmt.Errorf("asked for %d bytes", b.Length)
		}
		_, _ = w.Write(wire.AppendPieceHeader(nil, b))
		_, _ = w.Write(zeros[:b.Length])
	}
}

// sumOf gives the SHA-256 of what is read.
func sumOf(t *testing.T, r io.Reader) string {
	t.Helper()
	h := sha256.New()
	if _, err := io.Copy(h, r); err != nil {
		t.Error(err)
	}
	return hex.EncodeToString(h.Sum(nil))
}
