package object

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/btgw/btgw/metainfo"
)

// A Layout says how the pieces of a torrent lie in runs. It is a value without state.
type Layout struct {
	info *metainfo.Info
	each int // pieces of all runs but the last
}

// NewLayout returns the layout of a torrent.
func NewLayout(info *metainfo.Info) Layout {
	return Layout{info: info, each: max(1, int(runBytes/info.PieceLength))}
}

// Runs is the number of runs.
func (l Layout) Runs() int { return (l.info.NumPieces() + l.each - 1) / l.each }

// RunOf returns the run that has a piece.
func (l Layout) RunOf(piece int) int { return piece / l.each }

// Pieces returns the first piece of a run and the last one.
func (l Layout) Pieces(run int) (first, last int) {
	first = run * l.each
	return first, min(first+l.each, l.info.NumPieces()) - 1
}

// Size is the length of a run's object in bytes.
func (l Layout) Size(run int) (n int64) {
	first, last := l.Pieces(run)
	return l.Offset(last) + int64(l.info.PieceSize(last)) - l.Offset(first)
}

// Offset returns the place in its run's object at which a piece begins. Pieces lie there one behind the other,
// also where the last piece of a file of a v2 torrent is short.
func (l Layout) Offset(piece int) (off int64) {
	for i, _ := l.Pieces(l.RunOf(piece)); i < piece; i++ {
		off += int64(l.info.PieceSize(i))
	}
	return off
}

// name is what a run's object is called within its torrent.
func (l Layout) name(run int) string {
	first, last := l.Pieces(run)
	return fmt.Sprintf("%07d-%d", first, last-first+1)
}

// run returns the run of that name and length; false where there is none.
func (l Layout) run(name string, size int64) (run int, ok bool) {
	digits, _, _ := strings.Cut(name, "-")
	first, err := strconv.Atoi(digits)
	if err != nil || first < 0 || first >= l.info.NumPieces() {
		return 0, false
	}
	run = l.RunOf(first)
	return run, l.name(run) == name && l.Size(run) == size
}
