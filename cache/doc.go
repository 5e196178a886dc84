// Package cache keeps verified pieces in memory and on disk under one budget
// each, over all torrents, and the torrents' metainfo with them.
//
// # What it promises
//
//   - A byte that a [Lease] gives is right: it was verified in this process
//     before [Torrent.Put], or it was read back and hashed once before its first
//     use. Anything that does not fit its hash is a miss. Where somebody else
//     changes a data file, its pieces are hashed once more (guard.go).
//   - Full means eviction, never an error and never a wait. A full or failing
//     disk is worked round: pieces stay in memory as long as there is room, reads
//     of what is lost are misses, the disk is tried again later, and what is in
//     memory then is written.
//   - A slow disk loses nothing as long as whoever puts pieces heeds Backlog, up to
//     a bound in time (maxStall, minWriteRate).
//   - A piece that is leased is not evicted. The hole of an evicted piece is
//     punched after the journal says that it is gone.
//   - After a crash the journal claims no piece whose data was not synced before,
//     and none whose hole was punched. Unknown means absent.
//
// # Tiers
//
// A piece that was Put is at once available. It waits in memory for the disk
// writer, in a queue that Backlog bounds at a quarter of MemoryBytes. It is written past the
// page cache where the file system can do that, several small ones at once. When
// written it can be read from disk, and its memory is offered to the memory tier,
// where ristretto's policy (TinyLFU) decides whether it is worth keeping. At the
// next sync, at most half a second later, it is recorded in the journal. Ristretto
// sets asynchronously and may drop what it is offered; so the index, not
// ristretto, says what is where, and ristretto says only what has to go.
//
// What leaves the disk first is decided by order.go: a piece that is used once leaves before
// those that are asked for again and again.
//
// Without a folder, or while the disk fails, the newest pieces have a quarter of
// MemoryBytes, first in first out, and ristretto has the rest: a new piece is
// sure of some time to prove itself against older ones that were read often. A
// piece that leaves the last tier it was in is gone, and the callback given to
// [Store.Torrent] is told.
//
// # Files
//
// The folder belongs to one process at a time (a lock file). It holds the
// journal, one sparse data file per torrent with each piece at its own offset,
// and the metainfo files. Names are made of infohashes in hexadecimal alone. The
// budget counts the blocks of data files and the metainfo; the journal, at most
// some 40 bytes a piece, comes on top. Pieces are bounded in number too, since
// each has an entry in the index, in memory.
//
// # Concurrency
//
// Everything is safe for concurrent use. One lock guards the index; it is held
// for microseconds and never across I/O. One goroutine writes, evicts and
// punches, in the order of a queue; another syncs and writes the journal, so that
// a sync delays no write; a third delivers callbacks.
package cache
