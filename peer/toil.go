package peer

import (
	"errors"
	"net/netip"
	"time"

	"github.com/btgw/btgw/metainfo"
	"github.com/btgw/btgw/peer/book"
)

// What a peer sends unasked has us work: a lock, an answer, a line of bencode to read. A
// connection has a budget for it, in units of about a microsecond of CPU time, and ends
// where it is overdrawn. What answers us costs nothing, whatever its rate: a block that was
// asked for, the reject of a request, hashes and metadata, interest that changes with the
// pieces that we tell of. Nor does what can only come so often: a piece that the peer did not
// have before, a request that is granted. So a peer at full speed does not meet the budget,
// and one that says the same again and again does.

// A toil is a kind of work that a peer's message is.
type toil uint8

// Kinds of work; those of fields and descriptions beyond the first.
const (
	toilKeepAlive toil = iota
	toilDribble
	toilChoke
	toilInterest
	toilHave
	toilLost
	toilField
	toilRequest
	toilCancel
	toilReject
	toilHint
	toilDescription
	toilNonsense
	toilMetadataRequest
	toilMetadata
	toilPEX
	toilUploadOnly
	toilPort
	toilHashRequest
	toilHashes
	toilUnknown
)

// toils are what each kind costs, in units, once and for each byte of the message.
var toils = [...]struct {
	name string
	once float64
	each float64
}{
	toilKeepAlive:       {"keep-alive messages", 1, 0},
	toilDribble:         {"a few bytes at a time", 4, 0},
	toilChoke:           {"choke and unchoke messages", 50, 0}, // requests are made again
	toilInterest:        {"interested and not interested messages", 5, 0},
	toilHave:            {"have messages of pieces that it had", 2, 0},
	toilLost:            {"messages that take pieces back", 1, 0},
	toilField:           {"bitfield messages", 20, 1. / 8},
	toilRequest:         {"requests that are rejected", 2, 0},
	toilCancel:          {"cancel messages", 3, 0},
	toilReject:          {"rejects of what was not asked", 5, 0},
	toilHint:            {"suggest and allowed fast messages", 2, 0},
	toilDescription:     {"extension handshakes", 50, 1. / 16},
	toilNonsense:        {"extension messages that make no sense", 50, 1. / 16}, // they are read to the end
	toilMetadataRequest: {"metadata requests that are rejected", 15, 0},
	toilMetadata:        {"metadata messages that answer nothing", 15, 1. / 256},
	toilPEX:             {"peer exchange messages", 100, 1. / 16},
	toilUploadOnly:      {"upload only messages", 10, 0},
	toilPort:            {"port messages", 50, 0}, // the node is asked
	toilHashRequest:     {"hash requests that are rejected", 15, 0},
	toilHashes:          {"hashes that answer nothing", 15, 1. / 256},
	toilUnknown:         {"unknown messages", 2, 1. / 256},
}

// A budget of work refills with time. Its zero value is full. It is not safe for concurrent
// use.
type budget struct {
	spent float64 // as of at
	at    time.Time
}

// spend takes units, and reports whether they were there.
func (b *budget) spend(now time.Time, units float64) bool {
	b.spent = max(0, b.spent-now.Sub(b.at).Seconds()*toilRate)
	b.at = now
	b.spent += units
	return b.spent <= toilBurst
}

// A FloodError ends the connection of a peer that had us work more than it may.
type FloodError struct{ With string }

// Error says with what.
func (e *FloodError) Error() string { return "flood of " + e.With }

// toil charges the peer for a message of n bytes. It is the reader's alone.
func (c *Conn) toil(t toil, n int) error {
	cost := &toils[t]
	return c.pay(t, cost.once+cost.each*float64(n))
}

func (c *Conn) pay(t toil, units float64) error {
	if c.work.spend(c.work.now, units) || c.sibling() {
		return nil
	}
	return &ProtocolError{Err: &FloodError{With: toils[t].name}}
}

// flooded reports whether a connection ended as a flood.
func flooded(err error) bool {
	var flood *FloodError
	return errors.As(err, &flood)
}

// work is what the reader of a connection knows of what its peer has us do.
type work struct {
	budget
	now         time.Time // of the last read
	messages    int64     // that came as a whole
	fields      int       // and their like
	described   bool      // an extension handshake came
	rejects     int64     // of requests
	metaAnswers int64     // and metadata that nobody asked for
	changes     int64     // of interest that are free
}

// toilOfInterest charges for a change of the peer's interest: those after the pieces that it
// was told of are free.
func (c *Conn) toilOfInterest() error {
	c.work.changes = min(toilChanges, c.work.changes+2*c.told.Swap(0))
	if c.work.changes > 0 {
		c.work.changes--
		return nil
	}
	return c.toil(toilInterest, 0)
}

// toilOfEvent charges for what the peer says of pieces.
func (c *Conn) toilOfEvent(e *Event) error {
	switch e.Kind {
	case Has, LostPiece:
		return c.toilOfPiece(e)
	case Suggested, AllowedFast:
		return c.toil(toilHint, 0)
	case HasField, HasAll, HasNone:
		return c.toilOfField(e)
	}
	return nil
}

// toilOfPiece charges for what a peer says of a piece: nothing where the peer gains it. What
// it loses costs less where pieces are small, since there are more of them to lose.
func (c *Conn) toilOfPiece(e *Event) error {
	has := c.said.has(c.info, e.Block.Piece)
	switch {
	case e.Kind == Has && !has:
		return nil
	case e.Kind == LostPiece && has:
		cost := toils[toilLost].once
		if c.info != nil {
			cost *= min(1, max(toilLeast, float64(c.info.PieceLength)/toilPiece))
		}
		return c.pay(toilLost, cost)
	}
	return c.toil(toilHave, 0)
}

// toilOfField charges for a bitfield, or its like, that comes again: less by the pieces that
// the peer gained. aria2 sends one in place of many haves.
func (c *Conn) toilOfField(e *Event) error {
	if c.work.fields++; c.work.fields == 1 {
		return nil
	}
	had, n := metainfo.Bitfield(c.said.field), len(c.said.field)
	if c.info != nil {
		had, n = c.said.pieces, len(c.said.pieces)
	}
	gained := 0
	if e.Kind == HasField {
		n = len(e.Field)
		gained = max(0, e.Field.Count(8*n)-had.Count(8*len(had)))
	}
	cost := &toils[toilField]
	return c.pay(toilField, max(0, cost.once+cost.each*float64(n)-toilGain*float64(gained)))
}

// has reports whether the peer said that it has a piece.
func (cl *claims) has(info *metainfo.Info, piece uint32) bool {
	if info != nil {
		return int64(piece) < int64(info.NumPieces()) && cl.pieces.Has(int(piece))
	}
	if cl.all {
		return true
	}
	return int(piece/8) < len(cl.field) && cl.field.Has(int(piece))
}

// strikes are the floods of an address.
type strikes struct {
	n     int
	since time.Time
}

// strike counts a flood of a peer, which is banned for the last of several.
func (h *Host) strike(addr netip.AddrPort, id [20]byte) {
	now, key := time.Now(), book.IdentityOf(addr, id)
	h.mu.Lock()
	s, _ := h.flooders.Get(key)
	if now.Sub(s.since) >= floodMemory {
		s = strikes{since: now}
	}
	s.n++
	h.flooders.Add(key, s)
	h.mu.Unlock()
	if s.n >= floodStrikes {
		h.ban(addr, id)
	}
}
