// Package object keeps verified pieces and metainfo in a bucket of an object store that speaks
// S3. There they outlive a machine, and are there for all gateways that name the same bucket.
//
// # What is in the bucket
//
// Pieces are kept in runs ([Layout]): as many whole pieces as fit into eight mebibytes, at least
// one. A run is one object, which is written whole or not at all. Its name says what has to be
// in it:
//
//	<prefix>/v1/<infohash>/<first piece>-<pieces>
//	<prefix>/v1/<infohash>/metainfo
//
// The metainfo is a .torrent file with the info dictionary and the piece layers alone. It names
// no tracker. Private torrents (BEP 27) have none there.
//
// An object never changes: two gateways that write the same one write the same bytes. So nothing
// here needs a lock, a lease or a conditional write.
//
// # Trust
//
// Nothing that comes from the store is believed. The caller verifies pieces like those of a
// peer; metainfo is compared with its infohash here. What turns out wrong is reported by
// [Store.Wrong], which deletes it.
//
// # When the store fails
//
// A request that fails for a reason of the store makes the Store rest: [Store.Await] waits, and
// one goroutine tries a cheap request now and then until it succeeds. So a store that is down
// costs its callers nothing but one such request a while.
//
// # Concurrency
//
// Everything is safe for concurrent use. A Store owns its goroutines: two that write what Keep
// was given, and one that looks whether a failing store is back. Close waits for them.
package object
