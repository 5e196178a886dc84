package fetch

import (
	"context"
	"errors"

	"github.com/btgw/btgw/metainfo"
)

// Info returns a torrent's metadata. Metadata that is not cached is looked for in the
// swarm, until ctx ends. The error is *UnavailableError when ctx's deadline passes, or,
// for a request that is to fail fast (Hints), when there is nothing to wait for. Refused metadata
// gives *metainfo.InvalidError. Metadata that is here needs no swarm, and Info begins
// none for it.
func (s *Session) Info(ctx context.Context, ih metainfo.InfoHash, h Hints) (*metainfo.Info, error) {
	for {
		info, err := s.infoOf(ctx, ih, h)
		if !errors.Is(err, errJoined) {
			return info, err
		}
	}
}

// infoOf is Info. errJoined: the metadata has come by the other infohash.
func (s *Session) infoOf(ctx context.Context, ih metainfo.InfoHash, h Hints) (*metainfo.Info, error) {
	held, err := s.holding(ctx, ih, asker{client: h.Client})
	if err == nil {
		defer held.release()
		if t := held.owner.Load(); t != nil && t.waiting.Load() > 0 {
			t.hint(h) // somebody may wait for just that
		}
		return held.info, nil
	}
	if !unknown(err) {
		return nil, err
	}
	t, err := s.torrent(ctx, ih, h)
	if err != nil {
		return nil, err
	}
	defer t.unhold()
	select {
	case <-t.resolved:
		return t.info, t.refused
	default:
	}
	t.want(h.Client)
	defer t.unwant(h.Client)
	defer t.race(ctx, h)()
	twin := t.seekTwin(ctx, h)
	defer twin.end()
	gone := twin.gone
	watch := t.watch(h.FailFast, 0)
	defer watch.end()
	progress := t.measure(0)
	for {
		select {
		case <-t.resolved:
			return t.info, t.refused
		case <-ctx.Done():
			return nil, twin.further(progress.with(t.unavailable(ctx, 0)))
		case <-watch.look:
			if watch.over() && twin.over() {
				return nil, twin.further(progress.with(t.vain(0, true)))
			}
		case <-gone:
			gone = nil
			if h.FailFast && watch.over() {
				return nil, twin.further(progress.with(t.vain(0, true)))
			}
		case <-t.ctx.Done():
			if t.joined() {
				return nil, errJoined
			}
			return nil, t.over()
		}
	}
}
