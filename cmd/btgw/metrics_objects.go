package main

import (
	"context"

	"go.opentelemetry.io/otel/metric"

	"github.com/btgw/btgw/cache/object"
)

// observeObjects publishes what the object store was asked and gave.
func observeObjects(i *instruments, store *object.Store) metric.Callback {
	up := i.gauge("btgw.objects.up", "1", "Whether the object store is believed to answer.")
	requests := i.counter("btgw.objects.requests", "{request}", "Requests to the object store, by kind.")
	transferred := i.counter("btgw.objects.io", "By", "Bytes of objects that were read and written.")
	faults := i.counter("btgw.objects.faults", "{object}", "Requests that the object store failed, objects that were gone, and objects that had wrong bytes.")
	queue := i.gauge("btgw.objects.queue", "{object}", "Objects that wait to be written.")
	dropped := i.counter("btgw.objects.dropped", "{object}", "Objects that were not written, since too many waited.")
	return func(_ context.Context, o metric.Observer) error {
		s := store.Stats()
		var answers int64
		if s.Up {
			answers = 1
		}
		o.ObserveInt64(up, answers)
		for kind, n := range map[string]int64{"get": s.Gets, "put": s.Puts, "list": s.Lists, "delete": s.Deletes} {
			o.ObserveInt64(requests, n, by("btgw.operation", kind))
		}
		o.ObserveInt64(transferred, s.ReadBytes, by("btgw.direction", "read"))
		o.ObserveInt64(transferred, s.WrittenBytes, by("btgw.direction", "written"))
		for what, n := range map[string]int64{"error": s.Errors, "missing": s.Missing, "wrong": s.Wrong} {
			o.ObserveInt64(faults, n, by("btgw.fault", what))
		}
		o.ObserveInt64(queue, int64(s.Queued))
		o.ObserveInt64(dropped, s.Dropped)
		return nil
	}
}
