package discovery

import (
	"bytes"
	"math"
	"time"

	"github.com/btgw/btgw/metainfo/bencode"
)

// parseAnswer reads an HTTP tracker's answer (BEP 3, 7, 23, 31). It returns an answer,
// a *refusal, or an error that says what is malformed.
//
// It is lenient where trackers are known to be careless and nothing depends on it:
//
//   - blanks before the dictionary and bytes after it
//   - unsorted and repeated keys
//   - numbers as text
//   - a field of another type, which is ignored
//   - an answer that is cut behind its peers
//   - a reason for failure beside peers
func parseAnswer(b []byte) (*answer, error) {
	b = bytes.TrimLeft(bytes.TrimPrefix(b, []byte("\xef\xbb\xbf")), " \t\r\n\x00")
	p := answerParser{s: bencode.NewScanner(b), a: answer{seeders: -1, leechers: -1}}
	p.s.Lax = true
	err := p.s.Dict(p.field)
	found := len(p.a.peers)+len(p.a.names) > 0
	switch {
	case err != nil && !found:
		return nil, err
	case p.refused && found:
		if p.a.warning == "" {
			p.a.warning = p.r.reason
		}
	case p.refused && (p.r.reason != "" || !p.a.listed):
		p.r.retryIn = max(p.r.retryIn, p.a.interval, p.a.minInterval)
		return nil, &p.r
	}
	return &p.a, nil
}

// answerParser gathers the fields of an answer as they come.
type answerParser struct {
	s       *bencode.Scanner
	a       answer
	r       refusal
	refused bool
	seen    int // entries of lists of peers
}

// field reads one value of the answer's dictionary, or leaves it to be skipped.
func (p *answerParser) field(key []byte) (err error) {
	var n int64
	switch string(key) {
	case "failure reason":
		p.refused = true
		err = p.text(&p.r.reason, 4*maxText)
	case "warning message":
		err = p.text(&p.a.warning, 4*maxText)
	case "tracker id":
		err = p.text(&p.a.trackerID, maxTrackerID+1)
		if len(p.a.trackerID) > maxTrackerID {
			p.a.trackerID = ""
		}
	case "interval":
		err = p.number(&n)
		p.a.interval = seconds(n)
	case "min interval":
		err = p.number(&n)
		p.a.minInterval = seconds(n)
	case "complete":
		err = p.count(&p.a.seeders)
	case "incomplete":
		err = p.count(&p.a.leechers)
	case "retry in":
		err = p.retryIn()
	case "peers":
		p.a.listed = true
		err = p.peers(compact4)
	case "peers6":
		p.a.listed = true
		err = p.peers(compact6)
	}
	return err
}

// text reads a string of which at most limit bytes are kept.
func (p *answerParser) text(dst *string, limit int) error {
	if p.s.Kind() != bencode.String {
		return nil
	}
	b, err := p.s.Bytes()
	*dst = string(b[:min(len(b), limit)])
	return err
}

// number reads a number, or the text of one: its digits up to what is none. What is neither
// leaves dst alone.
func (p *answerParser) number(dst *int64) error {
	switch p.s.Kind() {
	case bencode.Int:
		n, err := p.s.Int()
		*dst = n
		return err
	case bencode.String:
		b, err := p.s.Bytes()
		if n, ok := digits(b); ok {
			*dst = n
		}
		return err
	}
	return nil
}

// digits reads the number that a text begins with; one over 18 digits is the largest that
// has as many.
func digits(b []byte) (n int64, ok bool) {
	b = bytes.TrimLeft(b, " \t")
	b, neg := bytes.CutPrefix(b, []byte("-"))
	for i, c := range b {
		if c < '0' || c > '9' {
			break
		}
		if ok = true; i >= 18 {
			n = 1e18 - 1
			break
		}
		n = n*10 + int64(c-'0')
	}
	if neg {
		n = -n
	}
	return n, ok
}

// count reads a number of peers; nonsense stays unknown.
func (p *answerParser) count(dst *int) error {
	n := int64(-1)
	err := p.number(&n)
	if n >= 0 {
		*dst = int(min(n, math.MaxInt32))
	}
	return err
}

// retryIn reads BEP 31's minutes, or "never".
func (p *answerParser) retryIn() error {
	minutes := int64(0)
	if p.s.Kind() == bencode.String {
		word, err := p.s.Bytes()
		p.r.never = bytes.HasPrefix(word, []byte("never"))
		minutes, _ = digits(word)
		p.r.retryIn = inMinutes(minutes)
		return err
	}
	err := p.number(&minutes)
	p.r.retryIn = inMinutes(minutes)
	return err
}

func inMinutes(n int64) time.Duration {
	return seconds(min(n, int64(maxRetryIn/time.Minute)) * 60)
}
