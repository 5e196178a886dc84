package e2e

import (
	"testing"

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
