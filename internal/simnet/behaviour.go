package simnet

import "time"

// Unchoking says when a Seed unchokes a peer.
type Unchoking int

const (
	// Preemptive seeds unchoke right behind their first messages.
	Preemptive Unchoking = iota
	// OnInterested seeds unchoke when the peer says that it is interested.
	OnInterested
	// OnTick seeds unchoke interested peers at fixed intervals (Behaviour.Tick).
	OnTick
	// OnGift seeds unchoke when the peer has sent them content.
	OnGift
	// NeverUnchoke seeds do not unchoke.
	NeverUnchoke
)

// Metadata says what a Seed does with requests for the info dictionary (BEP 9).
type Metadata int

const (
	// ServeMetadata seeds announce the size and answer.
	ServeMetadata Metadata = iota
	// NoMetadata seeds do not announce ut_metadata.
	NoMetadata
	// RejectMetadata seeds announce the size and reject every request.
	RejectMetadata
	// SilentMetadata seeds announce the size and never answer.
	SilentMetadata
	// CorruptMetadata seeds answer with wrong bytes.
	CorruptMetadata
	// WrongSizeMetadata seeds announce one byte more than there is, and answer.
	WrongSizeMetadata
)

// Refusal says how a Seed refuses a request that it cannot or will not serve.
type Refusal int

const (
	// Reject answers REJECT where the fast extension is in use, else nothing.
	Reject Refusal = iota
	// CloseConn closes the connection.
	CloseConn
	// Ignore says nothing.
	Ignore
)

// Behaviour describes how a Seed acts. The zero value is an honest, immediate peer that
// unchokes preemptively and speaks the fast extension and BEP 9.
type Behaviour struct {
	// Client is the v of the extension handshake.
	Client string
	// RequestQueue is the reqq of the extension handshake; 0 sends none.
	// Requests beyond it are refused as Missing says.
	RequestQueue int
	// NoFast leaves out the fast extension (BEP 6), NoExtended the extension
	// protocol (BEP 10), and with it metadata.
	NoFast, NoExtended bool
	// Slots is the peers unchoked at a time; 0 is all.
	Slots   int
	Unchoke Unchoking
	// Rotate is the interval at which unchoked peers give their slots to interested
	// ones that wait, the longest wait first. 0 keeps slots for as long as their
	// connections last.
	Rotate time.Duration
	// Leech, if positive, is the requests that the Seed keeps outstanding with
	// each peer that has what it lacks.
	Leech int
	// SuperSeed makes the Seed show its pieces as libtorrent does when it super-seeds
	// (BEP 16). It claims to have nothing. After the peer has not been interested for
	// ten seconds, it announces one piece each second, the last piece first. It
	// announces the next when the peer announces one of the two that it was told of
	// last. It rejects requests for other pieces.
	SuperSeed bool
	// StrictSuperSeed has it wait until another peer announces what one was told of, and
	// tells whom it told of a piece of no other before that.
	StrictSuperSeed bool
	// Tick is the interval of OnTick; 0 means 10 s. Ticks count from the Seed's
	// start.
	Tick time.Duration
	// HandshakeDelay passes before a handshake is answered, ReplyDelay between
	// that answer and the first messages.
	HandshakeDelay, ReplyDelay time.Duration
	// UploadLimit, if positive, is what the Seed uploads at most, in bytes a second,
	// in bursts as libtorrent does (seedlimit.go).
	UploadLimit int64
	// ServiceTime passes between a request and its block.
	ServiceTime time.Duration
	// StrictFirstFlight seeds close a connection that brings more than the 68
	// bytes of a handshake in its first flight.
	StrictFirstFlight bool
	// ExactBlocks seeds close on a request that is not an aligned block of
	// 16 KiB or the last, shorter one of its piece.
	ExactBlocks bool
	// Choked is the refusal of a choked peer's request for a piece that is not allowed
	// fast. Requests that crossed a choke on their way are rejected instead. Missing is
	// the refusal of a request for bytes that the Seed does not have.
	Choked, Missing Refusal
	// AllowedFast are pieces that may be requested while choked.
	AllowedFast []int

	Metadata Metadata
	// MetadataDelay passes before each answer of BEP 9.
	MetadataDelay time.Duration
	// MetadataBuffer, if positive, is the bytes that the Seed lets wait for its
	// socket: requests for metadata beyond that wait for a tick of a second. What
	// came at one instant was read at once, before anything of it was sent.
	MetadataBuffer int
	// MetadataQueue, if positive, is how many parts may be asked for at a time; more
	// are rejected.
	MetadataQueue int

	// LeavesSeeds closes the connection to a peer that has everything or says that it
	// only uploads (BEP 21), as a seed does that keeps its places for others.
	LeavesSeeds bool

	// Hashes, if not nil, gives what to write, whole messages, upon a hash request (BEP
	// 52) with this payload; otherwise those are ignored.
	Hashes func(request []byte) []byte

	// Lose, if not nil, says of each request, counted from 0, whether the Seed never
	// answers it; Refuse whether it rejects it.
	Lose, Refuse func(n int) bool
	// Jam, if positive, is the number of requests of a connection beyond which the Seed
	// answers none until all were cancelled. anacrolix/torrent 1.59 does so where a
	// peer requests more than it buffers.
	Jam int

	// Lie, if not nil, may change the bytes of a block before it is sent.
	Lie func(piece, begin int, block []byte)
	// StallAfter, if positive, is the number of blocks after which the Seed
	// says nothing more on any connection, which stay open.
	StallAfter int
	// DieAfter, if positive, is the number of content bytes after which the
	// Seed dies (Seed.Die), the block that reaches it being the last.
	DieAfter int64
}

// Libtorrent behaves like libtorrent 2.0: it unchokes preemptively, answers
// REJECT, closes on a request while choked, and answers ten requests for metadata
// at once.
func Libtorrent() Behaviour {
	return Behaviour{Client: "libtorrent/2.0.8.0", RequestQueue: 500, Choked: CloseConn, MetadataBuffer: 160 << 10}
}

// Transmission behaves like Transmission 3.00: slow first answers, unchokes at
// a tick of 10 s, blocks after 0.4 s, rejects more than 64 requests for metadata.
func Transmission() Behaviour {
	return Behaviour{
		MetadataQueue: 64,
		Client:        "Transmission 3.00", RequestQueue: 512, Unchoke: OnTick,
		HandshakeDelay: 350 * time.Millisecond, ReplyDelay: 500 * time.Millisecond,
		ServiceTime: 400 * time.Millisecond,
	}
}

// Aria2 behaves like aria2 1.36: it closes when its first read brings more than
// a handshake, unchokes on interested, and closes on a request while choked.
func Aria2() Behaviour {
	return Behaviour{
		Client: "aria2/1.36.0", Unchoke: OnInterested, StrictFirstFlight: true, Choked: CloseConn,
	}
}

// Anacrolix behaves like anacrolix/torrent: it always unchokes and closes on a
// request for what it lacks.
func Anacrolix() Behaviour {
	return Behaviour{Client: "anacrolix", RequestQueue: 250, Missing: CloseConn}
}

// Rqbit behaves like rqbit: unchokes at once, no fast extension, closes on
// anything but exact blocks.
func Rqbit() Behaviour {
	return Behaviour{Client: "rqbit 8", NoFast: true, ExactBlocks: true, Choked: CloseConn, Missing: CloseConn}
}

// LieEveryBlock is a Behaviour.Lie that spoils the first byte of each block.
func LieEveryBlock(_, _ int, block []byte) { block[0] ^= 0x55 }

// Lie4KiB is a Behaviour.Lie that spoils a byte in each 4 KiB.
func Lie4KiB(_, _ int, block []byte) {
	for i := 0; i < len(block); i += 4 << 10 {
		block[i] ^= 0x55
	}
}
