package bencode

// Bounds on what is read. They are properties of the protocol's use, not
// options: see SECURITY row T4 in the project's threat table.
const (
	// MaxDepth bounds how deep lists and dictionaries may nest. The deepest
	// useful value is a v2 file tree, which spends one level a directory.
	MaxDepth = 32

	// MaxTokens is how many values and keys one input may hold. It bounds
	// time and what a caller may build from the input. 100,000 files of a
	// hybrid torrent need about 2 million.
	MaxTokens = 3_000_000

	// maxIntDigits is the length of the longest int64 in decimal, without
	// its sign.
	maxIntDigits = 19
)
