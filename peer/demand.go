package peer

import (
	"time"

	"github.com/btgw/btgw/metainfo"
	"github.com/btgw/btgw/peer/wire"
)

// Demand decides what to ask the peers of a torrent. Join may be called for
// several connections at once.
type Demand interface {
	// Join is called once for each connection that is through its handshake,
	// when the info dictionary is known, before any Event of it. Commands may be
	// sent to c from then on.
	Join(c *Conn) Download
}

// Download is what Demand keeps for one connection. Its methods are quick and
// never block; they are never called concurrently for one connection, and they
// must not call Swarm.SetInfo, Swarm.Close or Host.Close.
type Download interface {
	// Update reports all that one read of the socket brought, in order. events is
	// the caller's and is used again. What there is to send goes by Conn.Send.
	Update(events []Event)
	// Place returns the memory, exactly b.Length bytes, for a requested block. It
	// returns nil if the block is not wanted: then the block is skipped on the wire and
	// nothing more is heard of it. An Arrived event with the same Block follows, in the
	// Update of the read that brought its last byte. If the connection dies first,
	// Leave follows instead. Until then the memory is written to.
	Place(b metainfo.Block) []byte
	// Leave is the last call: the connection is gone.
	Leave()
}

// EventKind says what an Event reports.
type EventKind uint8

// What peers do. After Choked, what was asked is void, pieces of the allowed
// fast set left out; a peer with Conn.Fast answers each request all the same, by
// Arrived or Rejected.
const (
	Choked      EventKind = iota // the peer takes no requests but for its allowed fast set
	Unchoked                     // the peer takes requests
	Has                          // it has Block.Piece
	HasField                     // it has what is set in Field, which is the receiver's from now on
	HasAll                       // it is a seed
	HasNone                      // it has nothing
	LostPiece                    // it no longer has Block.Piece (BEP 54)
	AllowedFast                  // Block.Piece may be asked for even when choked (BEP 6)
	Suggested                    // it would like to be asked for Block.Piece (BEP 6)
	Rejected                     // it will not send Block (BEP 6)
	Arrived                      // Block is in the memory that Place gave
	Described                    // its extension handshake came: Client and RequestQueue are known
	Requested                    // Block was asked of it before the info dictionary was known
	Hashed                       // Hashes are the answer to AskHashes
	Proved                       // it is a gateway of our fleet
	Fetches                      // it is the sibling that fetches what we ask for; until it says again what it has
	Wished                       // it is a sibling whose readers need Wishes next, in place of what it wished before
	Unheeded                     // of what it wished nothing more is begun: another gateway fetches now
	Withheld                     // as Choked, for a sibling fetches the torrent for us; what was asked is not void: what is begun may be ended
)

// Event is one thing that a peer did. Indices and blocks are checked: they lie
// within the torrent.
type Event struct {
	Kind  EventKind
	Block metainfo.Block    // Has, LostPiece, AllowedFast, Suggested: the Piece alone
	Field metainfo.Bitfield // HasField
	Ago   time.Duration     // Requested: since when the peer has the request to answer
	// Hashes is set with Hashed, and the receiver's from then on.
	Hashes *HashAnswer
	Wishes []Wish // Wished; the receiver's from then on
}

// A Wish is pieces that lie next to each other and that readers at a sibling need next.
type Wish struct {
	First, Count int           // pieces
	In           time.Duration // until the first is needed
}

// MaxWishes is how many wishes a sibling is told at a time.
const MaxWishes = wire.MaxWishes

// HashAnswer is what a peer answered to AskHashes. Nothing of it is verified.
type HashAnswer struct {
	Range  metainfo.HashRange // as it was asked for
	Hashes []byte             // 32 bytes each; nil: it does not send them
}

// Op is what a Command does.
type Op uint8

// What can be said to a peer.
const (
	Interested    Op = iota // we want something that it has
	NotInterested           // we want nothing
	Request                 // send Block
	Cancel                  // do not send Block; it may come nevertheless
)

// Command is one message to a peer.
type Command struct {
	Op    Op
	Block metainfo.Block // Request, Cancel: a block of the torrent, or CheckLen bytes of its beginning
}

// CheckLen is how many bytes of a block may be requested in place of all of it, of a peer that Rejects.
const CheckLen = 4 << 10

// Supply is what we upload. Its methods are safe for concurrent use.
type Supply interface {
	// Have returns a copy of what can be uploaded now. It is asked once, when
	// the info dictionary is known; Swarm.Have, Held and DontHave follow up.
	Have() metainfo.Bitfield
	// Open gives access to a piece, or an error if we do not have it any more.
	// It may touch the disk; it is called without locks.
	Open(piece int) (Lease, error)
}

// Lease keeps a piece readable until Release. Its methods are not called at the same
// time.
type Lease interface {
	// ReadAhead tells that the n bytes from off on, from the piece's start, are about
	// to be read in parts.
	ReadAhead(off int64, n int)
	// ReadAt reads bytes of the piece, off from its start.
	ReadAt(p []byte, off int64) (int, error)
	// Release ends the lease; the last call.
	Release()
}
