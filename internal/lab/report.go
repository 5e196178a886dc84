package lab

import (
	"fmt"
	"io"
	"text/tabwriter"
	"time"
)

// Report prints results as a table, in Markdown.
func Report(out io.Writer, results []*Result) error {
	w := tabwriter.NewWriter(out, 0, 0, 1, ' ', 0)
	fmt.Fprintln(w, "| scenario\t| seed\t| first byte p50 / p90 / max\t| seek p50 / p90 / max\t| stalls (players, longest)\t| fetched / byte\t| wasted\t| seeds / byte\t| bans / liars\t| unfair / beaten / judged / waits\t| failed\t| virtual\t| wall\t|")
	fmt.Fprintln(w, "|---\t|---\t|---\t|---\t|---\t|---\t|---\t|---\t|---\t|---\t|---\t|---\t|---\t|")
	for _, r := range results {
		fmt.Fprintf(w, "| %s\t| %d\t| %s\t| %s\t| %s\t| %.3f\t| %.1f %%\t| %.3f\t| %d / %d\t| %d / %d / %d / %d\t| %d\t| %v\t| %v\t|\n",
			r.Scenario, r.Seed, r.First, r.Seek, r.stalls(),
			r.Amplification(), 100*float64(r.Wasted)/float64(max(1, r.Fetched)), r.SeedShare(), r.Bans, r.Liars,
			len(r.Violations), r.Beaten, r.Waits-r.Unjudged, r.Waits, len(r.Failures), r.Virtual.Round(100*time.Millisecond), r.Wall.Round(10*time.Millisecond))
	}
	return w.Flush()
}

// String is the median, the 90th percentile and the greatest value.
func (d Durations) String() string {
	if len(d) == 0 {
		return "–"
	}
	return fmt.Sprintf("%s / %s / %s", short(d.Quantile(0.5)), short(d.Quantile(0.9)), short(d.Quantile(1)))
}

func short(d time.Duration) string {
	if d < 10*time.Second {
		return d.Round(time.Millisecond).String()
	}
	return d.Round(100 * time.Millisecond).String()
}

func (r *Result) stalls() string {
	if len(r.Stalled) == 0 {
		return "–"
	}
	players := 0
	for _, d := range r.Stalled {
		if d > 0 {
			players++
		}
	}
	return fmt.Sprintf("%d (%d of %d, %s)", r.Stalls, players, len(r.Stalled), short(r.Stalled.Quantile(1)))
}
