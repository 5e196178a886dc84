package objectseed

const (
	// maxRequests bounds the requests under way of one torrent.
	maxRequests = 4
	// readLength is how much is read at once, in bytes, for each request under way.
	readLength = 64 << 10
	// RunLength is the length, in bytes, at which a request ends, so that several share what is
	// asked for. With 1 MiB a request took an eighth of the CPU of what it brought. MaxQueue blocks
	// are nearly maxRequests of this length.
	RunLength = 2 << 20
)
