package bencode

// These constants bound an input. The protocol's use sets them; they are not options.
const (
	// MaxDepth bounds how deep lists and dictionaries may nest. libtorrent has the
	// same bound: an unknown key may have anything in it. The deepest useful value is a
	// v2 file tree, which has one level for each directory.
	MaxDepth = 100

	// shallow bounds the depth of nearly all values: a deeper one costs an allocation.
	shallow = 16

	// MaxTokens is how many values and keys one input may hold. It bounds
	// time and what a caller may build from the input. 100,000 files of a
	// hybrid torrent need about 2 million.
	MaxTokens = 3_000_000

	// maxIntDigits is the length of the longest int64 in decimal, without
	// its sign.
	maxIntDigits = 19
)
