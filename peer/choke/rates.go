package choke

// Rates are the payload bytes of a connection by choking round, the latest
// first.
type Rates struct {
	downs, ups   [RateRounds]int64 // bytes in the round
	lastD, lastU int64             // totals at the end of the last round
}

// Round ends a round with the totals so far.
func (r *Rates) Round(downloaded, uploaded int64) {
	copy(r.downs[1:], r.downs[:])
	copy(r.ups[1:], r.ups[:])
	r.downs[0], r.ups[0] = downloaded-r.lastD, uploaded-r.lastU
	r.lastD, r.lastU = downloaded, uploaded
}

// Down is what came in the last n rounds, in bytes.
func (r *Rates) Down(n int) int64 { return sum(r.downs[:n]) }

// Up is what went in the last n rounds, in bytes.
func (r *Rates) Up(n int) int64 { return sum(r.ups[:n]) }

func sum(v []int64) (t int64) {
	for _, x := range v {
		t += x
	}
	return t
}
