package peer

import (
	"testing"
	"time"
)

// stream has a meter measure n bytes that a line of rate bytes/s takes: at once as
// long as no more than unsent are ahead. It returns the pace and how long it took.
func stream(m *meter, now time.Time, n, rate int) (pace, time.Time) {
	sent := now // when all that was written so far is sent
	for n > 0 {
		k := min(n, max(m.pace.batch(), 16<<10))
		if sent.Before(now) {
			sent = now
		}
		sent = sent.Add(time.Duration(float64(k) / float64(rate) * float64(time.Second)))
		took := max(sent.Sub(now)-time.Duration(float64(m.pace.unsent())/float64(rate)*float64(time.Second)), 10*time.Microsecond)
		m.measure(k, now, took)
		now = now.Add(took)
		n -= k
	}
	return m.pace, now
}

// The pace follows the line, up and down.
func TestPaceFollowsTheLine(t *testing.T) {
	var m meter
	now := time.Unix(1e9, 0)
	for _, step := range []struct {
		n, rate int
		want    pace
	}{
		{16 << 10, 1 << 30, steady}, // nothing is known
		{1 << 20, 1 << 30, steady},
		{8 << 20, 1 << 30, fast},
		{8 << 20, 50 << 20, steady},
		{1 << 20, 1 << 20, slow},
		{8 << 20, 50 << 20, steady},
		{8 << 20, 110 << 20, steady}, // a gigabit
		{8 << 20, 400 << 20, fast},
		{fastUnsent + 2*fastBatch, 1 << 20, slow}, // soon
	} {
		var got pace
		if got, now = stream(&m, now, step.n, step.rate); got != step.want {
			t.Errorf("%d bytes at %d bytes/s: pace %d, want %d", step.n, step.rate, got, step.want)
		}
	}
}

// What the kernel takes at once is not taken for a fast line: a peer that asks for a
// few blocks from time to time has each of them in an empty buffer.
func TestPaceOfALittleFromTimeToTime(t *testing.T) {
	var m meter
	now := time.Unix(1e9, 0)
	for range 1000 {
		m.measure(maxUnsent, now, 10*time.Microsecond)
		now = now.Add(20 * time.Millisecond)
		if m.pace != steady {
			t.Fatalf("pace %d", m.pace)
		}
	}
}
