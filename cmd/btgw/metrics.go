package main

import (
	"context"
	"errors"
	"fmt"
	"sync"

	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/metric"

	"github.com/btgw/btgw/fetch"
	"github.com/btgw/btgw/metainfo"
	"github.com/btgw/btgw/peer/tracker"
)

// scope is the instrumentation scope of this package.
const scope = "github.com/btgw/btgw"

// instruments makes observable instruments and remembers what is wrong with any.
type instruments struct {
	meter metric.Meter
	all   []metric.Observable
	errs  []error
}

// counter is an observable that only grows.
func (i *instruments) counter(name, unit, description string) metric.Int64Observable {
	c, err := i.meter.Int64ObservableCounter(name, metric.WithUnit(unit), metric.WithDescription(description))
	return keep(i, c, err)
}

// gauge is an observable that goes up and down and may be added up over processes.
func (i *instruments) gauge(name, unit, description string) metric.Int64Observable {
	g, err := i.meter.Int64ObservableUpDownCounter(name, metric.WithUnit(unit), metric.WithDescription(description))
	return keep(i, g, err)
}

// keep files an instrument.
func keep[T metric.Int64Observable](i *instruments, instrument T, err error) metric.Int64Observable {
	i.errs = append(i.errs, err)
	i.all = append(i.all, instrument)
	return instrument
}

// observe publishes what the parts of the engine count, and our tracker where there is one, each time that somebody reads the metrics. No attribute names a
// torrent, a peer or a client.
func observe(provider metric.MeterProvider, e *engine, t *tracker.Tracker) error {
	i := &instruments{meter: provider.Meter(scope)}
	callbacks := []metric.Callback{observeCache(i, e), observePeers(i, e), observeFetch(i, e), observeFleet(i, e)}
	if t != nil {
		callbacks = append(callbacks, observeTracker(i, t))
	}
	if e.objects != nil {
		callbacks = append(callbacks, observeObjects(i, e.objects))
	}
	if err := errors.Join(i.errs...); err != nil {
		return fmt.Errorf("metrics: %w", err)
	}
	_, err := i.meter.RegisterCallback(func(ctx context.Context, o metric.Observer) error {
		for _, c := range callbacks {
			if err := c(ctx, o); err != nil {
				return err
			}
		}
		return nil
	}, i.all...)
	return err
}

// by is a point's attribute.
func by(key, value string) metric.ObserveOption {
	return metric.WithAttributeSet(attribute.NewSet(attribute.String(key, value)))
}

// observeCache publishes the store's figures.
func observeCache(i *instruments, e *engine) metric.Callback {
	lookups := i.counter("btgw.cache.lookups", "{lookup}", "Lookups of pieces, by the tier that had them.")
	held := i.gauge("btgw.cache.usage", "By", "What each tier holds.")
	limit := i.gauge("btgw.cache.limit", "By", "What the disk tier may hold.")
	pieces := i.gauge("btgw.cache.pieces", "{piece}", "Verified pieces held, in whatever tier.")
	evictions := i.counter("btgw.cache.evictions", "{piece}", "Pieces that left the cache to make room.")
	overflows := i.counter("btgw.cache.overflows", "{piece}", "Pieces that stayed in memory because the disk was behind.")
	written := i.counter("btgw.cache.written", "By", "Written to disk.")
	scrubbed := i.counter("btgw.cache.scrubbed", "By", "Read again from disk and checked, by the scrubber.")
	faults := i.counter("btgw.cache.faults", "{operation}", "Operations that the disk failed, and cached pieces that did not fit their hash.")
	buffers := i.gauge("btgw.cache.buffers", "By", "Memory in piece buffers that are in use.")
	return func(_ context.Context, o metric.Observer) error {
		s := e.store.Stats()
		o.ObserveInt64(lookups, s.MemoryHits, by("btgw.tier", "memory"))
		o.ObserveInt64(lookups, s.DiskHits, by("btgw.tier", "disk"))
		o.ObserveInt64(lookups, s.Misses, by("btgw.tier", "none"))
		o.ObserveInt64(held, s.MemoryBytes+s.RecentBytes+s.PendingBytes, by("btgw.tier", "memory"))
		o.ObserveInt64(held, s.DiskBytes, by("btgw.tier", "disk"))
		o.ObserveInt64(limit, s.DiskLimit, by("btgw.tier", "disk"))
		o.ObserveInt64(pieces, int64(s.Pieces))
		o.ObserveInt64(evictions, s.Evictions)
		o.ObserveInt64(overflows, s.Overflows)
		o.ObserveInt64(written, s.WrittenBytes)
		o.ObserveInt64(scrubbed, s.ScrubbedBytes)
		o.ObserveInt64(faults, s.ReadErrors, by("btgw.fault", "read"))
		o.ObserveInt64(faults, s.WriteErrors, by("btgw.fault", "write"))
		o.ObserveInt64(faults, s.VerifyFailures, by("btgw.fault", "hash"))
		o.ObserveInt64(faults, s.ScrubFailures, by("btgw.fault", "scrub"))
		o.ObserveInt64(faults, s.Distrusts, by("btgw.fault", "changed"))
		o.ObserveInt64(buffers, s.BufferBytes)
		return nil
	}
}

// observePeers publishes the host's figures.
func observePeers(i *instruments, e *engine) metric.Callback {
	connections := i.gauge("btgw.peer.connections", "{connection}", "Connections to peers, attempts and handshakes included.")
	swarms := i.gauge("btgw.peer.swarms", "{swarm}", "Swarms that are taken part in.")
	bans := i.gauge("btgw.peer.bans", "{peer}", "Bans in force.")
	nodes := i.gauge("btgw.peer.dht_nodes", "{node}", "Nodes of the DHT that are known and answered.")
	ended := i.counter("btgw.peer.ended", "{connection}", "Connections, attempts and handshakes that were refused or ended, by why.")
	contacts := i.counter("btgw.peer.contacts", "{contact}", "Contacts with hosts that strangers may have named, and those that were not made, by what became of them.")
	withheld := i.counter("btgw.peer.withheld", "{part}", "Parts of metadata and hashes that a peer did not get, or got later, since all or its address had their share.")
	return func(_ context.Context, o metric.Observer) error {
		s := e.host.Stats()
		o.ObserveInt64(withheld, s.Withheld)
		c := e.contacts.Stats()
		for how, n := range map[string]int64{"made": c.Passed, "waited": c.Waited, "rested": c.Rested, "crowded": c.Crowded} {
			o.ObserveInt64(contacts, n, by("btgw.outcome", how))
		}
		for why, n := range map[string]int64{
			"no-room": s.NoRoom, "refused": s.Refused, "violation": s.Violations, "flood": s.Floods,
			"unwanted": s.Pushed.Unwanted, "share": s.Pushed.Share, "silent": s.Pushed.Silent,
		} {
			o.ObserveInt64(ended, n, by("btgw.reason", why))
		}
		o.ObserveInt64(nodes, int64(s.Nodes))
		o.ObserveInt64(connections, int64(s.Conns))
		o.ObserveInt64(swarms, int64(s.Swarms))
		o.ObserveInt64(bans, int64(s.Banned))
		return nil
	}
}

// observeFetch publishes the session's figures, added up over its torrents.
func observeFetch(i *instruments, e *engine) metric.Callback {
	torrents := i.gauge("btgw.fetch.torrents", "{torrent}", "Torrents in use.")
	readers := i.gauge("btgw.fetch.readers", "{reader}", "Contents being read.")
	peers := i.gauge("btgw.fetch.peers", "{peer}", "Peers of all torrents, by state.")
	trackers := i.gauge("btgw.fetch.trackers", "{tracker}", "Trackers of all torrents, by how their last announce went.")
	payload := i.counter("btgw.fetch.payload", "By", "Content received from peers, sent to peers, written to readers, and received in vain.")
	verified := i.counter("btgw.fetch.pieces", "{piece}", "Pieces that came whole, by what their hash said.")
	memory := i.gauge("btgw.fetch.memory", "By", "Memory of torrents, metadata on its way, and pieces in flight or ready for readers.")
	limits := i.gauge("btgw.fetch.memory_limit", "By", "What torrents, and pieces besides them, may take.")
	holdings := i.gauge("btgw.fetch.holdings", "{torrent}", "Torrents whose metadata is in memory.")
	refused := i.counter("btgw.fetch.refused", "{request}", "Torrents and readers that there was no room for, by what was lacking.")
	totals := &transfers{last: make(map[metainfo.InfoHash]fetch.Status)}
	return func(_ context.Context, o metric.Observer) error {
		list := e.session.List()
		var connected, unchoked, known, open, asked, failed int64
		for _, s := range list {
			known += int64(s.Swarm.Known)
			connected += int64(s.Swarm.Connected)
			unchoked += int64(s.Unchoked)
			open += int64(s.Readers)
			asked += int64(s.Swarm.TrackersAsked)
			failed += int64(s.Swarm.TrackersFailed)
		}
		sum := totals.add(list)
		o.ObserveInt64(torrents, int64(len(list)))
		load := e.session.Load()
		o.ObserveInt64(memory, load.TorrentBytes, by("btgw.kind", "torrents"))
		o.ObserveInt64(memory, load.GatheredBytes, by("btgw.kind", "metadata"))
		o.ObserveInt64(memory, load.PieceBytes, by("btgw.kind", "pieces"))
		o.ObserveInt64(limits, load.TorrentLimit, by("btgw.kind", "torrents"))
		o.ObserveInt64(limits, load.PieceLimit, by("btgw.kind", "pieces"))
		o.ObserveInt64(holdings, int64(load.Holdings))
		o.ObserveInt64(refused, load.RefusedMemory, by("btgw.reason", "memory"))
		o.ObserveInt64(refused, load.RefusedTorrents, by("btgw.reason", "places"))
		o.ObserveInt64(refused, load.RefusedReaders, by("btgw.reason", "readers"))
		o.ObserveInt64(readers, open)
		o.ObserveInt64(peers, known, by("btgw.state", "known"))
		o.ObserveInt64(peers, connected, by("btgw.state", "connected"))
		o.ObserveInt64(peers, unchoked, by("btgw.state", "unchoked"))
		o.ObserveInt64(trackers, asked-failed, by("btgw.outcome", "answered"))
		o.ObserveInt64(trackers, failed, by("btgw.outcome", "failed"))
		o.ObserveInt64(payload, sum.Downloaded, by("btgw.direction", "received"))
		o.ObserveInt64(payload, sum.Uploaded, by("btgw.direction", "sent"))
		o.ObserveInt64(payload, sum.Served, by("btgw.direction", "served"))
		o.ObserveInt64(payload, sum.Wasted, by("btgw.direction", "wasted"))
		o.ObserveInt64(verified, sum.Verified, by("btgw.outcome", "verified"))
		o.ObserveInt64(verified, sum.HashFailures, by("btgw.outcome", "failed"))
		return nil
	}
}

// observeFleet publishes what we have to do with our siblings.
func observeFleet(i *instruments, e *engine) metric.Callback {
	siblings := i.gauge("btgw.fleet.siblings", "{gateway}", "Siblings that are linked.")
	payload := i.counter("btgw.fleet.payload", "By", "Content received from siblings and sent to them, which is a part of that of all peers.")
	wrong := i.counter("btgw.fleet.wrong_proofs", "{proof}", "Proofs to be a sibling that were wrong.")
	return func(_ context.Context, o metric.Observer) error {
		s := e.host.Fleet()
		o.ObserveInt64(siblings, int64(s.Siblings))
		o.ObserveInt64(payload, s.Downloaded, by("btgw.direction", "received"))
		o.ObserveInt64(payload, s.Uploaded, by("btgw.direction", "sent"))
		o.ObserveInt64(wrong, s.WrongProofs)
		return nil
	}
}

// transfers adds up what torrents count, beyond the end of each: a total that fell when a torrent ended would look like a
// restart. What a torrent counted between the last look at it and its end is lost.
type transfers struct {
	mu   sync.Mutex
	last map[metainfo.InfoHash]fetch.Status // guarded by mu
	sum  fetch.Status                       // guarded by mu; its counters alone
}

// add takes the torrents' counters in and returns the totals.
func (t *transfers) add(list []fetch.Status) fetch.Status {
	t.mu.Lock()
	defer t.mu.Unlock()
	now := make(map[metainfo.InfoHash]fetch.Status, len(list))
	for _, s := range list {
		was := t.last[s.InfoHash]
		if s.Downloaded < was.Downloaded || s.Served < was.Served || s.Uploaded < was.Uploaded {
			was = fetch.Status{} // it ended and began anew
		}
		t.sum.Downloaded += s.Downloaded - was.Downloaded
		t.sum.Uploaded += s.Uploaded - was.Uploaded
		t.sum.Served += s.Served - was.Served
		t.sum.Wasted += s.Wasted - was.Wasted
		t.sum.Verified += s.Verified - was.Verified
		t.sum.HashFailures += s.HashFailures - was.HashFailures
		now[s.InfoHash] = s
	}
	t.last = now
	return t.sum
}
