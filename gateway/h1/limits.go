package h1

import "time"

const (
	// maxCorked bounds the part of an answer that is held back to go out with the next
	// write, in bytes. It is net/http's write buffer of 4 KiB, and room for lines that
	// net/http does not know of.
	maxCorked = 8 << 10
	// lineBuffer is what is read at once of a new connection, in bytes: as much as net/http does.
	lineBuffer = 4 << 10
	// maxFieldName is the longest name of a header field that the fast lane knows, in bytes.
	maxFieldName = len("upgrade-insecure-requests")
	// checkTime bounds Check: it takes less than a millisecond.
	checkTime = 5 * time.Second
)
