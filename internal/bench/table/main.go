// Command table turns what go test -bench prints into a Markdown table: of every
// figure the median of all runs, the least and the most.
//
//	go test -run '^$' -bench . -count 5 ./internal/bench | go run ./internal/bench/table
//
// What it reads goes to standard error as it comes. It ends with status 1 if a
// benchmark failed or there was none.
package main

import (
	"bufio"
	"fmt"
	"io"
	"os"
	"regexp"
	"slices"
	"strconv"
	"strings"
)

func main() {
	if err := convert(os.Stdin, os.Stdout, os.Stderr); err != nil {
		fmt.Fprintln(os.Stderr, "table:", err)
		os.Exit(1)
	}
}

// figure is one of a benchmark's, with its value in each run.
type figure struct {
	benchmark, unit string
	values          []float64
}

// cores is the suffix of a benchmark's name that says on how many cores it ran.
var cores = regexp.MustCompile(`-\d+$`)

// convert writes the table of r to table and copies r to echo.
func convert(r io.Reader, table, echo io.Writer) error {
	var figures []*figure // in the order in which they come
	failed := false
	lines := bufio.NewScanner(r)
	for lines.Scan() {
		line := lines.Text()
		fmt.Fprintln(echo, line)
		failed = failed || strings.HasPrefix(line, "FAIL") || strings.HasPrefix(line, "--- FAIL")
		fields := strings.Fields(line)
		if len(fields) < 4 || !strings.HasPrefix(line, "Benchmark") {
			continue
		}
		name := cores.ReplaceAllString(strings.TrimPrefix(fields[0], "Benchmark"), "")
		for pair := range slices.Chunk(fields[2:], 2) { // after the name and the number of rounds
			if value, err := strconv.ParseFloat(pair[0], 64); err == nil && len(pair) == 2 {
				figures = add(figures, name, pair[1], value)
			}
		}
	}
	if err := lines.Err(); err != nil {
		return err
	}
	fmt.Fprintln(table, "| benchmark | figure | median | least | most | runs |")
	fmt.Fprintln(table, "|---|---|---:|---:|---:|---:|")
	for _, f := range figures {
		slices.Sort(f.values)
		n := len(f.values)
		fmt.Fprintf(table, "| %s | %s | %s | %s | %s | %d |\n",
			f.benchmark, f.unit, text((f.values[(n-1)/2]+f.values[n/2])/2), text(f.values[0]), text(f.values[n-1]), n)
	}
	switch {
	case failed:
		return fmt.Errorf("a benchmark failed")
	case len(figures) == 0:
		return fmt.Errorf("no benchmark ran")
	}
	return nil
}

// add notes one value of a figure.
func add(figures []*figure, benchmark, unit string, value float64) []*figure {
	at := slices.IndexFunc(figures, func(f *figure) bool { return f.benchmark == benchmark && f.unit == unit })
	if at < 0 {
		return append(figures, &figure{benchmark, unit, []float64{value}})
	}
	figures[at].values = append(figures[at].values, value)
	return figures
}

// text gives a value with about four digits, as go test does.
func text(value float64) string {
	if value >= 1000 {
		return strconv.FormatFloat(value, 'f', 0, 64)
	}
	return strconv.FormatFloat(value, 'g', 4, 64)
}
