package gateway

import (
	"fmt"
	"strings"
	"testing"
)

// hintsOf is a query with so many trackers.
func hintsOf(trackers int) string {
	var q strings.Builder
	for i := range trackers {
		fmt.Fprintf(&q, "&tr=http%%3A%%2F%%2Ft%d.example%%3A6969%%2Fannounce", i)
	}
	return q.String()[1:]
}

// A query is parsed once: whoever comes with it again shares what was understood, at no cost.
func TestQueriesAreParsedOnce(t *testing.T) {
	q := newQueries(noPrivate, false)
	raw := hintsOf(20)
	first, p := q.of(raw)
	if p != nil || len(first.hints.Trackers) != 20 {
		t.Fatalf("%+v %+v", first, p)
	}
	if allocs := testing.AllocsPerRun(100, func() {
		if again, p := q.of(raw); p != nil || again != first {
			t.Error("it was parsed again")
		}
	}); allocs > 0 {
		t.Errorf("%v allocations", allocs)
	}
	if _, p := q.of("download=maybe"); p == nil || q.parsed.Len() != 1 {
		t.Error("what was refused is kept")
	}
}

// What is kept of queries is bounded in bytes and in number, whatever clients come with.
func TestQueriesAreBounded(t *testing.T) {
	q := newQueries(nil, false)
	for i := range 3 * maxQueries {
		if _, p := q.of(fmt.Sprint("dn=", i)); p != nil {
			t.Fatal(p.detail)
		}
	}
	if n := q.parsed.Len(); n > maxQueries || q.bytes > maxQueryBytes {
		t.Errorf("%d queries, %d bytes", n, q.bytes)
	}
	long := strings.Repeat("x", maxHeaderBytes-100)
	for i := range 1000 {
		if _, p := q.of(fmt.Sprint("utm=", i, long)); p != nil {
			t.Fatal(p.detail)
		}
	}
	sum := 0
	for _, raw := range q.parsed.Keys() {
		sum += queryCost(raw)
	}
	if q.bytes > maxQueryBytes || q.bytes != sum {
		t.Errorf("%d bytes are counted, %d are kept", q.bytes, sum)
	}
}
