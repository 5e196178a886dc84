package peer

import "time"

// A pace is how much of the uploads may be on its way to a peer. A request for a
// reader's block uses the same connection, and waits behind them.
type pace uint8

const (
	steady pace = iota
	slow        // blocks take long to write: one at a time
	fast        // much is sent in a few milliseconds: few writes, few waits between them
)

// batch is how many bytes of blocks go into one write, but for the last of them.
func (p pace) batch() int {
	switch p {
	case slow:
		return 1
	case fast:
		return fastBatch
	default:
		return uploadBatch
	}
}

// unsent is how many bytes the kernel takes ahead of what it has sent.
func (p pace) unsent() int {
	switch p {
	case slow:
		return slowUnsent
	case fast:
		return fastUnsent
	default:
		return maxUnsent
	}
}

// A meter finds the pace of a connection, by how long the last blocks took. It is
// not safe for concurrent use.
type meter struct {
	pace  pace
	wrote int           // bytes of blocks since slowness was looked at last
	took  time.Duration // to write them
	sum   int           // bytes since, as to fast
	since time.Time     // when the first of sum were begun
}

// measure takes in n bytes of blocks that were written from began on, and reports
// whether the pace has changed. Slow is judged by the time that writes take, of
// uploadBatch bytes or of slowWindow. Fast is judged by all time that goes by, since
// the kernel may take a little at once whatever the line is.
func (m *meter) measure(n int, began time.Time, took time.Duration) bool {
	before := m.pace
	m.wrote, m.took = m.wrote+n, m.took+took
	if m.wrote >= uploadBatch && (m.pace != slow || m.wrote >= slowWindow) {
		if m.took >= time.Duration(m.wrote/uploadBatch)*slowWrite {
			m.pace = slow
		} else if m.pace == slow {
			m.pace = steady
		}
		m.wrote, m.took = 0, 0
	}
	if m.sum == 0 {
		m.since = began
	}
	m.sum += n
	switch went := began.Add(took).Sub(m.since); {
	case went > 2*fastTime || went > fastTime && m.pace != fast:
		m.sum = 0
		if m.pace == fast {
			m.pace = steady
		}
	case m.sum >= fastWindow:
		m.sum = 0
		if m.pace == steady {
			m.pace = fast
		}
	}
	return m.pace != before
}
