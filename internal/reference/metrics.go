package reference

import (
	"slices"
	"strings"

	"github.com/prometheus/otlptranslator"
)

// Metrics is the page of the instruments that m was asked for.
func Metrics(m *Instruments) (string, error) {
	p := newPage("Metrics", "What btgw measures. `/metrics` of the admin listener has it for Prometheus, under the names of the second column. "+
		"OTLP has those of the first ([Telemetry](../operations.md#telemetry)).\n\nA `{unit}` in braces is a count.")
	namer := otlptranslator.NewMetricNamer("", otlptranslator.UnderscoreEscapingWithSuffixes)
	var rows [][]string
	for _, i := range m.sorted() {
		name, err := namer.Build(otlptranslator.Metric{Name: i.name, Unit: i.unit, Type: i.kind.translated()})
		if err != nil {
			return "", err
		}
		rows = append(rows, []string{quote(i.name), quote(name), string(i.kind), quote(i.unit), prose(i.description) + i.attributes()})
	}
	p.table([]string{"metric", "for Prometheus", "kind", "unit", "what"}, rows)
	p.line("\nBesides these there are `btgw_build_info`, which is 1 and has the version in its labels, and the `go_*` and `process_*` of " +
		"Prometheus' own client.")
	return p.String(), nil
}

// attributes tells the values that were seen of each attribute.
func (i *instrument) attributes() string {
	var keys []string
	for key := range i.seen {
		keys = append(keys, key)
	}
	slices.Sort(keys)
	var b strings.Builder
	for _, key := range keys {
		var values []string
		for value := range i.seen[key] {
			values = append(values, quote(value))
		}
		slices.Sort(values)
		b.WriteString(" " + quote(key) + ": " + strings.Join(values, ", ") + ".")
	}
	return b.String()
}
