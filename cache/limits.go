package cache

import (
	"time"

	"github.com/btgw/btgw/metainfo"
)

// Sizes of the tiers where a Config leaves them at zero.
const (
	// DefaultDiskBytes is the budget of the disk tier, in bytes.
	DefaultDiskBytes int64 = 10 << 30
	// The disk tier's index takes some runCost bytes of memory for each run and 2 for each
	// piece. It may be as much as the memory tier has. A disk full of runs with pieces of
	// placeLength always fits.
	runCost     = 300
	placeLength = 256 << 10
	minIndex    = 1 << 18

	// DefaultMemoryBytes is the budget of the memory tier, in bytes.
	DefaultMemoryBytes int64 = 256 << 20
	// DefaultIdleBytes is what a Store's own Pool keeps for reuse, in bytes.
	DefaultIdleBytes int64 = 64 << 20
)

// Bounds of the buffer pool.
const (
	// minClass is the smallest size class, in bytes: one block (BEP 3).
	minClass = 16 << 10
	// maxClass is the largest piece that any torrent may have, in bytes; larger
	// buffers are made and dropped without being kept.
	maxClass = 64 << 20
	// classesPerDouble splits each power of two: at most 1/4 of a buffer is
	// beyond what was asked for.
	classesPerDouble = 4
)

// Bounds of the memory tier.
const (
	// recentShare is the part of MemoryBytes, as a divisor, for pieces that wait
	// to be written and for the newest ones in memory-only mode; ristretto has
	// the rest.
	recentShare = 4
	// promoteReads is how many times its length a piece is read from disk, its check
	// included, before it is moved to memory.
	promoteReads = 16
	// promoteShare is the part of the memory tier, as a divisor, that a piece may
	// be and still be moved there.
	promoteShare = 16
	// policyCounterBytes is how much memory tier there is for one access counter
	// of the policy: ten counters for each piece of 256 KiB, as ristretto advises.
	policyCounterBytes = (256 << 10) / 10
	// minPolicyCounters and maxPolicyCounters bound their number (3 bytes each).
	minPolicyCounters = 1 << 12
	maxPolicyCounters = 1 << 20
	// policyReads is ristretto's batch of counted reads, its advised value.
	policyReads = 64
	// policyTick is how often ristretto looks for entries that have outlived
	// their time, in seconds. Ours have none.
	policyTick = 24 * 60 * 60
)

// Bounds of the disk tier.
const (
	// maxRunBytes is the size of a run, in bytes. minRuns is how many a cache has room for
	// at least, as far as its pieces are not larger than that.
	maxRunBytes int64 = 8 << 20
	minRuns           = 64
	// maxRunPieces bounds a run of small pieces.
	maxRunPieces = 1 << 13
	// syncDelay is how long a piece that was written may wait for its sync. What
	// a crash in between costs is fetched again.
	syncDelay = 500 * time.Millisecond
	// syncBytes is how many written bytes cause a sync before syncDelay.
	syncBytes int64 = 64 << 20
	// evictShare is how much is evicted beyond the need, as a divisor of the
	// budget: one journal sync serves the whole batch.
	evictShare = 32
	// maxEvictSlack bounds that, in bytes.
	maxEvictSlack int64 = 64 << 20
	// trialShare is the part of the runs on disk, as a divisor of their bytes, that may be new
	// ones on trial before those are evicted first.
	trialShare = 10
	// maxPassed bounds how many runs are passed over for one eviction. The Store's lock is held
	// meanwhile.
	maxPassed = 1 << 10
	// sameUse is the time within which several uses of a piece count as one. One reader
	// asks again and again for parts of a piece, and viewers who watch together count
	// as one.
	sameUse = 10 * time.Minute
	// minGhosts is the least number of evicted runs that are remembered.
	minGhosts = 1024
	// minRetryDelay and maxRetryDelay are how long a failing disk is left alone;
	// the delay doubles with each failure in a row.
	minRetryDelay = 2 * time.Second
	maxRetryDelay = time.Minute
	// regrowDelay is how long the budget stays reduced after the file system was
	// found full.
	regrowDelay = time.Minute
	// logEvery is the least time between two log lines of one kind of fault.
	logEvery = 30 * time.Second
	// writeDelay is how long a piece may wait for others to be written with it.
	writeDelay = 20 * time.Millisecond
	// writeBytes is how many queued bytes are written before writeDelay.
	writeBytes int64 = 1 << 20
	// maxWriteBytes bounds one write of several pieces.
	maxWriteBytes int64 = 4 << 20
	// batchBytes is how much of the queue the writer takes at a time.
	batchBytes int64 = 16 << 20
	// maxStall bounds how long a full queue slows readers while the disk writes
	// nothing. minWriteRate, in bytes/s, is the least rate that is waited for longer. A
	// slower disk costs copies: pieces stay in memory as long as there is room.
	maxStall           = 5 * time.Second
	minWriteRate int64 = 4 << 20
	// minDirect is the smallest read or write past the page cache, in bytes. For less,
	// the many waits cost more than the copies.
	minDirect = 128 << 10
	// warmDelay is how long nothing may have been written into a run, past the page cache, before it is warmed
	// though it is not full. maxCold is how many may wait; warmYield is how long they wait for the writer.
	warmDelay = 30 * time.Second
	maxCold   = 256
	warmYield = 50 * time.Millisecond
	// againTime is within which time what was warmed has to be read to count as asked for again.
	againTime = 10 * time.Minute
	// warmTrial is how much is warmed before it is judged, in bytes. Where fewer than one of warmShare
	// of its bytes were asked for again, one run of warmSample is warmed from then on.
	warmTrial  int64 = 1 << 30
	warmShare        = 8
	warmSample       = 16
	// asyncRetry is how long after asynchronous writes failed, or were not to be had, they are tried
	// again.
	asyncRetry = time.Minute
	// growBytes is how far a data file is made longer ahead of a write.
	growBytes int64 = 64 << 20
	// directAlign is what direct reads and writes are aligned to, in memory and in the file,
	// in bytes: the largest logical block of disks in use.
	directAlign = 4096
	// MaxOpenFiles bounds the data files that are open at a time. Each has up to two
	// descriptors.
	MaxOpenFiles = 1024
	// auditTime is how long the writer audits at a time, auditBatch how many files it looks at
	// before it asks how late it is.
	auditTime  = 20 * time.Millisecond
	auditBatch = 64
	// namesAtOnce is how many names of a folder are in memory at a time.
	namesAtOnce = 1024
	// scrubAfter is how long after a start, or after a pass, the scrubber begins. scrubEvery is how
	// long it is from the beginning of a pass to the next at least.
	scrubAfter = 10 * time.Minute
	scrubEvery = 7 * 24 * time.Hour
	// scrubBytes is how much it reads at once, or one piece where that is larger, in bytes.
	scrubBytes int64 = 4 << 20
	// scrubYield is how often it asks whether others use the disk. On a disk that others always
	// use it goes on after scrubPatience times as long as it takes else.
	scrubYield    = 100 * time.Millisecond
	scrubPatience = 10
	// fileWait bounds how long a goroutine waits for room to open another data file.
	fileWait = 10 * time.Second
	// closeWait is how long after Close began it still waits for that.
	closeWait = time.Second
	// maxLockNote bounds what is read of the note in a lock file, in bytes.
	maxLockNote = 64
)

// Bounds of the journal.
const (
	// slotLen is the unit of the journal, in bytes; every record is one slot or
	// four.
	slotLen = 16
	// wideLen is the length of the header and of a torrent's record, in bytes.
	wideLen = 4 * slotLen
	// reserveBytes is how far ahead of its end the journal has space allocated:
	// evictions must be recorded when the file system is full.
	reserveBytes int64 = 64 << 10
	// maxJournalBytes bounds what is replayed: 64 Mi records, where 16 TiB in
	// runs of 8 MiB take 2 Mi. A longer file is not ours.
	maxJournalBytes int64 = 1 << 30
	// replayBytes is how much of the journal is read at a time.
	replayBytes = 64 << 10
	// compactSlack is how many records more than twice the live ones a journal
	// may have before it is rewritten.
	compactSlack = 1 << 16
	// maxSpan is how large a torrent's byte space may be, in bytes: its content
	// and as much for alignment (BEP 47, BEP 52). A record beyond that, or beyond
	// what package metainfo accepts, is not believed.
	maxSpan int64 = 2 * metainfo.MaxSize
)

// Bounds of a lease's reads and sends.
const (
	// maxMemoryWrite is the largest single write out of memory, in bytes.
	maxMemoryWrite = 1 << 20
	// minPages is the shortest range, in bytes, whose pages go to a socket uncopied. Below it
	// a copy costs less than the calls.
	minPages = 16 << 10
	// copyBytes is the buffer between a data file and a writer, in bytes.
	copyBytes = 256 << 10
	// maxAhead bounds what a lease reads ahead, in bytes.
	maxAhead = 1 << 20
	// aheadShare is the part of MemoryBytes, as a divisor, that all leases may read
	// ahead, beside it.
	aheadShare = 16
)

// Bounds of what torrents have in common.
const (
	// maxTwinKeys is how many hashes held pieces are found by, at some 40 bytes each, and
	// twinKeyShare how many bytes of Config.MemoryBytes there have to be for each.
	maxTwinKeys  = 1 << 20
	twinKeyShare = 1 << 10
	// maxTwins is how many pieces may be lent to other torrents at a time, at some 200 bytes.
	maxTwins = 1 << 16
	// twinBatch is for how many pieces the Store's lock is held at a time.
	twinBatch = 1 << 10
	// scanWait is how long after the Store's start a torrent that is opened waits for the hashes of
	// earlier runs. Later ones do without those that are not known yet.
	scanWait = 500 * time.Millisecond
	// maxScanned is the largest metainfo file that is read for its hashes, in bytes.
	maxScanned = 8 << 20
)

// Bounds of the kept metainfo.
const (
	// MaxPins is how many torrents may be pinned, at some 100 bytes of memory each; maxPinsFile is
	// the size of their file, in bytes.
	MaxPins     = 10_000
	maxPinsFile = 1 << 20
	// maxParsed is how many parsed torrents stay in memory.
	maxParsed = 256
	// parsedShare is the part of MemoryBytes, as a divisor, that those may take besides,
	// where there is no disk for them; one may always be there.
	parsedShare = 8
	// maxKept is how many metainfo files are kept.
	maxKept = 100_000
	// metainfoShare is the part of DiskBytes that metainfo may take, as a divisor.
	metainfoShare = 8
)
