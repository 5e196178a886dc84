package clients

import "testing"

// TestOpentracker: two libtorrents find each other, over HTTP and UDP, of torrents
// that the tracker was told of before and after its start.
func TestOpentracker(t *testing.T) {
	t.Parallel()
	spec := Spec{Size: 100_000, Seed: 31}
	known := MakePayload(t, spec)
	tracker := StartOpentracker(t, known.Hash)
	over := func(url string, seed uint64) *Payload {
		spec.Trackers, spec.Seed = []string{url}, seed
		return MakePayload(t, spec)
	}
	http, udp := over(tracker.HTTP(), 31), over(tracker.UDP(), 32)
	if http.Hash != known.Hash {
		t.Fatal("a tracker changed the infohash")
	}
	tracker.Allow(udp.Hash)
	for _, p := range []*Payload{http, udp} {
		seed, leech := StartLibtorrent(t, LibtorrentOptions{}), StartLibtorrent(t, LibtorrentOptions{})
		seed.Seed(p, true)
		leech.DownloadMagnet(p.Magnet(), t.TempDir())
		leech.WaitFinished(within(t))
	}
	tracker.Kill()
}
