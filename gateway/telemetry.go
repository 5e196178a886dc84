package gateway

import (
	"context"
	"errors"
	"net/http"
	"strconv"
	"sync"
	"time"

	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/codes"
	"go.opentelemetry.io/otel/metric"
	semconv "go.opentelemetry.io/otel/semconv/v1.43.0"
	"go.opentelemetry.io/otel/semconv/v1.43.0/httpconv"
	"go.opentelemetry.io/otel/trace"
)

// scope is the instrumentation scope of this package.
const scope = "github.com/btgw/btgw/gateway"

// telemetry has the instruments of the content server. They are recorded here
// rather than by a middleware for gin, which sees neither what sendfile sent
// nor requests that end in a cut. No attribute names a torrent or a client.
type telemetry struct {
	duration  httpconv.ServerRequestDuration
	active    httpconv.ServerActiveRequests
	body      httpconv.ServerResponseBodySize
	firstByte metric.Float64Histogram // s, from the request to the first verified byte, by btgw.source
	stalls    metric.Float64Histogram // s, waits for a piece within a body that a player may notice
	cuts      metric.Int64Counter     // bodies cut short, by error.type

	sets    sync.Map // requestKey → attribute.Set; as many as keys are possible
	actives sync.Map // activeKey → attribute.Set
}

// activeKey is what the attributes of a request under way are made from.
type activeKey struct{ method, scheme string }

// requestKey is what the attributes of a request are made from. Each part has
// few values.
type requestKey struct {
	method, route, version, errorType string
	status                            int
}

func newTelemetry(provider metric.MeterProvider) (*telemetry, error) {
	meter := provider.Meter(scope)
	t := &telemetry{}
	var errs [6]error
	t.duration, errs[0] = httpconv.NewServerRequestDuration(meter)
	t.active, errs[1] = httpconv.NewServerActiveRequests(meter)
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
	return t, errors.Join(errs[:]...)
}

// started counts a request as active until the function that it returns is
// called.
func (t *telemetry) started(r *http.Request) func() {
	ctx, key := context.WithoutCancel(r.Context()), activeKey{knownMethod(r.Method), schemeOf(r)}
	known, ok := t.actives.Load(key)
	if !ok {
		known, _ = t.actives.LoadOrStore(key, attribute.NewSet(
			semconv.HTTPRequestMethodKey.String(key.method), semconv.URLScheme(key.scheme)))
	}
	set := known.(attribute.Set)
	t.active.AddSet(ctx, 1, set)
	return func() { t.active.AddSet(ctx, -1, set) }
}

// ended records a request.
func (t *telemetry) ended(r *http.Request, route string, res *response, took time.Duration) {
	ctx := context.WithoutCancel(r.Context())
	set := t.attributes(requestKey{knownMethod(r.Method), route, protocolVersion(r), res.errorType(), res.status}, schemeOf(r))
	t.duration.RecordSet(ctx, took.Seconds(), set)
	t.body.RecordSet(ctx, res.bytes, set)
	if res.reason != "" {
		t.cuts.Add(ctx, 1, metric.WithAttributes(semconv.ErrorTypeKey.String(res.reason)))
	}
}

func (t *telemetry) attributes(key requestKey, scheme string) attribute.Set {
	if set, ok := t.sets.Load(key); ok {
		return set.(attribute.Set)
	}
	list := []attribute.KeyValue{
		semconv.HTTPRequestMethodKey.String(key.method),
		semconv.URLScheme(scheme),
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
	set := attribute.NewSet(list...)
	t.sets.Store(key, set)
	return set
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
	t.firstByte.Record(context.WithoutCancel(ctx), (metadata + piece).Seconds(), source...)
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
	t.stalls.Record(context.WithoutCancel(ctx), took.Seconds(), metric.WithAttributes(attribute.String("btgw.outcome", outcome)))
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

// startSpan begins the span of a request. The query and the client's address
// are left out: they say who watched what.
func startSpan(ctx context.Context, tracer trace.Tracer, r *http.Request, route string) (context.Context, trace.Span) {
	method := knownMethod(r.Method)
	name := method
	if route != "" {
		name += " " + route
	}
	ctx, span := tracer.Start(ctx, name, trace.WithSpanKind(trace.SpanKindServer))
	if span.IsRecording() {
		span.SetAttributes(
			semconv.HTTPRequestMethodKey.String(method),
			semconv.HTTPRoute(route),
			semconv.URLPath(r.URL.Path),
			semconv.URLScheme(schemeOf(r)),
			semconv.NetworkProtocolVersion(protocolVersion(r)),
		)
	}
	return ctx, span
}

// endResponseSpan ends the span of a request with what was answered.
func endResponseSpan(span trace.Span, res *response) {
	defer span.End()
	if !span.IsRecording() {
		return
	}
	span.SetAttributes(semconv.HTTPResponseBodySize(int(res.bytes)))
	if res.status != 0 {
		span.SetAttributes(semconv.HTTPResponseStatusCode(res.status))
	}
	if kind := res.errorType(); kind != "" {
		span.SetAttributes(semconv.ErrorTypeKey.String(kind))
		span.SetStatus(codes.Error, "")
	}
}

// endSpan ends a child span.
func endSpan(span trace.Span, err error) {
	if err != nil && span.IsRecording() {
		span.RecordError(err)
		span.SetStatus(codes.Error, "")
	}
	span.End()
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
