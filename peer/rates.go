package peer

// rates are the payload bytes of a connection by choking round, the latest
// first.
type rates struct {
	downs, ups   [rateRounds]int64 // bytes in the round
	lastD, lastU int64             // totals at the end of the last round
}

// round ends a round with the totals so far.
func (r *rates) round(downloaded, uploaded int64) {
	copy(r.downs[1:], r.downs[:])
	copy(r.ups[1:], r.ups[:])
	r.downs[0], r.ups[0] = downloaded-r.lastD, uploaded-r.lastU
	r.lastD, r.lastU = downloaded, uploaded
}

// down is what came in the last n rounds, in bytes.
func (r *rates) down(n int) int64 { return sum(r.downs[:n]) }

// up is what went in the last n rounds, in bytes.
func (r *rates) up(n int) int64 { return sum(r.ups[:n]) }

func sum(v []int64) (t int64) {
	for _, x := range v {
		t += x
	}
	return t
}
