package lab

import "time"

// Pauses is a swarm of ten peers, most of which pause out of habit. Four do so
// honestly, with libtorrent's upload limit, and three to harm. The first of these three
// falls silent for good after a while, for all readers. The second does so for one
// reader or the other. The third answers in bursts as far apart as a habit may be. Of
// 14 readers four come first and ten at one time, and each seeks once. So more readers
// wait than there are peers.
func Pauses(seed uint64, quick bool) Scenario {
	d := newDraw(seed)
	size, turn := int64(96*miB), 12*time.Second
	if quick {
		size, turn = 24*miB, 4*time.Second
	}
	peers := d.homes(3, 2*mB)
	for _, p := range d.homes(4, 0) {
		p.UploadLimit = 350*kB + d.Int64N(900*kB)
		p.Up = p.UploadLimit * (3 + d.Int64N(3))
		peers = append(peers, p)
	}
	peers = append(peers, d.dawdlers(3, turn)...)
	s := single("pauses", seed, size, 256*kiB, peers)
	for i := range 14 {
		r := Reader{At: d.between(0, turn/2), Pace: 250 * kB, Ranges: []Range{d.place(size, turn), d.place(size, turn)}}
		if i >= 4 {
			r.At = turn + d.between(0, 500*time.Millisecond)
		}
		s.Readers = append(s.Readers, r)
	}
	return s
}

// dawdlers draws peers that pause for as long as still counts as a habit. The last goes
// on like that. The others fall silent at a time at which they have something to send.
func (d draw) dawdlers(n int, turn time.Duration) []Peer {
	peers := d.homes(n, 3*mB)
	for i := range peers {
		p := &peers[i]
		p.StallFor = d.between(time.Second, 1400*time.Millisecond)
		p.StallEvery = p.StallFor + d.between(100*time.Millisecond, 700*time.Millisecond)
		p.StallFirst = d.between(0, p.StallEvery)
		if i < n-1 {
			p.StallTimes = 1 + int((turn/2+d.between(0, 2*turn))/p.StallEvery)
		}
	}
	return peers
}
