package gateway

import (
	"time"

	"github.com/btgw/btgw/metainfo"
)

// Time-outs of the content server.
const (
	// FirstByteTimeout is how long a request waits for metadata and its first
	// piece together before it is 504. CDNs give up after 15 to 30 s.
	FirstByteTimeout = 25 * time.Second
	// StallTimeout is how long a started body waits for its next piece before
	// the connection is cut: clients resume by themselves, a hang helps nobody.
	StallTimeout = 25 * time.Second
	// firstByteMost and stallMost are what these waits may become while what is waited
	// for comes in. Nothing that would take longer at its rate is waited for.
	firstByteMost = 2 * time.Minute
	stallMost     = 5 * time.Minute
	// ClientTimeout is how long a client may accept nothing (a 64th less in the fast lane), a paused video
	// for instance, before its connection is cut.
	ClientTimeout = 5 * time.Minute
	// MaxPause is how long it may where keeping it costs nobody anything.
	MaxPause = 24 * time.Hour
	// readHeaderTimeout is the time for a request's head to arrive, and for
	// what body it has.
	readHeaderTimeout = 10 * time.Second
	// idleTimeout is how long a connection may stay between two requests.
	idleTimeout = 120 * time.Second
	// answerTimeout is how long requests that had no answer when the time to drain was over have to take a 503.
	answerTimeout = time.Second

	// endTimeout is how long Shutdown waits for requests that were cut.
	endTimeout = 5 * time.Second
)

// Bounds of one request.
const (
	// maxHeaderBytes is the most that a request's head may hold (net/http
	// allows 4 KiB over it and answers 431).
	maxHeaderBytes = 16 << 10
	// maxPaces is how many links with a rate are known; the one that was used the longest ago goes
	// first.
	maxPaces = 16384

	// deadlineWindow is how many bytes of body are written under one write
	// deadline. A client that takes fewer in ClientTimeout is cut, so it is the
	// slowest rate served: 256 KiB in 5 minutes, 0.9 kB/s.
	deadlineWindow = 256 << 10
	// discardBytes bounds how much is read, over HTTP/2, of a body that nothing takes, and
	// discardTime how long it is waited for. A client may send that much before it hears from us.
	discardBytes = 1 << 20
	discardTime  = time.Second
	// maxDAVBody is the longest body of a PROPFIND in bytes, maxDAVProps how many properties it may
	// name, and maxDAVDepth how deep its elements may be.
	maxDAVBody  = 64 << 10
	maxDAVProps = 64
	maxDAVDepth = 16

	// maxSubtitles is how many subtitles of one film a playlist names.
	maxSubtitles = 32

	// maxForwardedHost is the longest host and port that a proxy may name, in bytes.
	maxForwardedHost = 253 + len(":65535")
	// maxPrefix is the longest path, in bytes, below which a proxy has this server.
	maxPrefix = 256

	// maxLines is how many header lines of an answer have their values in one place.
	maxLines = 12

	// maxRemembered is how many answers the fast lane knows; the one that was asked for the longest ago goes first. Each
	// takes some 10 KiB at most. fastBytes is the longest body that it sends.
	maxRemembered = 1024
	fastBytes     = 4 << 20

	// maxEmptyWrites is how often in a row a piece may be lost between its
	// wait and its write (a failing disk) before the body is cut.
	maxEmptyWrites = 16

	maxHintTrackers = 64       // tr parameters; public magnet links have up to some 50
	maxHintPeers    = 64       // x.pe parameters
	maxHintWebSeeds = 16       // ws parameters
	maxHintSources  = 4        // xs and as parameters, each
	maxHintName     = 255      // bytes of dn, as of a file name
	maxFilename     = 255      // bytes of ?filename=
	maxMagnetBytes  = 16 << 10 // of a magnet link in a query or an upload
	maxQueries      = 4096     // queries that are kept as they were understood
	maxQueryBytes   = 4 << 20  // of memory that they take
	queryBytes      = 1 << 10  // that one takes besides its text
)

// Bounds of archives (?format=tar).
const (
	// tarAhead is how many bytes of files are asked for before those that are
	// being sent are through; a window of fetch reaches as far.
	tarAhead = 4 << 20
	// tarAheadFiles bounds them in number: a piece holds many small files.
	tarAheadFiles = 16
	// archiveFile is the CPU time that a file which goes out in an archive takes of its client:
	// as measured, of small files. archivePass is that of a file which is gone over.
	archiveFile = 20 * time.Microsecond
	archivePass = 400 * time.Nanosecond
	// dearArchive is the number of files of a torrent from which on going over its archive takes a
	// turn: a request for many ranges goes over it twice for each.
	dearArchive = 100
	// maxHeldRuns is how many stretches of a torrent are looked up to say
	// whether an archive is cached: a directory mostly is one.
	maxHeldRuns = 64
)

// Ranges that a proxy asks for as a whole (whole.go).
const (
	// wholeBytes is the longest: a slice of the caches that are known.
	wholeBytes = 1 << 20
	// wholeSlots is how many are in memory at once, 128 MiB in all.
	wholeSlots = 128
)

// Streams at once (content requests from their path being understood to their
// last byte); more are 429.
const (
	// MaxStreams is how many there are in all.
	MaxStreams = 4096
	// MaxStreamsPerClient is how many one client prefix has.
	MaxStreamsPerClient = 64

	// maxConnStreams is the most streams of one HTTP/2 connection.
	maxConnStreams = 1000

	// MaxAdminConns is how many connections the admin server has.
	MaxAdminConns = 32
	// RequestsPerClient is how many requests a second one client prefix has on
	// average; more are 429. A player's seek is some 25 of them.
	RequestsPerClient = 50
	// SurplusPerClient bounds the bytes a second, on average, that are fetched for one
	// client prefix beyond the bytes that it requests, because pieces are whole. It is
	// one piece of the usual largest length.
	SurplusPerClient = 16 << 20
	// maxAccessText is how much of each text that a client says the access log has, in bytes.
	maxAccessText = 1 << 10
)

// What Retry-After says, in seconds.
const (
	retryUnavailable = 30 // metadata or pieces were not found in time; the search goes on
	retryComing      = 1  // what was asked for comes, slowly, while somebody asks
	retryDraining    = 10 // another process takes over
	retryRate        = 1  // too many requests: a second's worth is free then
	retrySurplus     = 10 // a client's budget of surplus: for ten of the largest usual pieces
	retryBusy        = 5  // too many streams or torrents
)

// maxPublishBody is how long a request to publish may be, in bytes: a path and its escapes.
const maxPublishBody = 64 << 10

// maxSalt is how long the salt of a name may be, in bytes.
const maxSalt = 64 // BEP 44

// Freshness, as Cache-Control says it.
const (
	cacheFile    = "public, max-age=31536000, immutable, no-transform"      // a year: content never changes under its infohash
	cacheListing = "public, max-age=604800, stale-while-revalidate=2678400" // a week, then a month: the page may
	cacheMissing = "public, max-age=300"                                    // 404: five minutes
	cacheRefused = "public, max-age=3600"                                   // 410, 422 and 451: an hour
	cacheNone    = "no-store"
)

// The denylist and the allowlist are files of the operator's.
const (
	maxDenylist = 64 << 20 // bytes: some half a million lines
	maxDenyLine = 64 << 10 // bytes of one line
	maxDrops    = 16       // torrents that a list takes out at a time: each may wait for a tracker
)

// Bounds of pages.
const (
	// spoolBytes is the largest listing that is kept in memory while it is
	// measured; a longer one is rendered twice, once for its length.
	spoolBytes = 256 << 10
	// dearFiles and dearInfo are the number of files, and the bytes of the info dictionary,
	// from which on a torrent is dear. Work over all of such a torrent takes its client's
	// CPU time: a millisecond or two.
	dearFiles = 2000
	dearInfo  = 256 << 10
	// maxLengths is how many dear documents have their lengths kept.
	maxLengths = 1024
	// indentDepth is the depth up to which a file tree is indented.
	indentDepth = 8
)

// Bounds of events (events.go).
const (
	// eventsEvery is how often it is looked whether something changed, eventsRate over what time rates are
	// taken, and eventsMap how old the picture of what is here may be.
	eventsEvery = 250 * time.Millisecond
	eventsRate  = time.Second
	eventsMap   = 2 * time.Second
	// eventsIdle is after what silence something is sent.
	eventsIdle = 15 * time.Second
	// eventsRetry is how long a search that failed rests.
	eventsRetry = 5 * time.Second
	// eventsMost is how long one stream lasts; a page that is still there asks again.
	eventsMost = time.Hour
	// mapCells is how many parts the picture has, and mapFiles how many files are looked at for one.
	mapCells = 200
	mapFiles = 4
)

// Bounds of subtitles (subtitle.go).
const (
	// maxSubtitleFile is the longest file that is made into WebVTT, in bytes, and maxSubtitleText the longest
	// WebVTT. They bound the cues too: each takes 24 bytes or more.
	maxSubtitleFile = 4 << 20
	maxSubtitleText = 16 << 20
	// maxTogether is how many cues may be shown at one time; some thousands stop a browser for minutes.
	maxTogether = 32
	// subtitleSlots is how many are made at once.
	subtitleSlots = 4
)

// Bounds of what is opened from pages (open.go).
const (
	// openTime is how long a .torrent at a URL may take, and openFetches how many are fetched at once.
	openTime    = 20 * time.Second
	openFetches = 4
)

// Bounds of the admin server.
const (
	// MaxTorrentUpload is the most bytes that a POSTed .torrent may have.
	MaxTorrentUpload = metainfo.MaxTorrentLen
	// multipartSlack is what a form may need around the file.
	multipartSlack = 64 << 10
	// maxAdminJSON is the longest body of the other requests, in bytes: some
	// numbers.
	maxAdminJSON = 4 << 10
	// uploadTimeout is the time for a small request body to arrive, and for each byte more of a .torrent.
	uploadTimeout = 60 * time.Second
	// uploadMost is the time for all of a .torrent: the largest comes at 170 kB/s.
	uploadMost = 10 * time.Minute
	// maxProfile is the longest profile or trace that is made.
	maxProfile = time.Minute
	// maxPrefetches is how many prefetches run at a time, and maxPrefetchesKept how many are known with
	// those that have ended. prefetchStep is how many bytes are passed over at once where they are here.
	// prefetchStall is how long the next bytes may take.
	maxPrefetches     = 16
	maxPrefetchesKept = 100
	prefetchStep      = int64(16 << 20)
	prefetchStall     = 10 * time.Minute
	// maxCacheWork is how many requests to verify or to purge are worked on at a time.
	maxCacheWork = 4
	// magnetWait is how long a POSTed magnet link waits for its metadata
	// before it is 202.
	magnetWait = 2 * time.Second
)

// Thresholds of telemetry.
const (
	// waitCounts is the wait from which a piece counts as fetched rather than
	// held: reading a held one from disk, its first check included, takes less.
	waitCounts = 10 * time.Millisecond
	// stallCounts is the wait after the first byte that counts as a stall: a
	// player with an ordinary buffer notices nothing below it.
	stallCounts = 250 * time.Millisecond
)
