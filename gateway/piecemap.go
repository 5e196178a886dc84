package gateway

import (
	"github.com/btgw/btgw/fetch"
	"github.com/btgw/btgw/metainfo"
)

// A mapper makes a picture of what is here of files that lie one behind the other: mapCells parts of
// equal length. Of a part with many files the first mapFiles are looked at.
type mapper struct {
	size   int64 // bytes of all files
	cached func(f *metainfo.File, off, n int64) fetch.Held

	at    int64 // bytes of the files before
	cells [mapCells]struct {
		looked    int
		some, all bool
	}
}

// file adds the next one.
func (m *mapper) file(f *metainfo.File) {
	if f == nil || f.Pad || f.Length == 0 || m.size <= 0 {
		return
	}
	begin, end := m.at, m.at+f.Length
	m.at = end
	for cell := m.cellOf(begin); cell <= m.cellOf(end-1); cell++ {
		from, to := max(begin, m.start(cell)), min(end, m.start(cell+1))
		c := &m.cells[cell]
		if from >= to || c.looked == mapFiles {
			continue
		}
		held := m.cached(f, from-begin, to-from)
		c.all = held.All && (c.all || c.looked == 0)
		c.some = c.some || held.Any || held.All
		c.looked++
	}
}

// cellOf is the part that a byte is in, and start the first byte of a part.
func (m *mapper) cellOf(at int64) int {
	cell := min(int(float64(at)/float64(m.size)*mapCells), mapCells-1)
	for cell > 0 && m.start(cell) > at {
		cell--
	}
	for cell < mapCells-1 && m.start(cell+1) <= at {
		cell++
	}
	return cell
}

func (m *mapper) start(cell int) int64 {
	return m.size/mapCells*int64(cell) + m.size%mapCells*int64(cell)/mapCells
}

// String is the picture, a digit a part: 0 nothing, 1 some, 2 all.
func (m *mapper) String() string {
	var out [mapCells]byte
	for i := mapCells - 1; i >= 0; i-- {
		c := &m.cells[i]
		switch {
		case i < mapCells-1 && m.start(i) == m.start(i+1): // there are fewer bytes than parts
			out[i] = out[i+1]
		case c.all:
			out[i] = '2'
		case c.some:
			out[i] = '1'
		default:
			out[i] = '0'
		}
	}
	return string(out[:])
}
