// Package cache keeps verified pieces in memory and on disk, over all torrents, and the
// torrents' metainfo with them. Each of the two tiers has one budget.
//
// # What it promises
//
//   - A byte that a [Lease] gives is right. It was verified in this process before
//     [Torrent.Put], or it was read back and hashed once before its first use. Anything
//     that does not fit its hash is a miss. Where somebody else changes a data file, its
//     pieces are hashed once more (guard.go).
//   - A full cache evicts: it neither fails nor waits. Pieces stay in memory while the
//     disk is full or failing, as long as there is room. A read of a lost piece is a
//     miss. The disk is tried again later, and then gets the pieces in memory.
//   - A slow disk loses nothing as long as the caller of Put heeds Backlog, up to a
//     bound in time (maxStall, minWriteRate).
//   - A leased piece is not evicted, nor are the others of its run. The file of an evicted
//     run is deleted after the journal says that its pieces are gone.
//   - The bytes of a piece on disk do not change as long as anybody has the file open. A
//     file is filled and deleted; nothing is punched or cut off it. What a socket was given
//     of its pages stays as it is.
//   - After a crash the journal claims no piece whose data was not synced before, and
//     none whose file was deleted. A piece that is unknown is absent.
//
// # Tiers
//
// Get finds a piece as soon as it was Put. The piece waits in memory for the disk
// writer, in a queue that Backlog bounds at a quarter of MemoryBytes. The writer writes
// past the page cache where the file system can do that, several small pieces at once.
// Then the piece can be read from disk, and its memory is offered to the memory tier,
// where ristretto's policy (TinyLFU) decides whether to keep it. The next sync, at most
// half a second later, records the piece in the journal. Meanwhile the kernel reads the run back
// into the page cache, for those who ask again soon (warm.go). Ristretto sets asynchronously
// and may drop what it is offered. So the index says which tier holds a piece, and
// ristretto says only what has to go.
//
// Pieces leave the disk run by run, a row of 8 MiB of them (run.go). The order is in
// order.go. A run that was used once leaves before those that are asked for again and
// again, and one that another gateway of the fleet keeps too before both.
//
// Without a folder, or while the disk fails, a quarter of MemoryBytes goes to the
// newest pieces, first in first out, and ristretto has the rest. A new piece thus has
// some time to prove itself against older pieces that were read often. A piece that
// leaves the last tier it was in is gone, and the callback given to [Store.Torrent] is
// told.
//
// # What torrents have in common
//
// A piece that another torrent holds, by its hash or by the root of its file, counts as
// held. Its first use copies it, once it fits its hash (twins.go).
//
// # Files
//
// The folder belongs to one process at a time (a lock file). It holds the journal, one
// data file for each run with each piece at its own offset, and the metainfo files. File
// names consist of infohashes in hexadecimal, and the numbers of runs. A start reads the
// journal, and the data files are compared with it afterwards (audit.go). The budget counts
// the blocks of data files and the metainfo; the journal, at most some 40 bytes a piece,
// comes on top. The index, in memory, is bounded too: it takes 2 bytes a piece, and some
// 300 a run.
//
// What a disk has forgotten is found by a scrubber, which reads all of it again at a low rate
// (scrub.go).
//
// # Concurrency
//
// Everything is safe for concurrent use. One lock guards the index; it is held for
// microseconds and never across I/O. One goroutine writes, evicts and deletes, in the
// order of a queue. Another syncs and writes the journal, so that a sync delays no
// write. A third delivers callbacks, and a fourth warms the page cache.
package cache
