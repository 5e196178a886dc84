package main

import (
	"context"

	"go.opentelemetry.io/otel/metric"

	"github.com/btgw/btgw/peer/tracker"
)

// observeTracker publishes the figures of our tracker.
func observeTracker(i *instruments, t *tracker.Tracker) metric.Callback {
	swarms := i.gauge("btgw.tracker.swarms", "{swarm}", "Torrents that peers were announced for.")
	peers := i.gauge("btgw.tracker.peers", "{peer}", "Peers that are known, by what reaches them.")
	questions := i.counter("btgw.tracker.questions", "{question}", "Announces and scrapes, and those that were refused.")
	return func(_ context.Context, o metric.Observer) error {
		s := t.Stats()
		o.ObserveInt64(swarms, int64(s.Swarms))
		o.ObserveInt64(peers, int64(s.Peers), by("btgw.network", "socket"))
		o.ObserveInt64(peers, int64(s.WebPeers), by("btgw.network", "web"))
		for what, n := range map[string]int64{"announce": s.Announces, "scrape": s.Scrapes, "refused": s.Refused, "forged": s.Forged, "full": s.Full} {
			o.ObserveInt64(questions, n, by("btgw.outcome", what))
		}
		return nil
	}
}
