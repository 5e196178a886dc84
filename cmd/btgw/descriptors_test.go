package main

import (
	"log/slog"
	"math"
	"testing"
)

func TestShareDescriptors(t *testing.T) {
	for _, test := range []struct {
		limit, clients, peers  int
		wantClients, wantPeers int
	}{
		{math.MaxInt32, 8192, 500, 8192, 500},
		{20_000, 8192, 500, 8192, 500},
		{4096, 8192, 500, 4096 - reservedDescriptors - maxWebConns - 2*((4096-reservedDescriptors)/16) - 500, 500},
		{1024, 8192, 500, 306, 306},
		{1024, 100, 500, 100, 500},
		{1024, 8192, 50, 562, 50},
		{256, 8192, 500, 48, 48},
		{2, 8192, 500, 0, 1},
	} {
		got := shareDescriptors(test.limit, test.clients, test.peers)
		if got.clients != test.wantClients || got.peers != test.wantPeers {
			t.Errorf("%+v: %+v", test, got)
		}
		if test.limit > 2 && got.clients+got.peers+got.web+2*got.files+min(reservedDescriptors, test.limit/2) > test.limit {
			t.Errorf("%+v: %+v is more than there are", test, got)
		}
	}
}

func TestWithinDescriptors(t *testing.T) {
	s, err := serveSettings(t)
	if err != nil {
		t.Fatal(err)
	}
	s.withinDescriptors(math.MaxInt32, slog.New(slog.DiscardHandler))
	if s.http.maxConns != connsPerStream*s.http.maxStreams || s.engine.maxConns != 500 {
		t.Errorf("without a limit: %d and %d", s.http.maxConns, s.engine.maxConns)
	}
	s.withinDescriptors(1024, slog.New(slog.DiscardHandler))
	if s.http.maxConns != 306 || s.engine.maxConns != 306 || s.engine.openFiles != 51 || s.engine.webConns != 102 {
		t.Errorf("with 1024: %d and %d", s.http.maxConns, s.engine.maxConns)
	}
}
