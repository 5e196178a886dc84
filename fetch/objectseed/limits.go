package objectseed

const (
	// maxRequests bounds the requests under way of one torrent.
	maxRequests = 4
	// maxQueue bounds the blocks that are asked for and not answered.
	maxQueue = 500
	// RunLength is the length, in bytes, at which a request ends, so that several share what is
	// asked for.
	RunLength = 1 << 20
)
