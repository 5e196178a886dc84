package e2e

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/btgw/btgw/internal/clients"
)

// TestSiblings has three gateways of a fleet. What one of them reads comes to it through the
// fleet, and the others have it when the swarm is gone. One whose secret changes is no sibling any
// more.
func TestSiblings(t *testing.T) {
	t.Parallel()
	var secret string // of the gateway that was started last
	says := func(text string) {
		if err := os.WriteFile(secret, []byte(text+"\n"), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	list := "127.0.0.1:1" // nobody is there
	var fleet []*btgw
	for range 3 {
		secret = filepath.Join(t.TempDir(), "secret")
		says("what the three of them know")
		g := start(t, options{args: []string{"--siblings=" + list, "--sibling-secret-file=" + secret}})
		list += "," + g.peer
		fleet = append(fleet, g)
	}
	stranger := start(t, options{})
	for i, g := range fleet {
		await(t, fmt.Sprintf("gateway %d has two siblings", i), func() bool {
			return strings.HasSuffix(metric(g, "btgw_fleet_siblings"), " 2")
		})
	}
	p := clients.MakePayload(t, clients.Spec{Name: "shared.bin", Seed: 211, PieceLength: 256 << 10, Size: 12<<20 + 345})
	l := clients.StartLibtorrent(t, clients.LibtorrentOptions{})
	l.Seed(p, false)
	fleet[0].wants(t, p, hints(nil, l.Addr()))
	l.Kill()
	for _, g := range fleet[1:] {
		g.wants(t, p, "")
		if st := g.status(p.Hash).Swarm; st.FromSiblings+st.ToSiblings == 0 {
			t.Errorf("%+v", st)
		}
	}
	if n := metric(stranger, "btgw_fleet_siblings"); !strings.HasSuffix(n, " 0") {
		t.Errorf("a gateway without a fleet: %q", n)
	}
	says("what the last one alone knows")
	for i, left := range []string{" 1", " 1", " 0"} {
		await(t, fmt.Sprintf("gateway %d has%s siblings", i, left), func() bool {
			return strings.HasSuffix(metric(fleet[i], "btgw_fleet_siblings"), left)
		})
	}
}

// metric is the line of a metric that has one.
func metric(g *btgw, name string) string {
	for line := range strings.Lines(string(g.get(g.admin + "/metrics").body)) {
		if strings.HasPrefix(line, name) {
			return strings.TrimSpace(line)
		}
	}
	return ""
}
