package main

import "testing"

func TestOpenings(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name             string
		s                engineSettings
		port             int
		peers, announces string
	}{
		{"as it comes", engineSettings{peerListen: ":22069", mapPort: true, dht: true, lsd: true}, 22069,
			"TCP and UDP port 22069, which the router is asked to forward", "each torrent that is read, to its trackers, the DHT; a private one to its trackers alone"},
		{"everything off", engineSettings{}, 0,
			"no port: btgw dials peers, and takes no connections", "each torrent that is read, to its trackers"},
		{"local network", engineSettings{peerListen: ":1", dht: true, lsd: true, allowPrivate: true}, 1,
			"TCP and UDP port 1", "each torrent that is read, to its trackers, the DHT, the local network; a private one to its trackers alone"},
		{"loopback", engineSettings{peerListen: "127.0.0.1:1", mapPort: true}, 1,
			"TCP and UDP port 1, for this machine alone", "each torrent that is read, to its trackers"},
	} {
		if got := c.s.peerPort(c.port); got != c.peers {
			t.Errorf("%s: peers: %q, want %q", c.name, got, c.peers)
		}
		if got := c.s.announces(); got != c.announces {
			t.Errorf("%s: announces: %q, want %q", c.name, got, c.announces)
		}
	}
}

// TestServeSaysWhatIsOpen reads what a started btgw prints.
func TestServeSaysWhatIsOpen(t *testing.T) {
	t.Parallel()
	g := serveOn(t, t.TempDir(), "--no-dht")
	for _, want := range []string{
		"  open      " + g.url + "/ in a browser, and paste a magnet link",
		"  content   " + g.url[len("http://"):] + ", for this machine alone",
		"  admin     " + g.admin[len("http://"):] + ", for this machine alone",
	} {
		if got := g.line(); got != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
}
