package reference

import (
	"cmp"
	"context"
	"errors"
	"slices"
	"sync"

	"github.com/prometheus/otlptranslator"
	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/metric"
	"go.opentelemetry.io/otel/metric/noop"
)

// Instruments is a metric.MeterProvider that remembers the instruments it was asked for, and the attributes that they were
// given. It measures nothing. It is safe for concurrent use.
type Instruments struct {
	noop.MeterProvider
	mu        sync.Mutex
	all       map[string]*instrument // by name; guarded by mu
	callbacks []metric.Callback      // guarded by mu
}

type kind string

const (
	counter   kind = "counter"
	gauge     kind = "gauge"
	histogram kind = "histogram"
)

func (k kind) translated() otlptranslator.MetricType {
	return map[kind]otlptranslator.MetricType{
		counter: otlptranslator.MetricTypeMonotonicCounter, gauge: otlptranslator.MetricTypeNonMonotonicCounter, histogram: otlptranslator.MetricTypeHistogram,
	}[k]
}

// instrument is what is known of one.
type instrument struct {
	of                      *Instruments
	name, unit, description string
	kind                    kind
	seen                    map[string]map[string]bool // values of attributes; guarded by of.mu
}

// Meter gives a meter that remembers.
func (m *Instruments) Meter(string, ...metric.MeterOption) metric.Meter { return &meter{of: m} }

// Observe runs the callbacks of all instruments once.
func (m *Instruments) Observe(ctx context.Context) error {
	m.mu.Lock()
	callbacks := slices.Clone(m.callbacks)
	m.mu.Unlock()
	var errs []error
	for _, c := range callbacks {
		errs = append(errs, c(ctx, observer{}))
	}
	return errors.Join(errs...)
}

func (m *Instruments) sorted() (list []*instrument) {
	m.mu.Lock()
	defer m.mu.Unlock()
	for _, i := range m.all {
		list = append(list, i)
	}
	slices.SortFunc(list, func(a, b *instrument) int { return cmp.Compare(a.name, b.name) })
	return list
}

func (m *Instruments) add(name string, k kind, unit, description string) *instrument {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.all == nil {
		m.all = make(map[string]*instrument)
	}
	i := &instrument{of: m, name: name, unit: unit, description: description, kind: k, seen: make(map[string]map[string]bool)}
	m.all[name] = i
	return i
}

func (i *instrument) see(set attribute.Set) {
	i.of.mu.Lock()
	defer i.of.mu.Unlock()
	for _, a := range set.ToSlice() {
		values := i.seen[string(a.Key)]
		if values == nil {
			values = make(map[string]bool)
			i.seen[string(a.Key)] = values
		}
		values[a.Value.String()] = true
	}
}

// meter makes instruments. It has the kinds that btgw uses; another would be missing from the page, which a test finds.
type meter struct {
	noop.Meter
	of *Instruments
}

func (m *meter) Int64Counter(name string, options ...metric.Int64CounterOption) (metric.Int64Counter, error) {
	c := metric.NewInt64CounterConfig(options...)
	return adder{i: m.of.add(name, counter, c.Unit(), c.Description())}, nil
}

func (m *meter) Int64UpDownCounter(name string, options ...metric.Int64UpDownCounterOption) (metric.Int64UpDownCounter, error) {
	c := metric.NewInt64UpDownCounterConfig(options...)
	m.of.add(name, gauge, c.Unit(), c.Description())
	return noop.Int64UpDownCounter{}, nil
}

func (m *meter) Int64Histogram(name string, options ...metric.Int64HistogramOption) (metric.Int64Histogram, error) {
	c := metric.NewInt64HistogramConfig(options...)
	m.of.add(name, histogram, c.Unit(), c.Description())
	return noop.Int64Histogram{}, nil
}

func (m *meter) Float64Histogram(name string, options ...metric.Float64HistogramOption) (metric.Float64Histogram, error) {
	c := metric.NewFloat64HistogramConfig(options...)
	m.of.add(name, histogram, c.Unit(), c.Description())
	return noop.Float64Histogram{}, nil
}

func (m *meter) Int64ObservableCounter(name string, options ...metric.Int64ObservableCounterOption) (metric.Int64ObservableCounter, error) {
	c := metric.NewInt64ObservableCounterConfig(options...)
	return observable{i: m.of.add(name, counter, c.Unit(), c.Description())}, nil
}

func (m *meter) Int64ObservableUpDownCounter(name string, options ...metric.Int64ObservableUpDownCounterOption) (metric.Int64ObservableUpDownCounter, error) {
	c := metric.NewInt64ObservableUpDownCounterConfig(options...)
	return upDown{i: m.of.add(name, gauge, c.Unit(), c.Description())}, nil
}

func (m *meter) RegisterCallback(f metric.Callback, _ ...metric.Observable) (metric.Registration, error) {
	m.of.mu.Lock()
	defer m.of.mu.Unlock()
	m.of.callbacks = append(m.of.callbacks, f)
	return noop.Registration{}, nil
}

// adder is a counter.
type adder struct {
	noop.Int64Counter
	i *instrument
}

func (a adder) Add(_ context.Context, _ int64, options ...metric.AddOption) {
	c := metric.NewAddConfig(options)
	a.i.see(c.Attributes())
}

// observable is a counter that a callback tells.
type observable struct {
	noop.Int64ObservableCounter
	i *instrument
}

func (o observable) instrument() *instrument { return o.i }

// upDown is a gauge that a callback tells.
type upDown struct {
	noop.Int64ObservableUpDownCounter
	i *instrument
}

func (u upDown) instrument() *instrument { return u.i }

// observer takes what callbacks tell.
type observer struct{ noop.Observer }

func (observer) ObserveInt64(o metric.Int64Observable, _ int64, options ...metric.ObserveOption) {
	if i, ok := o.(interface{ instrument() *instrument }); ok {
		c := metric.NewObserveConfig(options)
		i.instrument().see(c.Attributes())
	}
}
