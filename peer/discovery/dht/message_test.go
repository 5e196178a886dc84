package dht

import (
	"net/netip"
	"strings"
	"testing"

	"github.com/anacrolix/dht/v2/krpc"
	"github.com/anacrolix/torrent/bencode"
	"github.com/google/go-cmp/cmp"
)

const (
	id20   = "abcdefghij0123456789"
	hash20 = "mnopqrstuvwxyz123456"
)

// The examples of BEP 5, and what each becomes.
func TestParseMessage(t *testing.T) {
	id := [20]byte([]byte(id20))
	for name, c := range map[string]struct {
		packet string
		want   *message
	}{
		"ping": {
			"d1:ad2:id20:" + id20 + "e1:q4:ping1:t2:aa1:y1:qe",
			&message{kind: 'q', transaction: []byte("aa"), id: id, method: "ping"},
		},
		"find_node": {
			"d1:ad2:id20:" + id20 + "6:target20:" + hash20 + "e1:q9:find_node1:t2:aa1:y1:qe",
			&message{kind: 'q', transaction: []byte("aa"), id: id, method: "find_node", target: []byte(hash20)},
		},
		"get_peers, read-only": {
			"d1:ad2:id20:" + id20 + "9:info_hash20:" + hash20 + "e1:q9:get_peers2:roi1e1:t2:aa1:y1:qe",
			&message{kind: 'q', transaction: []byte("aa"), id: id, method: "get_peers", target: []byte(hash20), readOnly: true},
		},
		"announce_peer": {
			"d1:ad2:id20:" + id20 + "12:implied_porti1e9:info_hash20:" + hash20 + "4:porti6881e5:token8:aoeusnthe1:q13:announce_peer1:t2:aa1:y1:qe",
			&message{kind: 'q', transaction: []byte("aa"), id: id, method: "announce_peer", target: []byte(hash20), port: 6881, implied: true, token: []byte("aoeusnth")},
		},
		"a method of others": {
			"d1:ad2:id20:" + id20 + "6:target20:" + hash20 + "e1:q17:sample_infohashes1:t2:aa1:y1:qe",
			&message{kind: 'q', transaction: []byte("aa"), id: id, method: unknownMethod, target: []byte(hash20)},
		},
		"values": {
			"d2:ip6:\x01\x02\x03\x04\x05\x061:rd2:id20:" + id20 + "5:token8:aoeusnth6:valuesl6:axje.u6:idhtnm7:toolongi5eee1:t2:aa1:y1:re",
			&message{kind: 'r', transaction: []byte("aa"), id: id, token: []byte("aoeusnth"), seenAs: []byte("\x01\x02\x03\x04\x05\x06"), values: [][]byte{[]byte("axje.u"), []byte("idhtnm")}},
		},
		"nodes, the last one cut": {
			"d1:rd2:id20:" + id20 + "5:nodes27:" + strings.Repeat("n", 27) + "e1:t2:aa1:y1:re",
			&message{kind: 'r', transaction: []byte("aa"), id: id, nodes: []byte(strings.Repeat("n", 26))},
		},
		"error": {
			"d1:eli201e23:A Generic Error Ocurrede1:t2:aa1:y1:ee",
			&message{kind: 'e', transaction: []byte("aa"), code: 201, text: []byte("A Generic Error Ocurred")},
		},
		"get": {
			"d1:ad2:id20:" + id20 + "3:seqi7e6:target20:" + hash20 + "e1:q3:get1:t2:aa1:y1:qe",
			&message{kind: 'q', transaction: []byte("aa"), id: id, method: "get", target: []byte(hash20), seq: 7, hasSeq: true},
		},
		"put": {
			"d1:ad3:casi3e2:id20:" + id20 + "1:k32:" + strings.Repeat("k", 32) + "4:salt1:s3:seqi4e3:sig64:" + strings.Repeat("g", 64) + "5:token1:t1:vd1:ai1eee1:q3:put1:t2:aa1:y1:qe",
			&message{kind: 'q', transaction: []byte("aa"), id: id, method: "put", token: []byte("t"), value: []byte("d1:ai1ee"),
				key: []byte(strings.Repeat("k", 32)), sig: []byte(strings.Repeat("g", 64)), salt: []byte("s"), seq: 4, hasSeq: true, cas: 3, hasCAS: true},
		},
		"keys in no order": {
			"d1:y1:q1:t2:aa1:q4:ping1:ad2:id20:" + id20 + "ee",
			&message{kind: 'q', transaction: []byte("aa"), id: id, method: "ping"},
		},
		"a port that is none":                {"d1:ad2:id20:" + id20 + "9:info_hash20:" + hash20 + "4:porti65536e5:token1:xe1:q13:announce_peer1:t2:aa1:y1:qe", nil},
		"announce_peer without arguments":    {"d1:q13:announce_peer1:t2:aa1:y1:qe", nil},
		"put without arguments":              {"d1:q3:put1:t2:aa1:y1:qe", nil},
		"get_peers without an infohash":      {"d1:ad2:id20:" + id20 + "e1:q9:get_peers1:t2:aa1:y1:qe", nil},
		"an id that is short":                {"d1:ad2:id19:" + id20[1:] + "e1:q4:ping1:t2:aa1:y1:qe", nil},
		"a response without an id":           {"d1:rde1:t2:aa1:y1:re", nil},
		"no transaction":                     {"d1:ad2:id20:" + id20 + "e1:q4:ping1:y1:qe", nil},
		"a long transaction":                 {"d1:ad2:id20:" + id20 + "e1:q4:ping1:t33:" + strings.Repeat("t", 33) + "1:y1:qe", nil},
		"no kind":                            {"d1:t2:aae", nil},
		"a list":                             {"l1:t2:aae", nil},
		"nothing":                            {"", nil},
		"a string that is longer than it is": {"d1:t9999:aae", nil},
	} {
		got, err := parseMessage([]byte(c.packet))
		if err != nil {
			got = nil
		}
		if diff := cmp.Diff(c.want, got, cmp.AllowUnexported(message{})); diff != "" {
			t.Errorf("%s: %v\n%s", name, err, diff)
		}
	}
}

// What is handed on is what the library reads: nothing else, and no more of it.
func FuzzMessage(f *testing.F) {
	f.Add([]byte("d1:ad2:id20:" + id20 + "12:implied_porti1e9:info_hash20:" + hash20 + "4:porti6881e5:token8:aoeusnthe1:q13:announce_peer1:t2:aa1:y1:qe"))
	f.Add([]byte("d2:ip6:\x01\x02\x03\x04\x05\x061:rd2:id20:" + id20 + "5:nodes26:" + strings.Repeat("n", 26) + "5:token8:aoeusnth6:valuesl6:axje.uee1:t2:aa1:y1:re"))
	f.Add([]byte("d1:eli201e23:A Generic Error Ocurrede1:t2:aa1:y1:ee"))
	f.Add([]byte("d1:q13:announce_peer1:t2:aa1:y1:qe"))
	f.Fuzz(func(t *testing.T, packet []byte) {
		m, err := parseMessage(packet)
		if err != nil {
			return
		}
		encoded := m.append(nil)
		var read krpc.Msg
		if err := bencode.Unmarshal(encoded, &read); err != nil {
			t.Fatalf("the library does not read %q: %v", encoded, err)
		}
		if read.Y == "q" && read.A == nil || read.Y == "r" && read.R == nil || read.Y == "e" && read.E == nil {
			t.Fatalf("%q lacks what its kind has", encoded)
		}
		again, err := parseMessage(encoded)
		if err != nil {
			t.Fatalf("%q: %v", encoded, err)
		}
		if string(again.append(nil)) != string(encoded) {
			t.Fatalf("%q becomes %q", encoded, again.append(nil))
		}
		for _, v := range m.values {
			if !compactAddr(v).IsValid() {
				t.Fatalf("%q is no address", v)
			}
		}
	})
}

func TestCompactAddr(t *testing.T) {
	for in, want := range map[string]string{
		"\x01\x02\x03\x04\x1a\xe1":                                       "1.2.3.4:6881",
		"\x20\x01\x0d\xb8" + strings.Repeat("\x00", 11) + "\x01\x1a\xe1": "[2001:db8::1]:6881",
		strings.Repeat("\x00", 10) + "\xff\xff\x01\x02\x03\x04\x1a\xe1":  "1.2.3.4:6881",
	} {
		if got := compactAddr([]byte(in)); got != netip.MustParseAddrPort(want) {
			t.Errorf("%q is %s, want %s", in, got, want)
		}
	}
	if got := compactAddr([]byte("12345")); got.IsValid() {
		t.Errorf("five bytes are %s", got)
	}
}
