package fetch

import (
	"errors"
	"time"
)

// A progress is the measure of one wait: how far what it is for had come at its start.
type progress struct {
	t     *Torrent
	piece int
	begun time.Time
	had   int64
	all   int64 // of the torrent
}

// measure begins to measure the wait for a piece, or for the metadata while that is not
// known.
func (t *Torrent) measure(piece int) progress {
	have, _ := t.come(piece)
	p := progress{t: t, piece: piece, begun: time.Now(), had: have}
	p.all = t.received()
	return p
}

// with adds to an error of the wait how far the piece came. If nothing of it came, it
// adds how far the pieces came that are taken in its place, or the pieces that other
// readers wait for longer.
func (p *progress) with(err error) error {
	var e *UnavailableError
	if !errors.As(err, &e) {
		return err
	}
	have, size := p.t.come(p.piece)
	e.Progress = Progress{Have: have, Size: size, Gained: have - p.had, Wait: time.Since(p.begun)}
	if instead := p.t.comeInstead(); e.Progress.Gained == 0 && instead.Gained > 0 {
		e.Progress = instead
	}
	behind := e.Progress
	behind.Ahead, behind.Gained = p.t.ahead(p.piece), p.t.received()-p.all
	if e.Holders > 0 && behind.Ahead > 0 && behind.sooner(&e.Progress) {
		e.Progress = behind
	}
	return err
}

// sooner reports whether by p the rest is there before it is by q.
func (p *Progress) sooner(q *Progress) bool {
	mine, comes := p.Rest()
	theirs, come := q.Rest()
	return comes && (!come || mine < theirs)
}

// received is how many bytes of content have come from peers.
func (t *Torrent) received() int64 {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.core == nil {
		return 0
	}
	return t.core.Stats.Received
}

// ahead is how many bytes are still to come of pieces that other readers have waited for
// longer than anyone for this one.
func (t *Torrent) ahead(piece int) int64 {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.core == nil {
		return 0
	}
	return t.core.Ahead(piece)
}

// comeInstead is how far the torrent has come since pieces are taken because nobody has
// what is wanted; nothing if they are not.
func (t *Torrent) comeInstead() Progress {
	t.mu.Lock()
	defer t.mu.Unlock()
	c := t.core
	if c == nil || !c.Feeding() {
		return Progress{}
	}
	have, gained, took := c.Fed(t.now())
	return Progress{Torrent: true, Have: have, Size: int64(c.Info.NumPieces()) * c.Info.PieceLength, Gained: gained, Wait: took}
}

// come is how many bytes of a piece, or of the metadata while that is not known, have
// come, and how many there are.
func (t *Torrent) come(piece int) (have, size int64) {
	t.mu.Lock()
	c := t.core
	if c == nil {
		t.mu.Unlock()
		return t.swarm.MetadataProgress()
	}
	defer t.mu.Unlock()
	size = int64(c.Info.PieceSize(piece))
	if f := c.Flights[piece]; f != nil {
		return f.Came(), size
	}
	if c.Have.Has(piece) {
		return size, size
	}
	return 0, size
}
