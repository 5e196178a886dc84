package e2e

import (
	"net/http"
	"slices"
	"testing"
	"time"

	"github.com/btgw/btgw/internal/clients"
)

const (
	// liarRuns is how often each of the two is measured, in turn.
	liarRuns = 5
	// liarSlack is what the first byte may take more, where twice is less: on a
	// machine whose processors have ten times their work it was 310 ms. Exact is
	// the same in virtual time (fetch).
	liarSlack = 3 * time.Second
)

// TestLiar: of four seeders one sends wrong bytes in every block. Nobody sees
// one, the first byte comes in at most twice the time of four honest seeders,
// and the liar is banned, nobody else.
//
// It runs alone, since it measures.
func TestLiar(t *testing.T) {
	p := clients.MakePayload(t, clients.Spec{Name: "true.bin", Seed: 81, PieceLength: 1 << 20, Size: 12<<20 + 5})
	bad := p.Corrupt(t)
	seed := func(p *clients.Payload, unchecked bool) string {
		// They do not dial: on loopback, where bans are by port and peer id, one that
		// was banned would come back as another.
		l := clients.StartLibtorrent(t, clients.LibtorrentOptions{Settings: map[string]any{
			"enable_outgoing_tcp": false, "enable_outgoing_utp": false,
		}})
		l.Seed(p, unchecked)
		return l.Addr()
	}
	honest := []string{seed(p, false), seed(p, false), seed(p, false)}
	fourth, liar := seed(p, false), seed(bad, true)

	run := func(peers []string, banned int) time.Duration {
		g := start(t, options{})
		defer g.stop()
		a := g.get(g.urlOf(p, files(p)[0], hints(nil, peers...)))
		a.is(t, "the body", http.StatusOK, p.SHA256(files(p)[0], 0, -1), 12<<20+5)
		if st := g.status(p.Hash); st.Swarm.Banned != banned || st.HashFailures > 0 && banned == 0 {
			t.Errorf("%d bans, want %d; %d pieces failed", st.Swarm.Banned, banned, st.HashFailures)
		}
		return a.first
	}
	var clean, lied []time.Duration
	for range liarRuns {
		clean = append(clean, run(append(slices.Clone(honest), fourth), 0))
		lied = append(lied, run(append(slices.Clone(honest), liar), 1))
	}
	was, is := median(clean), median(lied)
	t.Logf("first byte with four honest seeders %v, with a liar among them %v (of %v and %v)", was, is, clean, lied)
	if is > max(2*was, was+liarSlack) {
		t.Errorf("first byte after %v, with four honest seeders after %v", is, was)
	}
}

func median(d []time.Duration) time.Duration {
	d = slices.Clone(d)
	slices.Sort(d)
	return d[len(d)/2]
}

// TestOnlyLiars: peers that send nothing but wrong bytes are a 502 once they are banned,
// and none of their bytes is served.
func TestOnlyLiars(t *testing.T) {
	t.Parallel()
	p := clients.MakePayload(t, clients.Spec{Name: "false.bin", Seed: 82, PieceLength: 64 << 10, Size: 4 << 20})
	l := clients.StartLibtorrent(t, clients.LibtorrentOptions{Settings: map[string]any{
		"enable_outgoing_tcp": false, "enable_outgoing_utp": false, // it would come back as another
	}})
	l.Seed(p.Corrupt(t), true)
	g := start(t, options{})
	begun := time.Now()
	a := g.get(g.urlOf(p, files(p)[0], hints(nil, l.Addr())))
	took := time.Since(begun)
	t.Logf("after %v", took)
	if took > nobodyTime {
		t.Errorf("after %v", took)
	}
	if a.status != http.StatusBadGateway {
		t.Fatalf("status %d, error %v: %s", a.status, a.err, a.body)
	}
	if doc := a.problem(t); doc.Tried["hash_failures"] == 0 {
		t.Errorf("the body says %s", a.body)
	}
}
