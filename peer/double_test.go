package peer

import (
	"context"
	"io"
	"testing"
	"time"

	"github.com/btgw/btgw/internal/simnet"
	"github.com/btgw/btgw/peer/wire"
)

// A second connection of a peer is told who we are before it is closed: one that
// is closed without a word is taken for a peer that wants encryption.
func TestSecondConnectionLearnsWhomItReached(t *testing.T) {
	tor, data := content(t, 1<<20, 256<<10)
	inWorld(t, 10*time.Millisecond, HostConfig{}, func(w *world) {
		swarm(t, w.host, tor, seed(tor.Info, data))
		there := w.net.Host(simnet.HostConfig{})
		for n := range 2 {
			nc, err := there.DialContext(context.Background(), "tcp", w.here.AddrPort(ourPort).String())
			if err != nil {
				t.Fatal(err)
			}
			defer nc.Close()
			hello := wire.NewHandshake(tor.Info.ID().Wire(), [20]byte{'-', 'X', 'X', 1})
			if _, err := nc.Write(wire.AppendHandshake(nil, hello)); err != nil {
				t.Fatal(err)
			}
			_, answer, err := readHandshake(nc, make([]byte, wire.HandshakeLen), time.Now().Add(time.Minute))
			if err != nil || answer.PeerID != w.host.cfg.PeerID {
				t.Fatalf("connection %d: %v", n, err)
			}
			if n == 1 {
				if rest, err := io.ReadAll(nc); len(rest) != 0 || err != nil {
					t.Errorf("%d bytes and %v after the handshake of a second connection", len(rest), err)
				}
			}
		}
	})
}
