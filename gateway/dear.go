package gateway

import (
	"context"
	"io"
	"net/netip"

	lru "github.com/hashicorp/golang-lru/v2"

	"github.com/btgw/btgw/fetch"
	"github.com/btgw/btgw/internal/cpushare"
	"github.com/btgw/btgw/metainfo"
)

// What goes over all files of a large torrent (its pages, playlists, archives, its .torrent)
// takes the CPU time of the client that asks, in its turn. Nothing is asked of the backend
// meanwhile, which may need a turn itself.

// isDear reports whether a torrent is so large that going over it counts.
func isDear(info *metainfo.Info) bool {
	return len(info.Files) >= dearFiles || len(info.Raw()) >= dearInfo
}

// turn waits for the turn of the visit's client, where the torrent is dear; nil where it is not.
func (s *Server) turn(v *visit) (*cpushare.Turn, error) {
	if v.info == nil || !isDear(v.info) {
		return nil, nil
	}
	return s.enter(v)
}

// enter waits for the turn of the visit's client: until the first byte is too late, and after it
// for as long as the client stays.
func (s *Server) enter(v *visit) (*cpushare.Turn, error) {
	var ctx context.Context = v.deadline
	if responseOf(v.c).status != 0 {
		ctx = v.c.Request.Context()
	}
	turn, err := s.work.Enter(ctx, v.payer())
	if err != nil {
		return nil, fetch.ErrBusy
	}
	return turn, nil
}

// payer is the client whose CPU time is taken; the zero Prefix for this machine.
func (v *visit) payer() (who netip.Prefix) {
	if client := responseOf(v.c).client; !client.Local {
		who = client.Prefix
	}
	return who
}

// inTurn does what is dear in a turn. Where there is none it answers, and reports false.
func (s *Server) inTurn(v *visit, do func()) bool { return s.within(s.turn, v, do) }

// within does something in the turn that enter gives.
func (s *Server) within(enter func(*visit) (*cpushare.Turn, error), v *visit, do func()) bool {
	turn, err := enter(v)
	if err != nil {
		s.fail(v.c, v.target.hash, err)
		return false
	}
	defer turn.Leave()
	do()
	return true
}

// A pausingWriter writes to a client, which may be slow, outside of the turn.
type pausingWriter struct {
	io.Writer
	turn *cpushare.Turn
	v    *visit
}

// Write implements io.Writer. What is left waits for its turn as long as the client does.
func (w *pausingWriter) Write(p []byte) (int, error) {
	w.turn.Leave()
	n, err := w.Writer.Write(p)
	if err == nil {
		err = w.turn.Resume(w.v.c.Request.Context())
	}
	return n, err
}

// lengths are those of dear documents, by their ETags: they are rendered once for it, not with
// each request.
type lengths struct{ known *lru.Cache[string, int64] }

func newLengths() lengths {
	known, _ := lru.New[string, int64](maxLengths) // the error is of a size below 1
	return lengths{known}
}

// of returns a length, measured if it is not known.
func (l lengths) of(etag string, measure func() int64) int64 {
	if n, ok := l.known.Get(etag); ok {
		return n
	}
	n := measure()
	l.known.Add(etag, n)
	return n
}
