package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"os"
	"runtime"
	"strings"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"
	"github.com/prometheus/client_golang/prometheus/promhttp"
	"go.opentelemetry.io/contrib/exporters/autoexport"
	"go.opentelemetry.io/otel"
	"go.opentelemetry.io/otel/attribute"
	promexporter "go.opentelemetry.io/otel/exporters/prometheus"
	"go.opentelemetry.io/otel/metric"
	"go.opentelemetry.io/otel/propagation"
	sdkmetric "go.opentelemetry.io/otel/sdk/metric"
	"go.opentelemetry.io/otel/sdk/resource"
	sdktrace "go.opentelemetry.io/otel/sdk/trace"
	"go.opentelemetry.io/otel/trace"
	"go.opentelemetry.io/otel/trace/noop"
)

// telemetry owns the providers of traces and metrics. Traces leave by OTLP where the standard variables say so
// (OTEL_TRACES_EXPORTER=otlp, OTEL_EXPORTER_OTLP_ENDPOINT…), and nowhere by default. Metrics are always there for
// Prometheus to read, and also leave by OTLP with OTEL_METRICS_EXPORTER=otlp.
type telemetry struct {
	tracers  trace.TracerProvider
	meters   metric.MeterProvider
	registry *prometheus.Registry
	shutdown []func(context.Context) error
}

// newTelemetry builds the providers and makes them the process's own. OpenTelemetry's errors go to log.
func newTelemetry(ctx context.Context, log *slog.Logger) (*telemetry, error) {
	t := &telemetry{tracers: noop.NewTracerProvider(), registry: prometheus.NewRegistry()}
	res, err := describeProcess(ctx)
	if err == nil {
		err = t.startTraces(ctx, res)
	}
	if err == nil {
		err = t.startMetrics(ctx, res)
	}
	if err != nil {
		stop, cancel := context.WithTimeout(context.WithoutCancel(ctx), telemetryTime)
		defer cancel()
		return nil, errors.Join(fmt.Errorf("telemetry: %w", err), t.close(stop))
	}
	otel.SetErrorHandler(otel.ErrorHandlerFunc(func(err error) { log.Warn("telemetry", "error", err) }))
	otel.SetTracerProvider(t.tracers)
	otel.SetMeterProvider(t.meters)
	otel.SetTextMapPropagator(propagation.NewCompositeTextMapPropagator(propagation.TraceContext{}, propagation.Baggage{}))
	return t, nil
}

// describeProcess names the service; OTEL_SERVICE_NAME and OTEL_RESOURCE_ATTRIBUTES win.
func describeProcess(ctx context.Context) (*resource.Resource, error) {
	return resource.New(ctx,
		resource.WithTelemetrySDK(),
		resource.WithAttributes(attribute.String("service.name", "btgw"), attribute.String("service.version", version())),
		resource.WithFromEnv(),
	)
}

// startTraces makes a provider of spans where an exporter is configured.
func (t *telemetry) startTraces(ctx context.Context, res *resource.Resource) error {
	exporter, err := autoexport.NewSpanExporter(ctx, autoexport.WithFallbackSpanExporter(
		func(context.Context) (sdktrace.SpanExporter, error) { return nil, nil }))
	if err != nil {
		return fmt.Errorf("OTEL_TRACES_EXPORTER: %w", err)
	}
	if exporter == nil || autoexport.IsNoneSpanExporter(exporter) || sdkDisabled() {
		return nil
	}
	provider := sdktrace.NewTracerProvider(sdktrace.WithBatcher(exporter), sdktrace.WithResource(res))
	t.tracers = provider
	t.shutdown = append(t.shutdown, provider.Shutdown)
	return nil
}

// startMetrics makes the provider of instruments that Prometheus reads, and pushes them too where that is configured.
func (t *telemetry) startMetrics(ctx context.Context, res *resource.Resource) error {
	t.registry.MustRegister(collectors.NewGoCollector(), collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}), buildInfo())
	exporter, err := promexporter.New(promexporter.WithRegisterer(t.registry), promexporter.WithoutScopeInfo())
	if err != nil {
		return err
	}
	options := []sdkmetric.Option{sdkmetric.WithReader(exporter), sdkmetric.WithResource(res)}
	if name := os.Getenv("OTEL_METRICS_EXPORTER"); name != "" && name != "none" && name != "prometheus" && !sdkDisabled() {
		reader, err := autoexport.NewMetricReader(ctx)
		if err != nil {
			return fmt.Errorf("OTEL_METRICS_EXPORTER: %w", err)
		}
		options = append(options, sdkmetric.WithReader(reader))
	}
	provider := sdkmetric.NewMeterProvider(options...)
	t.meters = provider
	t.shutdown = append(t.shutdown, provider.Shutdown)
	return nil
}

// buildInfo is a metric that is always 1, and tells in its labels what runs.
func buildInfo() prometheus.Collector {
	return prometheus.NewGaugeFunc(prometheus.GaugeOpts{
		Name: "btgw_build_info", Help: "1, with the version of btgw and of Go that it was built with.",
		ConstLabels: prometheus.Labels{"version": version(), "goversion": runtime.Version()},
	}, func() float64 { return 1 })
}

// metricsHandler answers /metrics.
func (t *telemetry) metricsHandler() http.Handler {
	return promhttp.HandlerFor(t.registry, promhttp.HandlerOpts{EnableOpenMetrics: true})
}

// close exports what is left, until ctx ends.
func (t *telemetry) close(ctx context.Context) error {
	var errs []error
	for _, stop := range t.shutdown {
		errs = append(errs, stop(ctx))
	}
	return errors.Join(errs...)
}

// sdkDisabled is the standard switch that turns all exporting off.
func sdkDisabled() bool { return strings.EqualFold(os.Getenv("OTEL_SDK_DISABLED"), "true") }

// newLogger writes records to w in the format and from the level that s says.
func newLogger(s logSettings, w io.Writer) *slog.Logger { return newLoggerAt(s, s.level, w) }

// newLoggerAt is newLogger with a level that may change.
func newLoggerAt(s logSettings, level slog.Leveler, w io.Writer) *slog.Logger {
	options := &slog.HandlerOptions{Level: level}
	if s.format == "json" {
		return slog.New(slog.NewJSONHandler(w, options))
	}
	return slog.New(slog.NewTextHandler(w, options))
}
