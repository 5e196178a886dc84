package conformance

import (
	"context"
	"crypto/tls"
	"fmt"
	"io"
	"strings"
	"text/tabwriter"

	"github.com/btgw/btgw/metainfo"
)

// A Rule is one thing that an answer has to be.
type Rule struct {
	ID     string // of the suite, stable
	Source string // where it is written
	What   string

	needs func(*probe) bool // what the torrent has to have; nil: a torrent
	check func(*probe) error
}

// Config names a gateway and a torrent that it can serve.
type Config struct {
	// URL is the gateway's, http or https, without a path.
	URL string
	// InfoHash is that of a torrent with a file of 40,000 bytes or more. The zero
	// value leaves out the rules that need one.
	InfoHash metainfo.InfoHash
	// Hints is a query that helps the gateway to find the swarm, as
	// "tr=…&x.pe=…", sent once.
	Hints string
	// TLS is used for https; nil is Go's default.
	TLS *tls.Config
}

// An Outcome is what became of one rule.
type Outcome int

// The outcomes.
const (
	Passed Outcome = iota
	Failed
	NotRun
)

// A Result is a rule and its outcome; Err says why it failed.
type Result struct {
	Rule
	Outcome Outcome
	Err     error
}

// A Report is the results in the order of Rules.
type Report []Result

// Run checks every rule, one after the other. The error is that the gateway
// cannot be reached or does not have the torrent; a rule that fails is none.
func Run(ctx context.Context, cfg Config) (Report, error) {
	u, err := target(cfg.URL)
	if err != nil {
		return nil, err
	}
	p := &probe{ctx: ctx, dialer: dialer{url: u, tls: cfg.TLS}}
	if !cfg.InfoHash.IsZero() {
		p.hash = cfg.InfoHash.Path()
		query := "format=json"
		if cfg.Hints != "" {
			query += "&" + cfg.Hints
		}
		if err := p.discover(query); err != nil {
			return nil, err
		}
	} else if _, err := p.get("/"); err != nil {
		return nil, err
	}
	var report Report
	for _, rule := range Rules() {
		result := Result{Rule: rule, Outcome: NotRun}
		needs := rule.needs
		if needs == nil {
			needs = torrent
		}
		if needs(p) {
			if result.Err = rule.check(p); result.Err != nil {
				result.Outcome = Failed
			} else {
				result.Outcome = Passed
			}
		}
		if err := ctx.Err(); err != nil {
			return report, err
		}
		report = append(report, result)
	}
	return report, nil
}

// Count is how many rules had each outcome.
func (r Report) Count() (passed, failed, notRun int) {
	for _, result := range r {
		switch result.Outcome {
		case Passed:
			passed++
		case Failed:
			failed++
		default:
			notRun++
		}
	}
	return passed, failed, notRun
}

// Write prints the report as a table, of all rules or of those that failed, and a last
// line with the counts of all.
func (r Report) Write(w io.Writer, all bool) error {
	out := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	words := map[Outcome]string{Passed: "pass", Failed: "FAIL", NotRun: "-"}
	for _, result := range r {
		if !all && result.Outcome != Failed {
			continue
		}
		line := words[result.Outcome] + "\t" + result.ID + "\t" + result.Source + "\t" + result.What
		if result.Err != nil {
			line += ": " + strings.ReplaceAll(fmt.Sprintf("%.200s", result.Err), "\n", " ")
		}
		_, _ = fmt.Fprintln(out, line) // errors come from Flush
	}
	if err := out.Flush(); err != nil {
		return err
	}
	passed, failed, notRun := r.Count()
	_, err := fmt.Fprintf(w, "%d rules: %d passed, %d failed, %d not run\n", len(r), passed, failed, notRun)
	return err
}

// What rules need.
func anything(*probe) bool    { return true }
func torrent(p *probe) bool   { return p.file != "" }
func emptyFile(p *probe) bool { return p.empty != "" }
func htmlFile(p *probe) bool  { return p.html != "" }
func oddFile(p *probe) bool   { return p.odd != "" }
func directory(p *probe) bool { return p.dir != "" }

// Rules are all rules, in the order in which they run.
func Rules() []Rule {
	var all []Rule
	for _, family := range [][]Rule{
		rangeRules(), manyRangeRules(), validatorRules(), freshnessRules(), methodRules(), headerRules(),
		urlRules(), listingRules(), archiveRules(), errorRules(), protocolRules(), patternRules(),
	} {
		all = append(all, family...)
	}
	return all
}
