package dht

import (
	"bytes"
	"crypto/ed25519"
	"crypto/sha1"
	"encoding/binary"
	"net/netip"
	"testing"
	"time"
)

var (
	testKey   = ed25519.NewKeyFromSeed(bytes.Repeat([]byte{7}, ed25519.SeedSize))
	itemsFrom = netip.MustParseAddrPort("9.9.9.9:6881")
)

// signItem is SignItem of what is an item.
func signItem(t *testing.T, salt string, seq int64, value string) Item {
	t.Helper()
	it, err := SignItem(testKey, []byte(salt), seq, []byte(value))
	if err != nil {
		t.Fatal(err)
	}
	return it
}

// The test vectors of BEP 44.
func TestItemVectors(t *testing.T) {
	for _, c := range []struct{ salt, sig, target string }{
		{"", "305ac8aeb6c9c151fa120f120ea2cfb923564e11552d06a5d856091e5e853cff1260d3f39e4999684aa92eb73ffd136e6f4f3ecbfda0ce53a1608ecd7ae21f01", "4a533d47ec9c7d95b1ad75f576cffc641853b750"},
		{"foobar", "6834284b6b24c3204eb2fea824d82f88883a3d95e8b4a21b8c0ded553d17d17ddf9a8a7104b1258f30bed3787e6cb896fca78c58f8e03b5f18f14951a87d9a08", "411eba73b6f087ca51a3795d9c8c938d365e32c1"},
	} {
		it := Item{Key: [32]byte(unhex(t, "77ff84905a91936367c01360803104f92432fcd904a43511876df5cdf3e7e548")), Salt: []byte(c.salt), Seq: 1, Value: []byte("12:Hello World!"), Sig: [64]byte(unhex(t, c.sig))}
		if !it.Valid() {
			t.Errorf("salt %q: the signature is wrong", c.salt)
		}
		if got := ItemTarget(it.Key, it.Salt); !bytes.Equal(got[:], unhex(t, c.target)) {
			t.Errorf("salt %q: target %x", c.salt, got)
		}
		it.Seq = 2
		if it.Valid() {
			t.Errorf("salt %q: another sequence number has the same signature", c.salt)
		}
	}
}

// node is a store of items, as others see it.
type itemNode struct {
	*items
	now time.Time
}

func newItemNode() *itemNode { return &itemNode{newItems(), time.Now()} }

func (n *itemNode) ask(from netip.AddrPort, q message) *message {
	q.kind, q.transaction = 'q', []byte("aa")
	return n.answer(&q, from, n.now, func([20]byte) []byte { return nil })
}

// put stores an item as an address does, and gives the error's code, 0 for none.
func (n *itemNode) put(from netip.AddrPort, it Item, more func(*message)) int64 {
	q := message{method: "put", key: it.Key[:], sig: it.Sig[:], salt: it.Salt, seq: it.Seq, hasSeq: true, value: it.Value}
	token := n.token(from.Addr(), n.now.Unix()/tokenLife)
	q.token = token[:]
	if more != nil {
		more(&q)
	}
	return n.ask(from, q).code
}

func (n *itemNode) get(it Item, seq *int64) *message {
	target := ItemTarget(it.Key, it.Salt)
	q := message{method: "get", target: target[:]}
	if seq != nil {
		q.seq, q.hasSeq = *seq, true
	}
	return n.ask(itemsFrom, q)
}

// What is stored is what was signed, a higher sequence number takes its place, and each
// refusal has its code (BEP 44).
func TestItemsPut(t *testing.T) {
	n := newItemNode()
	two := signItem(t, "s", 2, "3:two")
	for _, c := range []struct {
		what string
		it   Item
		more func(*message)
		code int64
	}{
		{"first", two, nil, 0},
		{"the same again", two, nil, 0},
		{"the same number with another value", signItem(t, "s", 2, "3:TWO"), nil, codeSeq},
		{"a lower number", signItem(t, "s", 1, "3:one"), nil, codeSeq},
		{"the wrong cas", signItem(t, "s", 3, "5:three"), func(m *message) { m.cas, m.hasCAS = 1, true }, codeCAS},
		{"a cas of 0 where there is something", signItem(t, "s", 3, "5:three"), func(m *message) { m.hasCAS = true }, codeCAS},
		{"another value than was signed", two, func(m *message) { m.value = []byte("3:TWO") }, codeSignature},
		{"another salt than was signed", two, func(m *message) { m.salt = []byte("t") }, codeSignature},
		{"another's token", two, func(m *message) {
			other := n.token(netip.MustParseAddr("9.9.9.8"), n.now.Unix()/tokenLife)
			m.token = other[:]
		}, codeProtocol},
		{"a token of long ago", two, func(m *message) { old := n.token(itemsFrom.Addr(), n.now.Unix()/tokenLife-2); m.token = old[:] }, codeProtocol},
		{"a salt of 65 bytes", two, func(m *message) { m.salt = make([]byte, MaxSalt+1) }, codeSaltSize},
		{"a value of 1001 bytes", two, func(m *message) { m.value = make([]byte, MaxItemValue+1) }, codeValueSize},
		{"the right cas", signItem(t, "s", 3, "5:three"), func(m *message) { m.cas, m.hasCAS = 2, true }, 0},
	} {
		if code := n.put(itemsFrom, c.it, c.more); code != c.code {
			t.Errorf("%s: code %d, want %d", c.what, code, c.code)
		}
	}
	three := signItem(t, "s", 3, "5:three")
	if r := n.get(three, nil); string(r.value) != "5:three" || r.seq != 3 || !bytes.Equal(r.sig, three.Sig[:]) || !bytes.Equal(r.key, three.Key[:]) || len(r.token) == 0 {
		t.Errorf("got %+v", r)
	}
	if seq := int64(3); n.get(three, &seq).value != nil || n.get(three, &seq).seq != 3 {
		t.Error("what the other has already was sent")
	}
	n.now = n.now.Add(itemLife + time.Second)
	if n.get(three, nil).value != nil {
		t.Error("it is kept for longer than itemLife")
	}
	if code := n.put(itemsFrom, two, nil); code != 0 {
		t.Errorf("what was forgotten holds off another: %d", code)
	}
}

// An immutable item is found by its hash.
func TestItemsImmutable(t *testing.T) {
	n := newItemNode()
	value := []byte("d1:ai1ee")
	if code := n.put(itemsFrom, Item{}, func(m *message) { m.key, m.sig, m.hasSeq, m.value = nil, nil, false, value }); code != 0 {
		t.Fatal(code)
	}
	target := sha1.Sum(value)
	if r := n.ask(itemsFrom, message{method: "get", target: target[:]}); !bytes.Equal(r.value, value) || r.hasSeq || r.key != nil {
		t.Errorf("got %+v", r)
	}
}

// Strangers store so many items, and each network its part of them.
func TestItemsBounds(t *testing.T) {
	n := newItemNode()
	value := func(i int) []byte { return append([]byte("4:"), binary.BigEndian.AppendUint32(nil, uint32(i))...) }
	put := func(from netip.AddrPort, i int) {
		t.Helper()
		if code := n.put(from, Item{}, func(m *message) { m.key, m.value = nil, value(i) }); code != 0 {
			t.Fatal(code)
		}
	}
	has := func(i int) bool {
		target := sha1.Sum(value(i))
		return n.ask(itemsFrom, message{method: "get", target: target[:]}).value != nil
	}
	for i := range 3 * maxItemsPerNetwork {
		put(itemsFrom, i)
	}
	if n.kept.Len() != maxItemsPerNetwork || !has(3*maxItemsPerNetwork-1) || has(0) {
		t.Errorf("%d items of one network", n.kept.Len())
	}
	for i := range 2 * maxItems {
		put(netip.AddrPortFrom(netip.AddrFrom4([4]byte{10, byte(i >> 8), byte(i), 1}), 1), 1000+i)
	}
	sum := 0
	for _, k := range n.from {
		sum += k
	}
	if n.kept.Len() != maxItems || sum != maxItems || len(n.from) > maxItems {
		t.Errorf("%d items, %d counted, %d networks", n.kept.Len(), sum, len(n.from))
	}
}
