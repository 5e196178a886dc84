package lsd

import "time"

const (
	// announceInterval is the time between two announces of a torrent (BEP 14).
	announceInterval = 5 * time.Minute

	// sendInterval is the least time between two messages of ours, whatever the
	// number of torrents.
	sendInterval = time.Second

	// maxHashes is how many infohashes a message has: some 1,200 bytes of them,
	// as BEP 14 wants messages below 1,400. As many of one are taken.
	maxHashes = 20

	// maxMessage is the longest message that is read, in bytes.
	maxMessage = 1500

	// messageRate is how many messages of others are read in a second, and
	// messageBurst how many at once.
	messageRate  = 20
	messageBurst = 50

	// maxTorrents is how many torrents are announced: a round of 5 minutes has
	// room for as many.
	maxTorrents = int(announceInterval/sendInterval) * maxHashes

	// maxInterfaces is how many interfaces are listened on.
	maxInterfaces = 8

	// readPause is the wait after a failed read.
	readPause = time.Second
)
