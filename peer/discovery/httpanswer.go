package discovery

import (
	"math"
	"net/netip"
	"time"

	"github.com/btgw/btgw/metainfo/bencode"
)

// parseAnswer reads an HTTP tracker's answer (BEP 3, 7, 23, 31): an answer, a
// *refusal, or an error that says what is malformed.
//
// It is lenient where trackers are known to be careless and nothing depends on
// it: unsorted keys, bytes after the dictionary, a field of another type (which
// is ignored).
func parseAnswer(b []byte) (*answer, error) {
	p := answerParser{s: bencode.NewScanner(b), a: answer{seeders: -1, leechers: -1}}
	p.s.AnyOrder = true
	if err := p.s.Dict(p.field); err != nil {
		return nil, err
	}
	if p.refused {
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
		err = p.peers(compact4)
	case "peers6":
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

func (p *answerParser) number(dst *int64) error {
	if p.s.Kind() != bencode.Int {
		return nil
	}
	n, err := p.s.Int()
	*dst = n
	return err
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
	var word string
	var minutes int64
	if err := p.text(&word, len("never")); err != nil {
		return err
	}
	err := p.number(&minutes)
	p.r.never = word == "never"
	p.r.retryIn = seconds(min(minutes, int64(maxRetryIn/time.Minute)) * 60)
	return err
}

// peers reads either form of a list of peers: a string of compact addresses of
// that size, or dictionaries.
func (p *answerParser) peers(size int) error {
	switch p.s.Kind() {
	case bencode.String:
		b, err := p.s.Bytes()
		p.a.peers = appendCompact(p.a.peers, b, size)
		return err
	case bencode.List:
		return p.s.List(p.peer)
	}
	return nil
}

// peer reads one peer in dictionary form. Its "ip" may be a name by BEP 3; such
// a peer is ignored, as a lookup for each of a stranger's names is not ours to
// do.
func (p *answerParser) peer() error {
	p.seen++
	if p.s.Kind() != bencode.Dict || p.seen > maxEntries {
		return nil
	}
	var ip string
	var port int64
	err := p.s.Dict(func(key []byte) error {
		switch string(key) {
		case "ip":
			return p.text(&ip, 64)
		case "port":
			return p.number(&port)
		}
		return nil
	})
	if err != nil || port < 0 || port > math.MaxUint16 || len(p.a.peers) >= maxPeers {
		return err
	}
	if addr, parseErr := netip.ParseAddr(ip); parseErr == nil {
		p.a.peers = appendPeer(p.a.peers, addr, uint16(port))
	}
	return nil
}
