package gateway

import (
	"bytes"
	"context"
	"io"
	"log/slog"
	"maps"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"go.opentelemetry.io/otel/attribute"
	sdkmetric "go.opentelemetry.io/otel/sdk/metric"
	"go.opentelemetry.io/otel/sdk/metric/metricdata"
	sdktrace "go.opentelemetry.io/otel/sdk/trace"
	"go.opentelemetry.io/otel/sdk/trace/tracetest"

	"github.com/btgw/btgw/fetch"
	"github.com/btgw/btgw/metainfo"
)

// observed is a server with everything that it tells.
type observed struct {
	*gatewayTest
	spans  *tracetest.InMemoryExporter
	reader *sdkmetric.ManualReader
	log    *lockedBuffer
}

type lockedBuffer struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (b *lockedBuffer) Write(p []byte) (int, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.b.Write(p)
}

func (b *lockedBuffer) String() string {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.b.String()
}

func observe(t *testing.T) *observed {
	t.Helper()
	o := &observed{spans: tracetest.NewInMemoryExporter(), reader: sdkmetric.NewManualReader(), log: new(lockedBuffer)}
	tracers := sdktrace.NewTracerProvider(sdktrace.WithSyncer(o.spans))
	meters := sdkmetric.NewMeterProvider(sdkmetric.WithReader(o.reader))
	o.gatewayTest = serve(t, func(cfg *Config) {
		cfg.TracerProvider, cfg.MeterProvider = tracers, meters
		cfg.Log = slog.New(slog.NewTextHandler(o.log, &slog.HandlerOptions{Level: slog.LevelDebug}))
		cfg.StallTimeout = 300 * time.Millisecond
	})
	return o
}

// settle waits for the end of every request: a client has its answer before.
func (o *observed) settle(t *testing.T) {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	if err := o.inflight.wait(ctx); err != nil {
		t.Fatal(err)
	}
}

func (o *observed) metrics(t *testing.T) map[string]metricdata.Metrics {
	t.Helper()
	o.settle(t)
	var all metricdata.ResourceMetrics
	if err := o.reader.Collect(context.Background(), &all); err != nil {
		t.Fatal(err)
	}
	out := make(map[string]metricdata.Metrics)
	for _, scope := range all.ScopeMetrics {
		for _, m := range scope.Metrics {
			out[m.Name] = m
		}
	}
	return out
}

func TestMetrics(t *testing.T) {
	o := observe(t)
	hash, _ := o.single(t, "a.bin", 3<<20)
	o.get(t, hash.Path()+"/a.bin")
	o.get(t, hash.Path()+"/a.bin", "Range: bytes=0-99")
	o.request(t, "HEAD", hash.Path()+"/a.bin")
	o.request(t, "BREW", hash.Path()+"/a.bin")
	setHook(o.backend, &o.backend.onOpen, func(c *fakeContent) {
		c.wait = func(ctx context.Context, pos int) error {
			if pos == 0 {
				time.Sleep(2 * waitCounts)
				return nil
			}
			<-ctx.Done()
			return late(ctx, fetch.StagePiece)
		}
	})
	if a := o.get(t, hash.Path()+"/a.bin"); !a.cut {
		t.Error("not cut")
	}
	m := o.metrics(t)

	type key struct {
		method, route, errorType string
		status                   int64
	}
	sizes := make(map[key]int64)
	for _, p := range m["http.server.response.body.size"].Data.(metricdata.Histogram[int64]).DataPoints {
		k := key{text(p.Attributes, "http.request.method"), text(p.Attributes, "http.route"), text(p.Attributes, "error.type"), number(p.Attributes, "http.response.status_code")}
		sizes[k] += p.Sum
		for _, kv := range p.Attributes.ToSlice() {
			if strings.Contains(kv.Value.String(), hash.String()) {
				t.Errorf("an infohash is in a label: %v", kv)
			}
		}
	}
	route := "/btih/*path"
	for k, want := range map[key]int64{
		{"GET", route, "", 200}:            3 << 20,
		{"GET", route, "", 206}:            100,
		{"HEAD", route, "", 200}:           0,
		{"GET", route, "swarm_stall", 200}: 1 << 20,
	} {
		if got, ok := sizes[k]; !ok || got != want {
			t.Errorf("%v: %d bytes, want %d", k, got, want)
		}
	}
	if _, ok := sizes[key{"_OTHER", "", "", 405}]; !ok {
		t.Errorf("an unknown method: %v", sizes)
	}
	for _, p := range m["http.server.active_requests"].Data.(metricdata.Sum[int64]).DataPoints {
		if p.Value != 0 {
			t.Errorf("%d requests active", p.Value)
		}
	}
	// What is cached may take long on a busy machine.
	if n := sources(m); n["cache"]+n["swarm"] != 3 || n["swarm"] == 0 {
		t.Errorf("first byte by source: %v", n)
	}
	if stalls := m["btgw.stall.duration"].Data.(metricdata.Histogram[float64]).DataPoints; len(stalls) != 1 || stalls[0].Count != 1 {
		t.Errorf("stalls: %v", stalls)
	}
	cuts := make(map[string]int64)
	for _, point := range m["btgw.cut.count"].Data.(metricdata.Sum[int64]).DataPoints {
		cuts[text(point.Attributes, "error.type")] = point.Value
	}
	if want := map[string]int64{reasonClient: 0, reasonStall: 1, reasonQuota: 0, reasonRead: 0}; !maps.Equal(cuts, want) {
		t.Errorf("cuts: %v", cuts)
	}
	if d := m["http.server.request.duration"]; d.Unit != "s" {
		t.Errorf("unit %q", d.Unit)
	}
}

// sources counts the first bytes by where they came from.
func sources(m map[string]metricdata.Metrics) map[string]uint64 {
	n := make(map[string]uint64)
	for _, p := range m["btgw.first_byte.duration"].Data.(metricdata.Histogram[float64]).DataPoints {
		n[text(p.Attributes, "btgw.source")] += p.Count
	}
	return n
}

// Where a first byte came from is told by what it waited for.
func TestFirstByteSource(t *testing.T) {
	o := observe(t)
	for _, wait := range []struct{ metadata, piece time.Duration }{
		{0, 0}, {waitCounts - 1, waitCounts - 1}, {0, waitCounts}, {waitCounts, 0}, {waitCounts, time.Second}, {time.Hour, 0},
	} {
		o.telemetry.served(t.Context(), wait.metadata, wait.piece)
	}
	if n := sources(o.metrics(t)); n["cache"] != 2 || n["swarm"] != 1 || n["cold"] != 3 {
		t.Errorf("first byte by source: %v", n)
	}
}

func text(set attribute.Set, key attribute.Key) string {
	v, _ := set.Value(key)
	return v.AsString()
}

func number(set attribute.Set, key attribute.Key) int64 {
	v, _ := set.Value(key)
	return v.AsInt64()
}

func TestSpans(t *testing.T) {
	o := observe(t)
	hash, _ := o.single(t, "a.bin", 1000)
	o.get(t, hash.Path()+"/a.bin?x.pe=203.0.113.1:6881")
	o.settle(t)
	spans := o.spans.GetSpans()
	var names []string
	for _, s := range spans {
		names = append(names, s.Name)
		for _, kv := range s.Attributes {
			if strings.Contains(kv.Value.String(), "203.0.113.1") || strings.HasPrefix(string(kv.Key), "client.") || kv.Key == "url.query" {
				t.Errorf("span %s: %v", s.Name, kv)
			}
		}
	}
	if want := []string{"metadata", "wait for the first piece", "send", "GET /btih/*path"}; !slices.Equal(names, want) {
		t.Fatalf("spans %q", names)
	}
	root := spans[3]
	for _, s := range spans[:3] {
		if s.Parent.SpanID() != root.SpanContext.SpanID() {
			t.Errorf("%s is no child of the request", s.Name)
		}
	}
	attributes := attribute.NewSet(root.Attributes...)
	if number(attributes, "http.response.status_code") != 200 || number(attributes, "http.response.body.size") != 1000 {
		t.Errorf("%v", root.Attributes)
	}
	o.spans.Reset()
	setHook(o.backend, &o.backend.onInfo, func(context.Context, metainfo.InfoHash) error { return io.ErrUnexpectedEOF })
	o.get(t, hash.Path()+"/a.bin")
	o.settle(t)
	failed := o.spans.GetSpans()
	if n := len(failed); n != 2 || text(attribute.NewSet(failed[1].Attributes...), "error.type") != "500" {
		t.Errorf("%v", failed)
	}
}

// The log at debug has requests, without queries and without who asked.
func TestAccessLog(t *testing.T) {
	o := observe(t)
	hash, _ := o.single(t, "a.bin", 1000)
	o.get(t, hash.Path()+"/a.bin?tr=http://t.example/SECRET/announce", "User-Agent: someone", "Referer: http://from.example/")
	o.settle(t)
	log := o.log.String()
	for _, want := range []string{"msg=request", "method=GET", "status=200", "bytes=1000", "/a.bin"} {
		if !strings.Contains(log, want) {
			t.Errorf("the log lacks %s:\n%s", want, log)
		}
	}
	for _, bad := range []string{"SECRET", "127.0.0.1", "someone", "from.example"} {
		if strings.Contains(log, bad) {
			t.Errorf("the log tells %s:\n%s", bad, log)
		}
	}
}
