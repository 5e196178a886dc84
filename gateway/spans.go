package gateway

import (
	"context"
	"net/http"

	"go.opentelemetry.io/otel/codes"
	"go.opentelemetry.io/otel/propagation"
	semconv "go.opentelemetry.io/otel/semconv/v1.43.0"
	"go.opentelemetry.io/otel/trace"
	"go.opentelemetry.io/otel/trace/noop"
)

// spans begins the spans of requests. Where they would go nowhere none is begun:
// a context and a copy of the request for each cost more than reading 4 KiB.
type spans struct {
	tracer  trace.Tracer // nil: nowhere
	extract propagation.TextMapPropagator
}

// noSpan records nothing.
var noSpan trace.Span = noop.Span{}

func newSpans(provider trace.TracerProvider, extract propagation.TextMapPropagator) spans {
	if _, nowhere := provider.(noop.TracerProvider); nowhere {
		return spans{}
	}
	return spans{provider.Tracer(scope), extract}
}

// begin begins a span.
func (s *spans) begin(ctx context.Context, name string) (context.Context, trace.Span) {
	if s.tracer == nil {
		return ctx, noSpan
	}
	return s.tracer.Start(ctx, name)
}

// request begins the span of a request, and returns the request with it. The
// query and the client's address are left out: they say who watched what.
func (s *spans) request(r *http.Request, route string) (*http.Request, trace.Span) {
	if s.tracer == nil {
		return r, noSpan
	}
	ctx, method := r.Context(), knownMethod(r.Method)
	if fields := s.extract.Fields(); len(fields) > 0 {
		ctx = s.extract.Extract(ctx, propagation.HeaderCarrier(r.Header))
	}
	name := method
	if route != "" {
		name += " " + route
	}
	ctx, span := s.tracer.Start(ctx, name, trace.WithSpanKind(trace.SpanKindServer))
	if span.IsRecording() {
		span.SetAttributes(
			semconv.HTTPRequestMethodKey.String(method),
			semconv.HTTPRoute(route),
			semconv.URLPath(r.URL.Path),
			semconv.URLScheme(schemeOf(r)),
			semconv.NetworkProtocolVersion(protocolVersion(r)),
		)
	}
	return r.WithContext(ctx), span
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
