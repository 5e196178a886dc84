package metainfo

// Bounds on torrents. Those marked T3, T4, T8 and T11 are rows of the
// project's threat table; none is an option.
const (
	// BlockLen is the length in bytes of a block, the unit of requests
	// (BEP 3) and the leaf of a v2 hash tree (BEP 52).
	BlockLen = 16 << 10

	// MaxRequest is the longest range in bytes that a peer may request.
	// BEP 3 speaks of 16 KiB; older clients ask for up to 128 KiB, and
	// libtorrent and Transmission serve those.
	MaxRequest = 128 << 10

	// MaxInfoLen is the largest info dictionary in bytes (T3).
	MaxInfoLen = 10_000_000

	// MaxTorrentLen is the largest .torrent file in bytes: an info
	// dictionary, piece layers of 32 bytes for the most pieces there may
	// be, and 1 MiB for the rest.
	MaxTorrentLen = MaxInfoLen + MaxPieces*hashLenV2 + 1<<20

	// MaxPieces is the most pieces of a torrent (T3; libtorrent's default).
	MaxPieces = 2_097_152

	// MaxFiles is the most files of a torrent, padding included (T3).
	MaxFiles = 100_000

	// MaxDirs is the most directories of a torrent. Without it, 100,000
	// deep paths of one-byte names would cost hundreds of megabytes.
	MaxDirs = 100_000

	// MaxDepth is the most elements of a path (T3). A v2 file tree ends
	// sooner, at bencode.MaxDepth.
	MaxDepth = 64

	// MaxElements is the most path elements of all files together, targets
	// of symbolic links included: ten a file at the most files.
	MaxElements = 10 * MaxFiles

	// MaxNameLen is the longest element of a path in bytes (T3): what
	// every file system can store.
	MaxNameLen = 255

	// MinPieceLength and MaxPieceLength bound the piece length in bytes
	// (T3; BEP 52 asks for 16 KiB at least). A v1 torrent may have shorter
	// pieces, of any length: other clients take those.
	MinPieceLength = 16 << 10
	MaxPieceLength = 64 << 20

	// maxNominalPieceLength is the largest piece length in bytes that a v1
	// torrent may state when all of it is at most MaxPieceLength, so that
	// no piece is larger after all. Other clients keep it in 32 bits.
	maxNominalPieceLength = 1<<31 - 1

	// MaxDuplicates is how many files may have the path of another. A few
	// come about by mistake; hundreds are an attack on those who sort it out.
	MaxDuplicates = 32

	// MaxSize is the largest byte space of a torrent (T3): 16 TiB.
	MaxSize = 16 << 40

	// MaxSymlinkHops is how many symbolic links one lookup follows
	// (HTTP contract, section 1).
	MaxSymlinkHops = 8
)

// Bounds on what surrounds an info dictionary: .torrent files and magnet
// links. Lists are cut at their bound, not refused: they are hints.
const (
	// MaxTrackers is the most tracker URLs of a torrent or magnet link.
	MaxTrackers = 100
	// MaxWebSeeds is the most web seeds (BEP 19).
	MaxWebSeeds = 100
	// MaxNodes is the most DHT nodes (BEP 5), and of peers in a magnet.
	MaxNodes = 100
	// MaxSelect is the most ranges of a magnet's file selection (BEP 53).
	MaxSelect = 1000
	// MaxSources is the most URLs of a .torrent in a magnet link, exact and acceptable each.
	MaxSources = 16
	// MaxParams is the most parameters of a magnet link.
	MaxParams = 2000
	// MaxDropped is how many parameters of no use are noted.
	MaxDropped = 16
	// maxHintURLLen is the longest URL in bytes that a magnet link may have in it.
	maxHintURLLen = 2 << 10
	// maxURLsInOne is how many URLs one parameter or string may hold.
	maxURLsInOne = 100
	// maxURLLists bounds how deep lists of URLs may nest.
	maxURLLists = 3
	// maxKeyLen bounds the search for the end of a parameter's key, in bytes.
	maxKeyLen = 16
	// MaxURLLen is the longest URL in bytes, as common servers have it.
	MaxURLLen = 8 << 10
	// MaxTextLen is the longest comment or creator in bytes.
	MaxTextLen = 64 << 10
	// MaxMagnetLen is the longest magnet link in bytes.
	MaxMagnetLen = 64 << 10
)

const (
	hashLenV1 = 20 // SHA-1
	hashLenV2 = 32 // SHA-256

	// layersDepth is the most layers of a Merkle tree over one piece:
	// 64 MiB of 16 KiB leaves, and the leaves themselves.
	layersDepth = 13

	// maxDate is the last creation date, in seconds since 1970, that has four
	// digits in its year, as RFC 3339 wants.
	maxDate = 253_402_300_799
)
