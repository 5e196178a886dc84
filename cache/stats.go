package cache

// Counters only grow while the Store is open.
type Counters struct {
	// MemoryHits, DiskHits and Misses count Get by what it found.
	MemoryHits, DiskHits, Misses int64
	// Evictions counts pieces that left the last tier they were in.
	Evictions int64
	// Overflows counts pieces that were left in memory since the disk was too slow to
	// be waited for.
	Overflows int64
	// WrittenBytes counts bytes of pieces written to disk.
	WrittenBytes int64
	// Syncs counts syncs of data files.
	Syncs int64
	// VerifyFailures counts pieces of an earlier run that did not fit their hash
	// or could not be read.
	VerifyFailures int64
	// Distrusts counts how often a data file was found changed by somebody else, so that
	// its pieces are verified again.
	Distrusts int64
	// WriteErrors and ReadErrors count operations that the disk failed.
	WriteErrors, ReadErrors int64
}

// Stats says what a Store holds and has done since it was opened.
type Stats struct {
	Counters

	// Torrents and Pieces are how many are held, in whatever tier; DiskPieces how
	// many of the pieces are on disk.
	Torrents, Pieces, DiskPieces int
	// DiskBytes is what data files and metainfo take on disk, MetainfoBytes the
	// latter alone, JournalBytes the journal.
	DiskBytes, MetainfoBytes, JournalBytes int64
	// DiskLimit is what DiskBytes may be now: Config.DiskBytes, or less for a
	// while after the file system was found full. 0 without a disk.
	DiskLimit int64
	// MemoryBytes is what ristretto holds; RecentBytes the pieces that are in
	// memory only since they are new; PendingBytes those that wait to be written.
	MemoryBytes, RecentBytes, PendingBytes int64
	// BufferBytes is Pool.Outstanding.
	BufferBytes int64
	// Degraded says that the last write failed: pieces stay in memory.
	Degraded bool
}

// Stats returns a snapshot. It takes time in proportion to the number of
// torrents.
func (s *Store) Stats() Stats {
	st := Stats{
		MemoryBytes:   s.hot.size(),
		BufferBytes:   s.pool.Outstanding(),
		MetainfoBytes: s.library.size(),
	}
	if s.disk != nil {
		s.disk.journal.mu.Lock()
		st.JournalBytes = s.disk.journal.size()
		s.disk.journal.mu.Unlock()
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	st.Counters = s.count
	for _, c := range s.contents {
		if len(c.pieces) > 0 {
			st.Torrents++
		}
		st.Pieces += len(c.pieces)
		st.DiskPieces += c.slots
	}
	st.RecentBytes, st.PendingBytes = s.recentBytes, s.queueBytes
	if d := s.disk; d != nil {
		st.DiskBytes, st.DiskLimit = d.used+st.MetainfoBytes, d.limit
		st.Degraded = d.fault.err != nil
	}
	return st
}
