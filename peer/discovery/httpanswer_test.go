package discovery

import (
	"errors"
	"fmt"
	"math"
	"net"
	"net/netip"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/btgw/btgw/metainfo/bencode"
)

func TestParseAnswer(t *testing.T) {
	peer6 := "\x2a\x00\x14\x50\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x01\x1a\xe1"
	unknown := answer{seeders: -1, leechers: -1}
	for name, c := range map[string]struct {
		in   string
		want func(*answer)
	}{
		"empty": {"de", func(*answer) {}},
		"opentracker's": {"d8:completei2e10:downloadedi9e10:incompletei3e8:intervali1760e12:min intervali880e5:peers6:\x7f\x00\x00\x01\x1b\x59e", func(a *answer) {
			a.seeders, a.leechers, a.interval, a.minInterval, a.peers = 2, 3, 1760*time.Second, 880*time.Second, addrs("127.0.0.1:7001")
		}},
		"compact and v6":      {"d5:peers6:\x01\x02\x03\x04\x1a\xe16:peers618:" + peer6 + "e", func(a *answer) { a.peers = addrs("1.2.3.4:6881", "[2a00:1450::1]:6881") }},
		"compact cut short":   {"d5:peers8:\x01\x02\x03\x04\x1a\xe1\x05\x06e", func(a *answer) { a.peers = addrs("1.2.3.4:6881") }},
		"dictionary form":     {"d5:peersld2:ip7:1.2.3.47:peer id20:-XX0000-aaaaaaaaaaaa4:porti6881eed2:ip12:2a00:1450::14:porti1eeee", func(a *answer) { a.peers = addrs("1.2.3.4:6881", "[2a00:1450::1]:1") }},
		"dictionaries in v6":  {"d6:peers6ld2:ip12:2a00:1450::14:porti1eeee", func(a *answer) { a.peers = addrs("[2a00:1450::1]:1") }},
		"mapped, zone":        {"d5:peersld2:ip14:::ffff:1.2.3.44:porti1eed2:ip12:fe80::1%eth04:porti2eeee", func(a *answer) { a.peers = addrs("1.2.3.4:1", "[fe80::1]:2") }},
		"no peers among them": {"d5:peersld2:ip7:0.0.0.04:porti1eed2:ip9:224.0.0.14:porti1eed2:ip7:1.2.3.44:porti0eed2:ip7:1.2.3.44:porti65536eed2:ip7:1.2.3.44:porti-1eed2:ip8:name tld4:porti1eed4:porti1eed2:ip7:1.2.3.4edei7e3:abcleee", func(*answer) {}},
		"tracker id, warning": {"d10:tracker id3:a b15:warning message4:hey!e", func(a *answer) { a.trackerID, a.warning = "a b", "hey!" }},
		"long tracker id":     {fmt.Sprintf("d10:tracker id%d:%se", maxTrackerID+1, strings.Repeat("x", maxTrackerID+1)), func(*answer) {}},
		"long warning":        {"d15:warning message5000:" + strings.Repeat("w", 5000) + "e", func(a *answer) { a.warning = strings.Repeat("w", 4*maxText) }},
		"other types":         {"d8:completele10:incompletede8:intervall4:1800e12:min intervalle5:peersi7e6:peers6de10:tracker idi1e15:warning messagelee", func(*answer) {}},
		"nonsense numbers":    {"d8:completei-3e10:incompletei9223372036854775807e8:intervali-1e12:min intervali9223372036854775807ee", func(a *answer) { a.leechers, a.minInterval = math.MaxInt32, maxRetryIn }},
		"unsorted keys":       {"d5:peers0:8:intervali60ee", func(a *answer) { a.interval = time.Minute }},
		"bytes after it":      {"d8:intervali60ee\r\n", func(a *answer) { a.interval = time.Minute }},
		"unknown keys":        {"d1:ai1e11:external ip4:\x01\x02\x03\x048:intervali60e1:zld1:ai1eeee", func(a *answer) { a.interval = time.Minute }},
	} {
		a, err := parseAnswer([]byte(c.in))
		if c.want == nil {
			if err == nil {
				t.Errorf("%s: %+v, want an error", name, a)
			}
			continue
		}
		want := unknown
		c.want(&want)
		want.listed = strings.Contains(c.in, "5:peers") || strings.Contains(c.in, "6:peers6")
		if err != nil || !reflect.DeepEqual(a, &want) {
			t.Errorf("%s: %+v, %v, want %+v", name, a, err, want)
		}
	}
}

// TestParseAnswerOddities: what trackers send that others take.
func TestParseAnswerOddities(t *testing.T) {
	both := addrs("1.2.3.4:6881", "[2a00:1450::1]:6881")
	peer6 := "\x2a\x00\x14\x50\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x01"
	for name, c := range map[string]struct {
		in    string
		peers []netip.AddrPort
		names []string
		also  func(a *answer) bool
	}{
		"ports as text":             {"d5:peersld2:ip7:1.2.3.44:port4:6881ed2:ip12:2a00:1450::14:port5: 6881eee", both, nil, nil},
		"names":                     {"d5:peersld2:ip8:seed-box4:porti1eed2:ip12:seed.example4:porti6881eed2:ip9:Se-ed.xyz4:port2:80eee", nil, []string{"seed-box:1", "seed.example:6881", "Se-ed.xyz:80"}, nil},
		"no names":                  {"d5:peersld2:ip9:local/hos4:porti1eed2:ip7:1.2.3.54:porti0eed2:ip5:1.2.34:porti1eed2:ip9:a b.c.com4:porti1eed2:ip6:..a.bc4:porti1eed2:ip8:x.y/.com4:porti1eeee", nil, nil, nil},
		"more names than are taken": {"d5:peersl" + strings.Repeat("d2:ip8:seed.xyz4:porti1ee", 50) + "ee", nil, slices.Repeat([]string{"seed.xyz:1"}, maxPeerNames), nil},
		"addresses as bytes":        {"d5:peersld2:ip4:\x01\x02\x03\x044:porti6881eed2:ip16:" + peer6 + "4:porti6881eeee", both, nil, nil},
		"addresses with brackets":   {"d5:peersld2:ip7:1.2.3.44:porti6881eed2:ip14:[2a00:1450::1]4:porti6881eeee", both, nil, nil},
		"addresses with ports":      {"d5:peersld2:ip12:1.2.3.4:6881ed2:ip19:[2a00:1450::1]:6881eee", both, nil, nil},
		"a list of texts":           {"d5:peersl12:1.2.3.4:688119:[2a00:1450::1]:688114:seed.test:6881ee", both, []string{"seed.test:6881"}, nil},
		"a list of compact ones":    {"d5:peersl6:\x01\x02\x03\x04\x1a\xe118:" + peer6 + "\x1a\xe1ee", both, nil, nil},
		"a list of pairs":           {"d5:peersll7:1.2.3.4i6881eel12:2a00:1450::14:6881eee", both, nil, nil},
		"a list that is a dict":     {"d5:peersd1:0d2:ip7:1.2.3.44:porti6881ee1:1d2:ip12:2a00:1450::14:porti6881eeee", both, nil, nil},
		"v4 among peers6":           {"d6:peers6ld2:ip7:1.2.3.44:porti6881eed2:ip12:2a00:1450::14:porti6881eeee", both, nil, nil},
		"numbers as text": {"d8:complete1:510:incomplete2:-38:interval7:1800 s.12:min interval3:1e95:peers0:e", nil, nil, func(a *answer) bool {
			return a.seeders == 5 && a.leechers == -1 && a.interval == 30*time.Minute && a.minInterval == time.Second
		}},
		"huge and negative numbers": {"d8:completei99999999999999999999e8:intervali-99999999999999999999e12:min interval30:999999999999999999999999999999e", nil, nil, func(a *answer) bool {
			return a.seeders == math.MaxInt32 && a.interval == 0 && a.minInterval == maxRetryIn
		}},
		"zeros before a number":      {"d8:intervali0060e5:peers0:e", nil, nil, func(a *answer) bool { return a.interval == time.Minute }},
		"a key that comes twice":     {"d8:intervali60e8:intervali120e5:peers0:e", nil, nil, func(a *answer) bool { return a.interval == 2*time.Minute }},
		"blanks and a mark before":   {"\xef\xbb\xbf\r\n d8:intervali60ee", nil, nil, func(a *answer) bool { return a.interval == time.Minute }},
		"cut behind its peers":       {"d5:peers6:\x01\x02\x03\x04\x1a\xe18:inter", both[:1], nil, nil},
		"a failure beside peers":     {"d14:failure reason4:slow5:peers6:\x01\x02\x03\x04\x1a\xe1e", both[:1], nil, func(a *answer) bool { return a.warning == "slow" }},
		"an empty failure and peers": {"d14:failure reason0:8:intervali60e5:peers0:e", nil, nil, func(a *answer) bool { return a.interval == time.Minute }},
		"external ip of any form":    {"d11:external ip7:1.2.3.45:peers6:\x01\x02\x03\x04\x1a\xe111:external ipi5ee", both[:1], nil, nil},
	} {
		a, err := parseAnswer([]byte(c.in))
		if err != nil {
			t.Errorf("%s: %v", name, err)
		} else if !slices.Equal(a.peers, c.peers) || !slices.Equal(a.names, c.names) || c.also != nil && !c.also(a) {
			t.Errorf("%s: %+v", name, a)
		}
	}
}

func TestParseAnswerRefusal(t *testing.T) {
	for in, want := range map[string]refusal{
		"d14:failure reason4:nonee":                               {reason: "none"},
		"d14:failure reason0:e":                                   {},
		"d14:failure reasoni3ee":                                  {},
		"d14:failure reason2:no8:intervali900ee":                  {reason: "no", retryIn: 15 * time.Minute},
		"d14:failure reason2:no8:retry ini5ee":                    {reason: "no", retryIn: 5 * time.Minute},
		"d14:failure reason2:no8:retry in5:nevere":                {reason: "no", never: true},
		"d14:failure reason2:no8:retry in6:neverse":               {reason: "no", never: true},
		"d14:failure reason2:no8:retry in4:soone":                 {reason: "no"},
		"d14:failure reason2:no8:retry ini99999999999999999999ee": {reason: "no", retryIn: maxRetryIn},
		"d14:failure reason2:no8:retry in2:10e":                   {reason: "no", retryIn: 10 * time.Minute},
		"d14:failure reason2:no8:retry ini9223372036854775807ee":  {reason: "no", retryIn: maxRetryIn},
		"d14:failure reason2:no8:retry ini-5ee":                   {reason: "no"},
		"d8:intervali60e14:failure reason2:no5:peers0:e":          {reason: "no", retryIn: time.Minute},
	} {
		_, err := parseAnswer([]byte(in))
		var refused *refusal
		if !errors.As(err, &refused) || *refused != want {
			t.Errorf("%q: %#v, want %#v", in, err, want)
		}
	}
}

func TestParseAnswerMalformed(t *testing.T) {
	for _, in := range []string{"", "<html>", "le", "i1e", "4:spam", "d", "d8:interval", "d8:intervali1800e", "d5:peers9:abce", "d5:peersld2:ip", "d8:intervali1.5ee", "d5:peers99999999999999999999:e", strings.Repeat("d1:a", 100), "d1:a" + strings.Repeat("l", 5000)} {
		if a, err := parseAnswer([]byte(in)); err == nil {
			t.Errorf("%.40q: %+v, want an error", in, a)
		}
	}
}

func TestParseAnswerMaxPeers(t *testing.T) {
	compact := strings.Repeat("\x01\x02\x03\x04\x1a\xe1", maxPeers+1)
	dicts := strings.Repeat("d2:ip7:1.2.3.44:porti6881ee", maxPeers+1)
	for _, in := range []string{
		fmt.Sprintf("d5:peers%d:%se", len(compact), compact),
		"d5:peersl" + dicts + "ee",
		fmt.Sprintf("d5:peersl%se6:peers6%d:%se", dicts, len(compact), compact),
	} {
		if a, err := parseAnswer([]byte(in)); err != nil || len(a.peers) != maxPeers {
			t.Errorf("%.30q: %v, %v", in, a, err)
		}
	}
}

// TestParseAnswerHostile: the largest answers that are read take no time.
func TestParseAnswerHostile(t *testing.T) {
	for name, in := range map[string]string{
		"lists":   strings.Repeat("l", maxAnswer),
		"integer": "d8:intervali" + strings.Repeat("1", maxAnswer),
		"peers":   "d5:peersl" + strings.Repeat("de", maxAnswer/2-10) + "ee",
		"keys":    "d" + strings.Repeat("0:i1e", maxAnswer/5) + "e",
		"length":  "d5:peers9223372036854775808:",
	} {
		start := time.Now()
		parseAnswer([]byte(in))
		took := time.Since(start)
		t.Logf("%s: %v", name, took)
		if took > 2*time.Second { // some 5 ms; the rest is for race detectors on busy machines
			t.Errorf("%s: %v", name, took)
		}
	}
}

// FuzzHTTPAnswer: never a panic, never out of bounds; and what our own encoder
// writes of it reads the same.
func FuzzHTTPAnswer(f *testing.F) {
	for _, seed := range []string{
		"de", nobody, onePeer, "d14:failure reason2:no8:retry in5:nevere",
		"d8:completei2e10:incompletei3e8:intervali1760e12:min intervali880e5:peersld2:ip7:1.2.3.44:porti6881eeee",
		"d5:peersl12:1.2.3.4:6881l12:2a00:1450::14:6881ed2:ip9:seed.test4:port4:6881eee", "d5:peersd1:0d2:ip4:\x01\x02\x03\x044:porti6881eeee",
		"\r\nd8:interval4:18008:intervali007e14:failure reason2:no5:peersl18:[2a00:1450::1]:68816:\x01\x02\x03\x04\x1a\xe1ee\n",
		"d5:peersl7: 0A00:1ee",
		"d6:peers618:\x2a\x00\x14\x50\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x01\x1a\xe110:tracker id1:xe",
	} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, b []byte) {
		a, err := parseAnswer(b)
		if err != nil {
			if a != nil {
				t.Fatal("an answer and an error")
			}
			var refused *refusal
			if errors.As(err, &refused) && (refused.retryIn < 0 || refused.retryIn > maxRetryIn || len(refused.reason) > 4*maxText) {
				t.Fatalf("out of bounds: %#v", refused)
			}
			return
		}
		checkAnswer(t, a)
		again, err := parseAnswer(encodeAnswer(t, a))
		if err != nil || !reflect.DeepEqual(a, again) {
			t.Fatalf("%+v reads again as %+v, %v", a, again, err)
		}
	})
}

// encodeAnswer writes an answer in dictionary form.
func encodeAnswer(t *testing.T, a *answer) []byte {
	t.Helper()
	dict := map[string]any{"interval": int64(a.interval / time.Second), "min interval": int64(a.minInterval / time.Second), "warning message": a.warning, "tracker id": a.trackerID, "complete": a.seeders, "incomplete": a.leechers}
	peers := []any{}
	for _, p := range a.peers {
		peers = append(peers, map[string]any{"ip": p.Addr().String(), "port": int(p.Port())})
	}
	for _, name := range a.names {
		host, port, _ := net.SplitHostPort(name)
		if len(host) == 4 || len(host) == 16 { // which in a dictionary is the address itself
			peers = append(peers, " "+name)
			continue
		}
		peers = append(peers, map[string]any{"ip": host, "port": port})
	}
	if a.listed {
		dict["peers"] = peers
	}
	b, err := bencode.Append(nil, dict)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// FuzzAnnounceURL: whatever a torrent gives as a tracker, what is shown of it is
// printable and holds nothing of its path, query and user but the plain names.
func FuzzAnnounceURL(f *testing.F) {
	for _, seed := range []string{
		"http://tracker.test:80/announce", "https://tracker.test/0123456789abcdef/announce?passkey=secret#x",
		"udp://tracker.test:6969/announce", "http://user:pass@[2001:db8::1%25eth0]/", "http://a b/", "udp://x", "HTTP://X.TEST/%zz",
	} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, raw string) {
		u, err := parseAnnounceURL(raw)
		if u == nil {
			if err == nil {
				t.Fatal("neither URL nor error")
			}
			return
		}
		host := u.url.Host
		rest, ok := strings.CutPrefix(u.String(), u.url.Scheme+"://"+host)
		if !ok {
			t.Fatalf("%q is shown as %q", raw, u)
		}
		for _, segment := range strings.FieldsFunc(rest, func(r rune) bool { return r == '/' || r == '?' }) {
			if segment != hidden && segment != "announce" && segment != "announce.php" {
				t.Fatalf("%q is shown as %q", raw, u)
			}
		}
		if _, literal := u.literal(); literal && netip.MustParseAddr(u.url.Hostname()).Zone() != "" {
			t.Fatalf("a zone in %q", raw)
		}
		if err == nil {
			newEndpoints(&Config{}, u)
		}
	})
}
