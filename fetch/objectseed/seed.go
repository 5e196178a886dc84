package objectseed

import (
	"context"
	"errors"
	"io"
	"slices"
	"sync"

	"github.com/btgw/btgw/cache/object"
	"github.com/btgw/btgw/metainfo"
	"github.com/btgw/btgw/peer"
	"github.com/btgw/btgw/peer/runs"
)

// Seed is the objects of one torrent. Its methods are safe for concurrent use. Send, Ban and
// Without never block.
type Seed struct {
	store  *object.Store
	info   *metainfo.Info
	layout object.Layout
	queue  *runs.Queue // open while the seed does not choke
	ctx    context.Context
	end    context.CancelFunc

	dmu      sync.Mutex // the dialogue with download, and what was said in it
	download peer.Download
	events   []peer.Event      // scratch of deliver
	has      metainfo.Bitfield // changed with mu held as well: either lock is enough to read it

	mu     sync.Mutex // guards what follows
	choked bool       // the store fails
	ended  bool
}

// New returns a seed of the pieces that the store has. Nothing is asked before Run.
func New(store *object.Store, info *metainfo.Info, has metainfo.Bitfield) *Seed {
	s := &Seed{store: store, info: info, layout: object.NewLayout(info), has: has}
	s.queue = runs.NewQueue(s.after)
	s.ctx, s.end = context.WithCancel(context.Background())
	return s
}

// String names it in logs.
func (s *Seed) String() string { return "object store" }

// RequestQueue is how many requests may be outstanding.
func (s *Seed) RequestQueue() int { return runs.MaxQueue }

// Ready reports whether it takes requests.
func (s *Seed) Ready() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return !s.choked && !s.ended
}

// Send takes requests and cancels. What is asked of a seed that chokes is void.
func (s *Seed) Send(commands ...peer.Command) { s.queue.Send(commands...) }

// Ban ends the seed: an object had wrong bytes.
func (s *Seed) Ban(string) {
	s.mu.Lock()
	s.ended = true
	s.queue.Close()
	s.mu.Unlock()
	s.end()
}

// Without is a seed to go on with in place of one that was banned: it has not the pieces of that
// run. It may be called from within an Update of the seed's own: it does not take dmu.
func (s *Seed) Without(run int) *Seed {
	s.mu.Lock()
	has := slices.Clone(s.has)
	s.mu.Unlock()
	first, last := s.layout.Pieces(run)
	for i := first; i <= last; i++ {
		has.Clear(i)
	}
	return New(s.store, s.info, has)
}

// Run serves d until ctx ends, or the seed is banned. Leave is its last call to d.
func (s *Seed) Run(ctx context.Context, d peer.Download) {
	defer context.AfterFunc(ctx, s.end)()
	defer s.end()
	s.dmu.Lock()
	s.download = d
	d.Update([]peer.Event{{Kind: peer.HasField, Field: slices.Clone(s.has)}, {Kind: peer.Unchoked}})
	s.dmu.Unlock()
	var workers sync.WaitGroup
	for range maxRequests {
		workers.Go(s.work)
	}
	workers.Wait()
	s.dmu.Lock() // nobody gains a run meanwhile
	defer s.dmu.Unlock()
	s.download = nil
	d.Leave()
}

// Gain says that the store has a run that it had not.
func (s *Seed) Gain(run int) {
	s.dmu.Lock()
	defer s.dmu.Unlock()
	first, last := s.layout.Pieces(run)
	var events []peer.Event
	s.mu.Lock()
	for i := first; i <= last; i++ {
		if !s.has.Has(i) {
			s.has.Set(i)
			events = append(events, peer.Event{Kind: peer.Has, Block: metainfo.Block{Piece: uint32(i)}})
		}
	}
	s.mu.Unlock()
	if s.download != nil && len(events) > 0 {
		s.download.Update(events)
	}
}

// work fetches runs of blocks, one at a time, until the seed's end.
func (s *Seed) work() {
	var buf []byte // from the first request on
	for r := s.queue.Next(s.ctx); r != nil; r = s.queue.Next(s.ctx) {
		if buf == nil {
			buf = make([]byte, readLength)
		}
		s.leave(r, s.fetch(r, buf))
	}
}

// after is the block that comes next in the same object, for a run that is not long enough.
func (s *Seed) after(blocks []metainfo.Block) (metainfo.Block, bool) {
	if len(blocks)*metainfo.BlockLen >= RunLength {
		return metainfo.Block{}, false
	}
	last := blocks[len(blocks)-1]
	piece, n := int(last.Piece), int(last.Begin/metainfo.BlockLen)+1
	if n < s.info.NumBlocks(piece) {
		return s.info.Block(piece, n), true
	}
	if _, end := s.layout.Pieces(s.layout.RunOf(piece)); piece == end {
		return metainfo.Block{}, false
	}
	return s.info.Block(piece+1, 0), true
}

// fetch gets the blocks of a run by way of buf, and hands each on when it is whole.
func (s *Seed) fetch(r *runs.Run, buf []byte) error {
	first, last := r.Blocks[0], r.Blocks[len(r.Blocks)-1]
	from := s.layout.Offset(int(first.Piece)) + int64(first.Begin)
	to := s.layout.Offset(int(last.Piece)) + int64(last.Begin) + int64(last.Length)
	body, err := s.store.Read(r.Context, s.info, s.layout.RunOf(int(first.Piece)), from, to-from)
	if err != nil {
		return err
	}
	defer body.Close()
	return s.receive(body, r, buf)
}

// receive hands on what comes, as many blocks at a time as one read brought.
func (s *Seed) receive(body io.Reader, r *runs.Run, buf []byte) error {
	for done, have := 0, 0; done < len(r.Blocks); {
		n, err := io.ReadAtLeast(body, buf[have:], int(r.Blocks[done].Length)-have)
		if err != nil {
			return err
		}
		have += n
		next, size := done, 0
		for next < len(r.Blocks) && size+int(r.Blocks[next].Length) <= have {
			size += int(r.Blocks[next].Length)
			next++
		}
		s.queue.Came(r, done, next)
		s.deliver(r.Blocks[done:next], buf[:size])
		have = copy(buf, buf[size:have])
		done = next
	}
	return nil
}

// deliver hands blocks on, which lie one behind the other in data.
func (s *Seed) deliver(blocks []metainfo.Block, data []byte) {
	s.dmu.Lock()
	defer s.dmu.Unlock()
	s.events = s.events[:0]
	for _, b := range blocks {
		if into := s.download.Place(b); into != nil {
			copy(into, data)
			s.events = append(s.events, peer.Event{Kind: peer.Arrived, Block: b})
		}
		data = data[b.Length:]
	}
	if len(s.events) > 0 {
		s.download.Update(s.events)
	}
}

// leave ends a run, and does what its error asks for.
func (s *Seed) leave(r *runs.Run, err error) {
	rest := s.queue.End(r)
	switch {
	case err == nil || len(rest) == 0 || s.ctx.Err() != nil:
		// done, or nobody waits for it any more
	case errors.Is(err, object.ErrMissing):
		s.lose(s.layout.RunOf(int(r.Blocks[0].Piece)), rest)
	default:
		s.pause()
	}
}

// lose says that the store has not a run that it had, and gives back what was asked of it.
func (s *Seed) lose(run int, rest []metainfo.Block) {
	s.dmu.Lock()
	defer s.dmu.Unlock()
	first, last := s.layout.Pieces(run)
	s.mu.Lock()
	for i := first; i <= last; i++ {
		s.has.Clear(i)
	}
	events := []peer.Event{{Kind: peer.HasField, Field: slices.Clone(s.has)}}
	s.mu.Unlock()
	for _, b := range s.queue.Reject(rest, func(b metainfo.Block) bool { return int(b.Piece) >= first && int(b.Piece) <= last }) {
		events = append(events, peer.Event{Kind: peer.Rejected, Block: b})
	}
	s.download.Update(events)
}

// pause chokes until the store answers again.
func (s *Seed) pause() {
	s.mu.Lock()
	if s.choked {
		s.mu.Unlock()
		return // another request has failed as well
	}
	s.choked = true
	s.queue.Close()
	s.mu.Unlock()
	s.report(peer.Event{Kind: peer.Choked})
	if s.store.Await(s.ctx) != nil {
		return
	}
	s.mu.Lock()
	s.choked = false
	if !s.ended {
		s.queue.Open()
	}
	s.mu.Unlock()
	s.report(peer.Event{Kind: peer.Unchoked})
}

// report tells the Download what the seed does.
func (s *Seed) report(e peer.Event) {
	s.dmu.Lock()
	defer s.dmu.Unlock()
	s.download.Update([]peer.Event{e})
}
