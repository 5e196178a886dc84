package gateway

import (
	"net/http"
	"strings"
)

// listingForms are the forms of a listing that Accept chooses from, in the order in which
// they win where it likes them equally.
var listingForms = []struct {
	format string
	types  []string
}{
	{"html", []string{"text/html", "application/xhtml+xml"}},
	{"json", []string{"application/json", "application/problem+json"}},
	{"text", []string{"text/plain"}},
}

// listingForm returns the form of a listing where the query names none. Browsers get HTML, and
// so do programs that copy a folder by its index, which name no type. Clients that ask for
// JSON get JSON, and curl at a terminal gets text.
func listingForm(h http.Header) string {
	best, named, quality := "", false, 0.0
	for _, form := range listingForms {
		q, name := acceptable(h["Accept"], form.types)
		if q > quality || q == quality && q > 0 && name && !named {
			best, named, quality = form.format, name, q
		}
	}
	if curl := strings.HasPrefix(h.Get("User-Agent"), "curl/"); curl && !named {
		return "text"
	}
	if best == "" {
		return leastRefused(h)
	}
	return best
}

// leastRefused is the form where Accept takes none of them: HTML, unless it refuses that by name.
func leastRefused(h http.Header) string {
	if _, named := acceptable(h["Accept"], listingForms[0].types); named {
		return "json"
	}
	return "html"
}

// acceptable is the quality that Accept gives to the best of some types, and whether it names
// one of them (RFC 9110 section 12.5.1): the most specific range counts.
func acceptable(lines, types []string) (q float64, named bool) {
	if len(lines) == 0 || len(lines) == 1 && strings.TrimSpace(lines[0]) == "" {
		return 1, false
	}
	best, specific := 0.0, 0
	for _, line := range lines {
		for item := range strings.SplitSeq(line, ",") {
			name, params, _ := strings.Cut(item, ";")
			level := specificity(strings.ToLower(strings.TrimSpace(name)), types)
			switch q := quality(params); {
			case level > specific:
				best, specific = q, level
			case level == specific && level > 0:
				best = max(best, q)
			}
		}
	}
	return best, specific == 3
}

// specificity is 3 where a range names one of some types, 2 where it has the subtypes of one,
// 1 where it has all, 0 where it has none.
func specificity(name string, types []string) int {
	if name == "*/*" {
		return 1
	}
	group, wild := strings.CutSuffix(name, "/*")
	level := 0
	for _, t := range types {
		switch {
		case name == t:
			return 3
		case wild && strings.HasPrefix(t, group+"/"):
			level = 2
		}
	}
	return level
}
