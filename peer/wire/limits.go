package wire

// Bounds of what is read from a peer, in bytes unless they say otherwise.
const (
	// HandshakeLen is the length of the handshake (BEP 3).
	HandshakeLen = 68

	// MaxBlock is the longest block in a piece message. We ask for 16 KiB
	// blocks alone, as everybody does.
	MaxBlock = 16 << 10

	// PieceHeaderLen is a piece message before its block: length prefix, id,
	// piece, offset.
	PieceHeaderLen = 13

	// MaxPieces is the most pieces of a torrent (SECURITY T3). It bounds
	// bitfields before the metadata is known.
	MaxPieces = 2_097_152

	// MaxBitfield is the longest bitfield.
	MaxBitfield = MaxPieces / 8

	// MaxExtended is the longest extension message, its id included
	// (SECURITY T6: extension handshakes of at most 64 KiB).
	MaxExtended = 64 << 10

	// MaxHashes is the most hashes in a message: 512 (BEP 52), and the uncles of
	// 64 layers.
	MaxHashes = 512 + 64

	// MaxOther is the longest message of an unknown kind: as long as the longest
	// of a known one may be, the hashes of BEP 52.
	MaxOther = hashRangeLen + MaxHashes*hashLen

	// MaxMetadata is the largest info dictionary (SECURITY T3).
	MaxMetadata = 10 << 20

	// MetadataPart is the length of a part of the metadata, but for the last
	// (BEP 9).
	MetadataPart = 16 << 10

	// MaxPEX is the most addresses in each list of a peer exchange message (BEP
	// 11), those of both families together.
	MaxPEX = 50

	// MaxClientName bounds the client's name that is kept of an extension
	// handshake.
	MaxClientName = 64

	// MaxReqQ bounds what is believed of a peer's reqq, in requests.
	MaxReqQ = 500

	// DefaultReqQ is the request queue of a peer that announces none
	// (libtorrent's default), in requests.
	DefaultReqQ = 250
)
