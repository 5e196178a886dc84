package lab

import "time"

// TitForTat is 50 gateways that fetch a file from one origin and each other, of
// which the first uploads nothing. In the quick one there are 16.
func TitForTat(seed uint64, quick bool) Spread {
	nodes, size, during := 50, int64(24*miB), int64(180)
	if quick {
		nodes, size, during = 16, 12*miB, 120
	}
	d := newDraw(seed)
	s := Spread{
		Name: "tit-for-tat", Seed: seed, Size: size, PieceLength: 64 * kiB, Segment: 16 * kiB, Slots: 4, Patience: time.Hour,
		Origin: Node{Up: 300 * kB, Down: mB, RTT: d.between(5*time.Millisecond, 30*time.Millisecond)},
	}
	up := size / during
	s.Origin.Up = 3 * up
	for i := range nodes {
		s.Nodes = append(s.Nodes, Node{Up: up, Down: 8 * up, RTT: d.between(5*time.Millisecond, 30*time.Millisecond), Rides: i == 0})
	}
	return s
}

// SuperSeed is 50 gateways that fetch a file from an origin which super-seeds, and
// each other. In the quick one there are 20.
func SuperSeed(seed uint64, quick bool) Spread {
	nodes, size := 50, int64(16*miB)
	if quick {
		nodes, size = 20, 6*miB
	}
	d := newDraw(seed)
	up := size / 120
	s := Spread{
		Name: "super-seed", Seed: seed, Size: size, PieceLength: 64 * kiB, Segment: 16 * kiB, Slots: 4, Patience: time.Hour,
		Origin: Node{Up: 2 * up, Down: 8 * up, RTT: d.between(5*time.Millisecond, 30*time.Millisecond)}, Super: true,
	}
	for range nodes {
		s.Nodes = append(s.Nodes, Node{Up: up, Down: 8 * up, RTT: d.between(5*time.Millisecond, 30*time.Millisecond)})
	}
	return s
}
