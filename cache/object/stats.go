package object

import "sync/atomic"

// Stats is what a Store has done since it was opened, and how the store is.
type Stats struct {
	Up        bool   `json:"up"`                   // the store is believed to answer
	LastError string `json:"last_error,omitempty"` // the last failure of the store
	// Requests by kind. Gets are reads of runs and metainfo.
	Gets    int64 `json:"gets"`
	Puts    int64 `json:"puts"`
	Lists   int64 `json:"lists"`
	Deletes int64 `json:"deletes"`
	// ReadBytes and WrittenBytes count the bytes of objects.
	ReadBytes    int64 `json:"read_bytes"`
	WrittenBytes int64 `json:"written_bytes"`
	Errors       int64 `json:"errors"`  // requests that failed for a reason of the store
	Missing      int64 `json:"missing"` // runs that were read and not there
	Wrong        int64 `json:"wrong"`   // objects that had wrong bytes
	Queued       int   `json:"queued"`  // writes that wait
	Dropped      int64 `json:"dropped"` // writes that were not queued, since too many waited
}

type counters struct {
	gets, puts, lists, deletes, readBytes, writtenBytes, errors, missing, wrong, dropped atomic.Int64
}

// Stats returns a snapshot.
func (s *Store) Stats() Stats {
	c := &s.count
	st := Stats{
		Gets: c.gets.Load(), Puts: c.puts.Load(), Lists: c.lists.Load(), Deletes: c.deletes.Load(),
		ReadBytes: c.readBytes.Load(), WrittenBytes: c.writtenBytes.Load(),
		Errors: c.errors.Load(), Missing: c.missing.Load(), Wrong: c.wrong.Load(), Queued: len(s.queue), Dropped: c.dropped.Load(),
	}
	s.rest.mu.Lock()
	defer s.rest.mu.Unlock()
	st.Up, st.LastError = !s.rest.down, s.rest.last
	return st
}
