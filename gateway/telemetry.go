package gateway

import (
	"context"
	"errors"
	"net/http"
	"strconv"
	"sync"
	"sync/atomic"
	"time"

	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/metric"
	semconv "go.opentelemetry.io/otel/semconv/v1.43.0"
	"go.opentelemetry.io/otel/semconv/v1.43.0/httpconv"

	"github.com/btgw/btgw/gateway/limit"
)

// scope is the instrumentation scope of this package.
const scope = "github.com/btgw/btgw/gateway"

// telemetry has the instruments of the content server. They are recorded here
// rather than by a middleware for gin, which sees neither what went out as pages
// nor requests that end in a cut. No attribute names a torrent or a client.
type telemetry struct {
	duration  httpconv.ServerRequestDuration
	body      httpconv.ServerResponseBodySize
	firstByte metric.Float64Histogram // s, from the request to the first verified byte, by btgw.source
	stalls    metric.Float64Histogram // s, waits for a piece within a body that a player may notice
	cuts      metric.Int64Counter     // bodies cut short, by error.type
	refusals  metric.Int64Counter     // requests that a bound refused, by btgw.reason

	traced  bool // there may be a span to name in an exemplar
	actives actives
	ended   options[requestKey, metric.RecordOption]
}

// activeKey is what the attributes of requests under way are made from.
type activeKey struct{ method, scheme string }

// actives are the requests under way. They are looked at when somebody asks: an instrument that is told of each
// beginning and end costs a twentieth of a request in the fast lane. They are safe for concurrent use.
type actives struct {
	mu   sync.RWMutex
	made map[activeKey]*active // guarded by mu: as many as keys are possible
}

// An active counts those of one key.
type active struct {
	n   atomic.Int64
	set metric.ObserveOption
}

// of is what counts those of a key.
func (a *actives) of(key activeKey) *active {
	a.mu.RLock()
	known := a.made[key]
	a.mu.RUnlock()
	if known != nil {
		return known
	}
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.made[key] == nil {
		a.made[key] = &active{set: metric.WithAttributeSet(attribute.NewSet(
			semconv.HTTPRequestMethodKey.String(key.method), semconv.URLScheme(key.scheme)))}
	}
	return a.made[key]
}

// watch publishes them.
func (a *actives) watch(meter metric.Meter) error {
	a.made = make(map[activeKey]*active)
	var as httpconv.ServerActiveRequests
	_, err := meter.Int64ObservableUpDownCounter(as.Name(), metric.WithUnit(as.Unit()), metric.WithDescription(as.Description()),
		metric.WithInt64Callback(func(_ context.Context, o metric.Int64Observer) error {
			a.mu.RLock()
			defer a.mu.RUnlock()
			for _, of := range a.made {
				o.Observe(of.n.Load(), of.set)
			}
			return nil
		}))
	return err
}

// requestKey is what the attributes of a request are made from. Each part has
// few values.
type requestKey struct {
	method, scheme, route, version, errorType string
	status                                    int
}

// options are the attributes of measurements as an instrument takes them, made
// once for each key: as many as keys are possible. They are safe for concurrent
// use.
type options[K comparable, O any] struct {
	mu   sync.RWMutex
	made map[K][]O // guarded by mu
}

// of returns the options of a key.
func (o *options[K, O]) of(key K, fresh func(K) O) []O {
	o.mu.RLock()
	known := o.made[key]
	o.mu.RUnlock()
	if known != nil {
		return known
	}
	known = []O{fresh(key)}
	o.mu.Lock()
	defer o.mu.Unlock()
	o.made[key] = known
	return known
}

func newTelemetry(provider metric.MeterProvider, traced bool) (*telemetry, error) {
	meter := provider.Meter(scope)
	t := &telemetry{traced: traced}
	t.ended.made = make(map[requestKey][]metric.RecordOption)
	var errs [7]error
	t.duration, errs[0] = httpconv.NewServerRequestDuration(meter)
	errs[1] = t.actives.watch(meter)
	t.body, errs[2] = httpconv.NewServerResponseBodySize(meter,
		metric.WithExplicitBucketBoundaries(0, 1<<10, 16<<10, 64<<10, 256<<10, 1<<20, 4<<20, 16<<20, 64<<20, 256<<20, 1<<30, 4<<30, 16<<30))
	t.firstByte, errs[3] = meter.Float64Histogram("btgw.first_byte.duration", metric.WithUnit("s"),
		metric.WithDescription("Time from a request to its first verified byte."),
		metric.WithExplicitBucketBoundaries(0.0005, 0.001, 0.005, 0.01, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 15, 20, 25, 30))
	t.stalls, errs[4] = meter.Float64Histogram("btgw.stall.duration", metric.WithUnit("s"),
		metric.WithDescription("Waits for a piece within a body, from a quarter of a second on."),
		metric.WithExplicitBucketBoundaries(0.25, 0.5, 1, 2.5, 5, 10, 15, 20, 25, 30))
	t.cuts, errs[5] = meter.Int64Counter("btgw.cut.count", metric.WithUnit("{response}"),
		metric.WithDescription("Responses cut before their promised length."))
	t.refusals, errs[6] = meter.Int64Counter("btgw.refused.count", metric.WithUnit("{request}"),
		metric.WithDescription("Requests that a bound refused, by which."))
	if err := errors.Join(errs[:]...); err != nil {
		return nil, err
	}
	t.zero()
	return t, nil
}

// zero has the counters of what goes wrong begin at 0: what appears at its first fault has no
// increase that an alert could see.
func (t *telemetry) zero() {
	ctx := context.Background()
	for _, reason := range []string{limit.RefusedStreams, limit.RefusedLingering, limit.RefusedClientStreams, refusedClientRequests, refusedClientSurplus,
		refusedBusy, refusedDraining, refusedLink, refusedKey, refusedUser} {
		t.refusals.Add(ctx, 0, metric.WithAttributes(attribute.String("btgw.reason", reason)))
	}
	for _, reason := range []string{reasonClient, reasonStall, reasonQuota, reasonRead} {
		t.cuts.Add(ctx, 0, metric.WithAttributes(semconv.ErrorTypeKey.String(reason)))
	}
}

// watch publishes how many streams there are.
func (t *telemetry) watch(provider metric.MeterProvider, s *limit.Streams) error {
	meter := provider.Meter(scope)
	active, err := meter.Int64ObservableUpDownCounter("btgw.streams.active", metric.WithUnit("{stream}"),
		metric.WithDescription("Content requests under way."))
	lingering, err2 := meter.Int64ObservableUpDownCounter("btgw.streams.lingering", metric.WithUnit("{stream}"),
		metric.WithDescription("Content requests whose client has left, and whose end is still to come."))
	if err = errors.Join(err, err2); err != nil {
		return err
	}
	_, err = meter.RegisterCallback(func(_ context.Context, o metric.Observer) error {
		total, left := s.Counts()
		o.ObserveInt64(active, int64(total))
		o.ObserveInt64(lingering, int64(left))
		return nil
	}, active, lingering)
	return err
}

// watchFast publishes what the fast lane does.
func (t *telemetry) watchFast(provider metric.MeterProvider, f *fastLane) error {
	meter := provider.Meter(scope)
	answers, err := meter.Int64ObservableCounter("btgw.fast_lane.count", metric.WithUnit("{response}"),
		metric.WithDescription("Answers of the fast lane."))
	known, err2 := meter.Int64ObservableUpDownCounter("btgw.fast_lane.known", metric.WithUnit("{response}"),
		metric.WithDescription("Answers that the fast lane can give."))
	if err = errors.Join(err, err2); err != nil {
		return err
	}
	_, err = meter.RegisterCallback(func(_ context.Context, o metric.Observer) error {
		o.ObserveInt64(answers, f.answers.Load())
		o.ObserveInt64(known, int64(f.known.Len()))
		return nil
	}, answers, known)
	return err
}

// refuse counts a request that a bound refused.
func (t *telemetry) refuse(reason string) {
	t.refusals.Add(context.Background(), 1, metric.WithAttributes(attribute.String("btgw.reason", reason)))
}

// begin counts a request as active. What it returns is for end.
func (t *telemetry) begin(method, scheme string) *active {
	of := t.actives.of(activeKey{method, scheme})
	of.n.Add(1)
	return of
}

// end records a request that begin counted, within the context of its span.
func (t *telemetry) end(ctx context.Context, begun *active, key requestKey, res *response, took time.Duration) {
	begun.n.Add(-1)
	t.record(ctx, t.ended.of(key, requestOptions), res, took)
}

// record records a request that has ended, by the options of its key.
func (t *telemetry) record(ctx context.Context, set []metric.RecordOption, res *response, took time.Duration) {
	ctx = t.within(ctx)
	t.duration.Inst().Record(ctx, took.Seconds(), set...)
	t.body.Inst().Record(ctx, res.bytes, set...)
	if res.reason != "" {
		t.cuts.Add(ctx, 1, metric.WithAttributes(semconv.ErrorTypeKey.String(res.reason)))
	}
}

// within is the context that a measurement is recorded with: for its exemplar
// alone, which names a span. That the request is over is none of its concern.
func (t *telemetry) within(ctx context.Context) context.Context {
	if !t.traced {
		return context.Background()
	}
	return context.WithoutCancel(ctx)
}

// requestOptions are the attributes of a request.
func requestOptions(key requestKey) metric.RecordOption {
	list := []attribute.KeyValue{
		semconv.HTTPRequestMethodKey.String(key.method),
		semconv.URLScheme(key.scheme),
		semconv.NetworkProtocolVersion(key.version),
	}
	if key.route != "" {
		list = append(list, semconv.HTTPRoute(key.route))
	}
	if key.status != 0 {
		list = append(list, semconv.HTTPResponseStatusCode(key.status))
	}
	if key.errorType != "" {
		list = append(list, semconv.ErrorTypeKey.String(key.errorType))
	}
	return metric.WithAttributeSet(attribute.NewSet(list...))
}

// served records the time to the first byte. Where it came from is told by
// what was waited for: the metadata, a piece, or nothing.
func (t *telemetry) served(ctx context.Context, metadata, piece time.Duration) {
	source := sourceCache
	switch {
	case metadata >= waitCounts:
		source = sourceCold
	case piece >= waitCounts:
		source = sourceSwarm
	}
	t.firstByte.Record(t.within(ctx), (metadata + piece).Seconds(), source...)
}

// Where a first byte came from, made once.
var (
	sourceCache = sourceOption("cache")
	sourceCold  = sourceOption("cold")
	sourceSwarm = sourceOption("swarm")
)

func sourceOption(source string) []metric.RecordOption {
	return []metric.RecordOption{metric.WithAttributeSet(attribute.NewSet(attribute.String("btgw.source", source)))}
}

// waited records a wait within a body, if it was long.
func (t *telemetry) waited(ctx context.Context, took time.Duration, err error) {
	if took < stallCounts {
		return
	}
	outcome := "resumed"
	if err != nil {
		outcome = "cut"
	}
	t.stalls.Record(t.within(ctx), took.Seconds(), metric.WithAttributes(attribute.String("btgw.outcome", outcome)))
}

// errorType is the error.type attribute, as the conventions define it: the
// reason of a cut, or the status from 500 on.
func (r *response) errorType() string {
	switch {
	case r.reason != "":
		return r.reason
	case r.status >= http.StatusInternalServerError:
		return strconv.Itoa(r.status)
	}
	return ""
}

// knownMethod keeps strangers' methods out of attributes.
func knownMethod(method string) string {
	switch method {
	case http.MethodGet, http.MethodHead, http.MethodOptions, http.MethodPost, http.MethodPut,
		http.MethodDelete, http.MethodPatch, http.MethodConnect, http.MethodTrace:
		return method
	}
	return "_OTHER"
}

func schemeOf(r *http.Request) string {
	if r.TLS != nil {
		return "https"
	}
	return "http"
}

func protocolVersion(r *http.Request) string {
	switch {
	case r.ProtoMajor == 2:
		return "2"
	case r.ProtoMajor == 1 && r.ProtoMinor == 0:
		return "1.0"
	}
	return "1.1"
}
