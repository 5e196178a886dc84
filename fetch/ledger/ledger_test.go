package ledger

import (
	"errors"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/btgw/btgw/metainfo"
	"github.com/btgw/btgw/peer"
)

func hashOf(n int) metainfo.InfoHash {
	return metainfo.NewV1([20]byte{byte(n >> 8), byte(n), 1})
}

// What is saved is there again: totals, policies, the switch; and a file that is
// damaged, or was made by hand, is no reason not to start.
func TestLedger(t *testing.T) {
	file := filepath.Join(t.TempDir(), "torrents.state")
	l, err := Open(file)
	if err != nil {
		t.Fatal(err)
	}
	rate := int64(4096)
	since := time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)
	want := Totals{Since: since, Downloaded: 1, Uploaded: 2, Served: 3, Wasted: 4, LastReader: since}
	l.Put(hashOf(1), want)
	l.Put(hashOf(2), Totals{Since: since})
	if _, err := l.SetPolicy(func(p *peer.UploadPolicy) error { p.Rate = &rate; return nil }, hashOf(1), hashOf(3)); err != nil {
		t.Fatal(err)
	}
	failed := errors.New("no")
	if _, err := l.SetPolicy(func(p *peer.UploadPolicy) error { *p.Rate = 1; return failed }, hashOf(1)); !errors.Is(err, failed) {
		t.Errorf("%v", err)
	}
	l.PutWebSeeds(hashOf(1), []string{"http://a/", "http://" + strings.Repeat("x", maxKeptURL), "http://b/1", "http://c/", "http://d/", "http://e/"})
	l.PutWebSeeds(hashOf(2), []string{"http://liar/"})
	l.PutWebSeeds(hashOf(2), nil)
	l.Stop(true, func(bool) {})
	if err := l.Save(); err != nil {
		t.Fatal(err)
	}
	l, err = Open(file)
	if err != nil {
		t.Fatal(err)
	}
	// By any of its infohashes.
	totals, policy := l.Of(hashOf(7), hashOf(1))
	if totals != want || policy.Rate == nil || *policy.Rate != rate || !l.Stopped() || l.totals.Len() != 1 {
		t.Errorf("%+v, %+v, stopped %v, %d totals", totals, policy, l.stopped, l.totals.Len())
	}
	if got, want := l.WebSeeds(hashOf(7), hashOf(1)), []string{"http://a/", "http://b/1", "http://c/", "http://d/"}; !slices.Equal(got, want) || l.seeds.Len() != 1 {
		t.Errorf("web seeds %q, of %d torrents", got, l.seeds.Len())
	}
	if text, err := l.encode(); text != nil || err != nil {
		t.Errorf("written without a change: %s, %v", text, err)
	}
	l.Forget(hashOf(1))
	if got := l.WebSeeds(hashOf(1)); got != nil {
		t.Errorf("forgotten, yet %q", got)
	}
	if totals, policy := l.Of(hashOf(1)); totals.Uploaded != 0 || !reflect.DeepEqual(policy, peer.UploadPolicy{}) {
		t.Errorf("forgotten, yet %+v, %+v", totals, policy)
	}
	for text, bad := range map[string]bool{
		"":                               true,
		"{":                              true,
		`{"totals":[{"infohash":"zz"}]}`: true,
		`{"totals":[{"infohash":"` + hashOf(1).String() + `","uploaded":-1}],"policies":{"` + hashOf(1).String() + `":{"seed_time":-1}}}`: false,
	} {
		if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		l, err := Open(file)
		if (err != nil) != bad || l.totals.Len() != 0 || len(l.policies) != 0 {
			t.Errorf("%q: %v, %d totals, %d policies", text, err, l.totals.Len(), len(l.policies))
		}
	}
}

// Strangers' torrents push each other out, never what the operator said.
func TestLedgerBounds(t *testing.T) {
	l, _ := Open("")
	yes := true
	stop := func(p *peer.UploadPolicy) error { p.Stopped = &yes; return nil }
	for n := range maxPolicies {
		if _, err := l.SetPolicy(stop, hashOf(n)); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := l.SetPolicy(stop, hashOf(maxPolicies)); !errors.Is(err, ErrFull) {
		t.Errorf("one more policy: %v", err)
	}
	if _, err := l.SetPolicy(func(p *peer.UploadPolicy) error { *p = peer.UploadPolicy{}; return nil }, hashOf(0)); err != nil {
		t.Errorf("one less: %v", err)
	}
	for n := range 2 * maxTotals {
		l.Put(hashOf(n), Totals{Uploaded: 1})
	}
	long := strings.Repeat("<", maxKeptURL) // six bytes each in JSON
	for n := range 2 * maxSeeded {
		l.PutWebSeeds(hashOf(n), []string{long, long, long, long})
	}
	if l.totals.Len() != maxTotals || len(l.policies) != maxPolicies-1 || l.seeds.Len() != maxSeeded {
		t.Errorf("%d totals, %d policies, web seeds of %d", l.totals.Len(), len(l.policies), l.seeds.Len())
	}
	l.file.Path, l.changed = filepath.Join(t.TempDir(), "full"), true
	if err := l.Save(); err != nil {
		t.Fatal(err)
	}
	if _, err := Open(l.file.Path); err != nil {
		t.Errorf("a full one is not read again: %v", err)
	}
}
