package e2e

import (
	"os/exec"
	"strings"
	"testing"
	"time"

	"github.com/btgw/btgw/internal/clients"
)

// TestCurl gets a file as users do: with the name in the
// URL, and by infohash alone.
func TestCurl(t *testing.T) {
	t.Parallel()
	p := clients.MakePayload(t, clients.Spec{Name: "a film (1999).mkv", Seed: 24, Size: 8<<20 + 1})
	l := clients.StartLibtorrent(t, clients.LibtorrentOptions{})
	l.Seed(p, false)
	g := start(t, options{})
	query := hints(nil, l.Addr())
	for name, args := range map[string][]string{
		"-OJ": {"-OJ", g.url + p.Hash.Path() + query},
		"-o":  {"-o", p.Info.Name, g.urlOf(p, files(p)[0], query)},
	} {
		t.Run(name, func(t *testing.T) {
			dir := t.TempDir()
			if status := curl(t, append([]string{"--output-dir", dir}, args...)...); status != 0 {
				t.Errorf("curl ended with %d", status)
			}
			p.CheckCopy(t, dir)
		})
	}
}

// nobodyTime is how long it may take at most, on a machine with much to do, until it is
// said that nobody is left to ask. A request has 25 s.
const nobodyTime = 20 * time.Second

// TestNobody: curl is told early that an infohash has no peers, or that the one of its
// link is gone, and at once when it asks again; and with a peer it gets the file.
func TestNobody(t *testing.T) {
	t.Parallel()
	p := clients.MakePayload(t, clients.Spec{Name: "late.bin", Seed: 25, Size: 1<<20 + 1})
	g := start(t, options{})
	dead := hints(nil, clients.Nobody(t))
	for _, ask := range []struct {
		name, query string
		most        time.Duration
	}{
		{"no peers", "", nobodyTime},
		{"again", "", nobodyTime / 4},
		{"a dead peer", dead, nobodyTime},
		{"again without it", "", nobodyTime / 4},
	} {
		out, err := exec.Command("curl", "-sS", "-m", "60", "-o", "/dev/null", "-w", "%{http_code} %header{retry-after} %{time_total}", g.urlOf(p, files(p)[0], ask.query)).Output()
		words := strings.Fields(string(out))
		if err != nil || len(words) != 3 || words[0] != "504" || words[1] != "30" {
			t.Fatalf("%s: %v: %s", ask.name, err, out)
		}
		if took, err := time.ParseDuration(words[2] + "s"); err != nil || took > ask.most {
			t.Errorf("%s: after %s s", ask.name, words[2])
		}
	}
	l := clients.StartLibtorrent(t, clients.LibtorrentOptions{})
	l.Seed(p, false)
	dir := t.TempDir()
	if status := curl(t, "--output-dir", dir, "-OJ", g.url+p.Hash.Path()+hints(nil, l.Addr())); status != 0 {
		t.Errorf("curl ended with %d", status)
	}
	p.CheckCopy(t, dir)
}
