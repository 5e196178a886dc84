package dht

import (
	"bytes"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha1"
	"crypto/sha256"
	"encoding/binary"
	"net/netip"
	"time"

	lru "github.com/hashicorp/golang-lru/v2/simplelru"
)

// items holds the items that others store at our node (BEP 44): at most maxItems,
// maxItemsPerNetwork of one network, each for itemLife. The library has such a store too, but
// without a bound, and with rules for cas and immutable items that are not the BEP's. Only the
// goroutine that reads the socket uses it.
type items struct {
	kept   *lru.LRU[[20]byte, *stored]
	from   map[netip.Prefix]int // how many are of each network
	secret [32]byte             // of tokens
}

// stored is an item, mutable or not.
type stored struct {
	Item
	mutable bool
	by      netip.Prefix
	at      time.Time
}

// Errors of BEP 5 and BEP 44, as nodes say them to each other.
const (
	codeProtocol  = 203
	codeValueSize = 205
	codeSignature = 206
	codeSaltSize  = 207
	codeCAS       = 301
	codeSeq       = 302
)

func newItems() *items {
	s := &items{from: make(map[netip.Prefix]int)}
	_, _ = rand.Read(s.secret[:]) // never fails
	s.kept, _ = lru.NewLRU(maxItems, func(_ [20]byte, it *stored) {
		if s.from[it.by]--; s.from[it.by] == 0 {
			delete(s.from, it.by)
		}
	})
	return s
}

// answer answers a get or a put; nodes are those closest to a target. The answer aliases the query.
func (s *items) answer(q *message, from netip.AddrPort, now time.Time, nodes func(target [20]byte) []byte) *message {
	r := &message{kind: 'r', transaction: q.transaction}
	if q.method == "get" {
		token := s.token(from.Addr(), now.Unix()/tokenLife)
		r.token, r.nodes = token[:], nodes([20]byte(q.target))
		s.get(q, r, now)
		return r
	}
	if code, text := s.put(q, from.Addr(), now); code != 0 {
		return &message{kind: 'e', transaction: q.transaction, code: code, text: []byte(text)}
	}
	return r
}

// get adds to an answer what is stored, if it is news.
func (s *items) get(q, r *message, now time.Time) {
	it, ok := s.kept.Get([20]byte(q.target))
	if !ok || now.Sub(it.at) > itemLife {
		return
	}
	if it.mutable {
		r.seq, r.hasSeq = it.Seq, true
		if q.hasSeq && it.Seq <= q.seq {
			return
		}
		r.key, r.sig = it.Key[:], it.Sig[:]
	}
	r.value = it.Value
}

// put stores what a query brings, or gives the error that says why not.
func (s *items) put(q *message, from netip.Addr, now time.Time) (code int64, text string) {
	switch {
	case !s.knows(q.token, from, now):
		return codeProtocol, "bad token"
	case len(q.value) > MaxItemValue:
		return codeValueSize, "the value is too large"
	case len(q.salt) > MaxSalt:
		return codeSaltSize, "the salt is too large"
	}
	it := &stored{mutable: q.key != nil, by: networkOf(from), at: now}
	it.Value = bytes.Clone(q.value)
	target := sha1.Sum(q.value)
	if it.mutable {
		it.Key, it.Salt, it.Seq, it.Sig = [32]byte(q.key), bytes.Clone(q.salt), q.seq, [64]byte(q.sig)
		if !it.Valid() {
			return codeSignature, "the signature is not the key's"
		}
		target = ItemTarget(it.Key, it.Salt)
	}
	old, ok := s.kept.Peek(target)
	if ok && it.mutable && now.Sub(old.at) <= itemLife {
		switch {
		case q.hasCAS && q.cas != old.Seq:
			return codeCAS, "there is another sequence number than cas says"
		case it.Seq < old.Seq, it.Seq == old.Seq && !bytes.Equal(it.Value, old.Value):
			return codeSeq, "the sequence number is not higher than what is stored"
		}
	}
	s.keep(target, it)
	return 0, ""
}

// keep takes an item in. A network that has its part gives up what it stored longest ago.
func (s *items) keep(target [20]byte, it *stored) {
	s.kept.Remove(target)
	if s.from[it.by] >= maxItemsPerNetwork {
		for _, old := range s.kept.Keys() { // the oldest first
			if other, _ := s.kept.Peek(old); other.by == it.by {
				s.kept.Remove(old)
				break
			}
		}
	}
	s.from[it.by]++
	s.kept.Add(target, it)
}

// token is what an address may store with, in one period.
func (s *items) token(to netip.Addr, period int64) (token [8]byte) {
	mac := hmac.New(sha256.New, s.secret[:])
	mac.Write(binary.BigEndian.AppendUint64(to.AsSlice(), uint64(period)))
	return [8]byte(mac.Sum(nil))
}

// knows reports whether a token is an address's, of this period or the one before.
func (s *items) knows(token []byte, of netip.Addr, now time.Time) bool {
	period := now.Unix() / tokenLife
	this, last := s.token(of, period), s.token(of, period-1)
	return hmac.Equal(token, this[:]) || hmac.Equal(token, last[:])
}

// networkOf returns the network whose addresses share one quota of stored items.
func networkOf(addr netip.Addr) netip.Prefix {
	bits := 24
	if addr.Is6() {
		bits = 48
	}
	p, _ := addr.Prefix(bits) // fails for bits alone
	return p
}
