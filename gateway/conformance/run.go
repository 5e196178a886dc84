package conformance

import (
	"context"
	"crypto/tls"
	"fmt"
	"io"
	"strings"
	"sync"
	"text/tabwriter"
	"time"

	"github.com/btgw/btgw/metainfo"
)

// A Rule is one thing that an answer has to be.
type Rule struct {
	ID     string // of the suite, stable
	Source string // where it is written
	What   string

	needs func(*probe) bool // what the torrent has to have; nil: a torrent
	check func(*probe) error

	// together has neighbours checked at the same time: each waits for the same that does not come.
	together bool
}

// Config names a gateway and a torrent that it can serve.
type Config struct {
	// URL is the gateway's, http or https, with the path below which it is.
	URL string
	// InfoHash is that of a torrent with a file of 40,000 bytes or more. The zero
	// value leaves out the rules that need one.
	InfoHash metainfo.InfoHash
	// Hints is a query that helps the gateway to find the swarm, as
	// "tr=…&x.pe=…", sent once.
	Hints string
	// Subdomains is the host under which every torrent has one of its own. Its port is URL's, and
	// so is where connections go: no name is resolved. "" leaves out the rules of it.
	Subdomains string
	// Name is the path of a name that stands for the torrent, as "/btpk/<key>/<salt>". "" leaves out the
	// rules of it.
	Name string
	// Denied are paths, in their canonical form, of what the gateway's denylist has: of a torrent
	// ("/btih/0123…"), or of a file or directory in one. None leaves out the rules of them.
	Denied []string
	// Dying is the path of a file of which the beginning can be had and the end cannot.
	// "" leaves out the rules of it.
	Dying string
	// Pause is how long a body is left unread, of a file of 12 MiB or more. 0 leaves out the rules of it.
	Pause time.Duration
	// Front says that URL names a cache or a balancer in front of the gateway. What a front may answer by itself
	// is judged by what HTTP leaves to it.
	Front bool
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

// Run checks every rule. It returns an error if the gateway cannot be reached or does
// not have the torrent. A rule that fails is not an error.
func Run(ctx context.Context, cfg Config) (Report, error) {
	u, err := target(cfg.URL)
	if err != nil {
		return nil, err
	}
	p := &probe{ctx: ctx, dialer: dialer{url: u, prefix: strings.TrimRight(u.EscapedPath(), "/"), tls: cfg.TLS, subdomains: cfg.Subdomains}, infohash: cfg.InfoHash, name: strings.TrimSuffix(cfg.Name, "/"), denied: cfg.Denied, dying: cfg.Dying, pause: cfg.Pause, front: cfg.Front}
	if p.name != "" && strings.Count(p.name, "/") != 3 {
		return nil, fmt.Errorf("%q is not the path of a name: /btpk/<key>/<salt> is expected", cfg.Name)
	}
	for _, path := range append(cfg.Denied, cfg.Dying) {
		torrent, _ := split(path)
		if _, err := infohashOf(torrent); path != "" && err != nil {
			return nil, fmt.Errorf("%q is not the path of a torrent, or of what is in one: %w", path, err)
		}
	}
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
	return p.checkAll(Rules())
}

// checkAll checks rules in their order, neighbours together where they say so. The error is the
// context's, and the report of what was checked until then.
func (p *probe) checkAll(rules []Rule) (Report, error) {
	report := make(Report, len(rules))
	for from, to := 0, 0; from < len(rules); from = to {
		for to = from + 1; rules[from].together && to < len(rules) && rules[to].together; {
			to++
		}
		var work sync.WaitGroup
		for i := from; i < to; i++ {
			work.Go(func() { report[i] = p.judge(rules[i]) })
		}
		work.Wait()
		if err := p.ctx.Err(); err != nil {
			return report[:from], err
		}
	}
	return report, nil
}

// judge checks one rule, if there is what it needs.
func (p *probe) judge(rule Rule) Result {
	result := Result{Rule: rule, Outcome: NotRun}
	needs := rule.needs
	if needs == nil {
		needs = torrent
	}
	if !needs(p) {
		return result
	}
	result.Outcome = Passed
	if result.Err = rule.check(p); result.Err == nil {
		return result
	}
	if own, ok := leeways[rule.ID]; ok && p.front {
		if err := own.check(p); err == nil {
			result.Source, result.What, result.Err = own.source, own.what, nil
			return result
		}
	}
	result.Outcome = Failed
	return result
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
	words := map[Outcome]string{Passed: "pass", Failed: "FAIL", NotRun: "not run"}
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
func spaced(p *probe) bool    { return p.spaced != "" }

func subdomains(p *probe) bool { return torrent(p) && p.subdomains != "" }
func denials(p *probe) bool    { return len(p.denied) > 0 }
func dying(p *probe) bool      { return p.dying != "" }
func pauses(p *probe) bool     { return p.pause > 0 && p.large != "" }

// Rules are all rules, in the order in which they run.
func Rules() []Rule {
	var all []Rule
	for _, family := range [][]Rule{
		rangeRules(), manyRangeRules(), validatorRules(), freshnessRules(), methodRules(), headerRules(),
		urlRules(), listingRules(), archiveRules(), errorRules(), protocolRules(), patternRules(),
		webDAVRules(), deviceRules(), mediaRules(), subdomainRules(), deniedRules(), namedRules(), pauseRules(), cutRules(),
	} {
		all = append(all, family...)
	}
	return all
}
