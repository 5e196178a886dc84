package fetch

import (
	"context"
	"errors"
)

// unavailable says what a reader waited for in vain.
func (t *Torrent) unavailable(ctx context.Context, piece int) error {
	if !errors.Is(ctx.Err(), context.DeadlineExceeded) {
		return ctx.Err()
	}
	t.mu.Lock()
	hopeless := t.core != nil && t.blind(piece) && t.plan.Hopeless(t.core)
	t.mu.Unlock()
	if hopeless {
		return ErrNoLayers
	}
	return t.vain(piece, false)
}

// vain is what was tried for a piece that did not come, and how far that got.
func (t *Torrent) vain(piece int, noSources bool) *UnavailableError {
	e := &UnavailableError{Stage: StageMetadata, Status: t.Status(), NoSources: noSources}
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.core == nil {
		return e
	}
	e.Stage = StagePeers
	for _, l := range t.core.Links {
		if !l.Has.Has(piece) {
			continue
		}
		e.Holders++
		if l.Open() {
			e.Stage = StagePiece
		}
	}
	if e.Holders > 0 && t.blind(piece) {
		e.Stage = StageHashes
	}
	e.Exhausted = e.Holders == 0 && t.core.Exhausted()
	t.log.Debug("waited in vain", "piece", piece, "state", t.core.Describe(t.now()))
	e.Bad = t.liedTo()
	return e
}
