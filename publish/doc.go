// Package publish makes torrents of files and folders and has them served where they are.
//
// A Publisher holds publications. Each has a path, the torrent that was made of it, and an
// origin: the files themselves, as a source of pieces beside the cache's tiers (cache.Origin).
// Nothing is copied. What the files hold is believed as little as anything else: the cache
// hashes each piece before its first use, and again when its files changed. So a file that
// changes is never served as what it was; that it is noticed before somebody asks is what
// watching adds.
//
// A publication outlives a restart. Its .torrent is kept with a fingerprint of the files
// (names, lengths, times of change); where that is the same, and samples have their hash,
// nothing is hashed anew.
package publish
