package gateway

import (
	"sync"

	"github.com/hashicorp/golang-lru/v2/simplelru"
)

// queries are the queries of late, as they were understood: the ranges of a film come
// with the same one, which a magnet link makes long. It is safe for concurrent use.
type queries struct {
	check  checkAddr
	signed bool // there are signed links

	mu     sync.Mutex
	parsed *simplelru.LRU[string, *query] // guarded by mu
	bytes  int                            // guarded by mu
}

func newQueries(check checkAddr, signed bool) *queries {
	q := &queries{check: check, signed: signed}
	q.parsed, _ = simplelru.NewLRU(maxQueries, func(raw string, _ *query) { q.bytes -= queryCost(raw) }) // the size is a constant above zero: no error
	return q
}

// plain is the query that asks for nothing.
var plain = &query{}

// of reads a raw query.
func (q *queries) of(raw string) (*query, *problem) {
	if raw == "" {
		return plain, nil
	}
	q.mu.Lock()
	known, ok := q.parsed.Get(raw)
	q.mu.Unlock()
	if ok {
		return known, nil
	}
	made, p := parseQuery(raw, q.check, q.signed)
	if p != nil {
		return nil, p
	}
	q.mu.Lock()
	defer q.mu.Unlock()
	if known, ok := q.parsed.Get(raw); ok {
		return known, nil
	}
	q.bytes += queryCost(raw)
	q.parsed.Add(raw, made)
	for q.bytes > maxQueryBytes {
		q.parsed.RemoveOldest()
	}
	return made, nil
}

// queryCost is about what a query takes of memory: its text, what was read from it,
// and the same written again.
func queryCost(raw string) int { return queryBytes + 4*len(raw) }
