package cache

// Counters holds counts that only grow while the Store is open.
type Counters struct {
	// MemoryHits, DiskHits and Misses count Get by what it found.
	MemoryHits, DiskHits, Misses int64
	// Evictions counts pieces that left the last tier they were in.
	Evictions int64
	// Overflows counts pieces that stayed in memory because the disk was too slow to
	// wait for.
	Overflows int64
	// WrittenBytes counts bytes of pieces written to disk.
	WrittenBytes int64
	// WarmedBytes counts bytes of pieces that the kernel was asked to read soon after they were
	// written, WarmHitBytes those of pieces of which something was read within againTime.
	WarmedBytes, WarmHitBytes int64
	// Syncs counts syncs of data files.
	Syncs int64
	// VerifyFailures counts pieces of an earlier run that did not fit their hash
	// or could not be read.
	VerifyFailures int64
	// Distrusts counts how often somebody else was found to have changed a data file,
	// so that its pieces are verified again.
	Distrusts int64
	// ScrubbedBytes counts bytes of pieces that the scrubber read and could judge.
	// ScrubFailures counts pieces that it found wrong.
	ScrubbedBytes, ScrubFailures int64
	// WriteErrors and ReadErrors count operations that the disk failed.
	WriteErrors, ReadErrors int64
}

// Stats is what a Store holds, and what it has done since it was opened.
type Stats struct {
	Counters

	// Torrents and Pieces are the numbers held, in whatever tier. DiskPieces is the
	// number of pieces on disk.
	Torrents, Pieces, DiskPieces int
	// DiskBytes is what data files and metainfo take on disk, MetainfoBytes the
	// latter alone, JournalBytes the journal.
	DiskBytes, MetainfoBytes, JournalBytes int64
	// PinnedBytes is what pinned torrents take of DiskBytes, PinnedTorrents how many are pinned.
	PinnedBytes    int64
	PinnedTorrents int
	// DiskLimit bounds DiskBytes now: it is Config.DiskBytes, or less for a while after
	// the file system was found full. It is 0 without a disk.
	DiskLimit int64
	// MemoryBytes is what ristretto holds; RecentBytes the pieces that are in
	// memory only since they are new; PendingBytes those that wait to be written.
	MemoryBytes, RecentBytes, PendingBytes int64
	// BufferBytes is Pool.Outstanding.
	BufferBytes int64
	// Degraded reports whether the last write failed, so that pieces stay in memory.
	Degraded bool
}

// Stats returns a snapshot. It takes time in proportion to the number of
// torrents, and of pieces in memory.
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
		n := c.count()
		if n > 0 {
			st.Torrents++
		}
		st.Pieces += n
		st.DiskPieces += c.stored
		if c.pinned {
			st.PinnedBytes += c.charged
		}
	}
	st.PinnedTorrents = len(s.pins)
	st.RecentBytes, st.PendingBytes = s.recentBytes, s.queueBytes
	if d := s.disk; d != nil {
		st.DiskBytes, st.DiskLimit = d.used+st.MetainfoBytes, d.limit
		st.Degraded = d.fault.err != nil
	}
	return st
}
