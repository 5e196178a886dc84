package main

import "time"

// Bounds of the settings.
const (
	minMemory    = 64 * MiB // one piece of the largest length that is accepted (metainfo: 64 MiB)
	maxMemory    = 1 * TiB
	minCacheSize = 64 * MiB // the same
	maxCacheSize = 1 << 20 * TiB

	maxClientRequests = 1_000_000 // a second
	maxStreams        = 1_000_000
	maxClientSurplus  = 1 * TiB // a second
	maxTorrents       = 100_000
	maxConnections    = 100_000
	maxUploadRate     = 1 * TiB  // a second
	maxDownloadRate   = 1 * TiB  // a second
	maxClientRate     = 1 * TiB  // a second
	maxScrubRate      = 1 * TiB  // a second
	minRate           = 16 * KiB // a second: below it pieces take longer than peers and clients wait

	maxHostLength = 253 // bytes of a DNS name (RFC 1035 section 2.3.4)
)

// dhtStateName is the file of the cache folder in which the nodes of the DHT are kept.
const dhtStateName = "dht.state"

// namesDir is the folder of the cache folder in which the key of names is, and what names stand for.
const namesDir = "names"

// peersStateName is the file of the cache folder in which peers that gave content are kept.
const peersStateName = "peers.state"

// bansStateName is the file of the cache folder in which bans of peers are kept.
const bansStateName = "bans.state"

// siblingStateName is the file of the cache folder in which our name among siblings is kept.
const siblingStateName = "sibling.state"

// maxSecretFile is how long the file of the fleet's secrets may be, in bytes: comments have room in it.
const maxSecretFile = 64 << 10

// torrentsStateName is the file of the cache folder in which totals and upload policies of torrents are kept.
const torrentsStateName = "torrents.state"

// accountsFile is the file of the cache folder in which what users have spent is kept. It is saved
// every accountsInterval, and at the end.
const (
	accountsFile     = "accounts.json"
	accountsInterval = time.Minute
)

// listsDir is the folder in the cache's folder that has the lists that were fetched. listHeader is how much longer their
// files are at most than what was fetched, in bytes.
const (
	listsDir   = "lists"
	listHeader = 2 << 10
)

// minListInterval is the shortest time between two requests for a list.
const minListInterval = 10 * time.Second

// acmeDir is the folder in the cache's folder that has what certificate authorities gave, and the keys to it.
const acmeDir = "acme"

// publishedDir is the folder in the cache's folder that has the torrents of what is published.
const publishedDir = "published"

// What memory is beside that which --memory bounds: connections, the runtime itself.
const memoryOverhead = 128 * MiB

// liveHeapEvery is how often the collector's limit is compared with what is in use.
const liveHeapEvery = 10 * time.Second

// Descriptors.
const (
	// reservedDescriptors are for everything but data files and connections of clients, with peers and with web seeds.
	// They are 128 for exchanges with trackers (peer/contact), 32 for the admin listener and 48 for the rest. The rest
	// is name servers, listeners, the DHT, the journal, and connections that are being refused or are about to be
	// closed for another.
	reservedDescriptors = 208
	// maxWebConns is how many connections with web seeds there are.
	maxWebConns = 128
	// connsPerStream is how many connections clients may have for each request at once: some are kept without one.
	connsPerStream = 2
)

// Waits.
const (
	demoDrainTime = 5 * time.Second // for transfers of the demo, once it is told to stop
	farewellTime  = 3 * time.Second // for "stopped" to reach the trackers
	adminTime     = 2 * time.Second // for answers of the admin listener under way
	telemetryTime = 3 * time.Second // for the last spans to be exported
	healthTime    = 3 * time.Second // for an answer to `btgw health`
	prefetchPoll  = time.Second     // between two looks of `btgw cache prefetch`
	// callTime is how long an answer to `btgw cache` may take. One to a call that goes over all of a torrent, or of the cache,
	// comes at the end of that, within lastingCallTime.
	callTime        = time.Minute
	lastingCallTime = 24 * time.Hour
)

// maxAdminAnswer is how much of an answer of the admin listener is read, in bytes: a list of all torrents is the longest.
const maxAdminAnswer = 64 << 20

// maxBlocklistFile is how long a blocklist may be, in bytes: the largest that are passed around have 20 MB.
const maxBlocklistFile = 256 << 20

// peerPortTries is how many further ports are tried for peers where the usual one is in use, the last of them any free one.
const peerPortTries = 4

const (
	helpWidth         = 110 // columns
	progressRefresh   = 150 * time.Millisecond
	progressPeersTime = time.Second // how often the count of peers is looked up
	// progressSilence is how long nothing comes until a bar says what is waited for.
	progressSilence = 3 * time.Second
)
