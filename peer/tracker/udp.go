package tracker

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/binary"
	"hash"
	"net/netip"
	"sync"
	"time"
)

// Actions and sizes of the protocol (BEP 15).
const (
	actionConnect  = 0
	actionAnnounce = 1
	actionScrape   = 2
	actionError    = 3

	protocolID = 0x41727101980 // in place of the connection id, in a connect request

	connectLen  = 16
	announceLen = 98 // what follows are options (BEP 41), of which none matters here
	scrapeLen   = 16 // and 20 for each torrent
)

// Datagram answers one of the UDP protocol that came from an address: what is to be sent there is
// appended to dst. Nothing is, where it is none, or not worth an answer.
func (t *Tracker) Datagram(dst, b []byte, from netip.AddrPort) []byte {
	from = netip.AddrPortFrom(from.Addr().Unmap().WithZone(""), from.Port())
	if len(b) < connectLen || !from.IsValid() || from.Port() == 0 {
		return dst
	}
	be := binary.BigEndian
	id, action, transaction := be.Uint64(b), be.Uint32(b[8:]), be.Uint32(b[12:])
	if id == protocolID {
		if action != actionConnect {
			return dst
		}
		dst = be.AppendUint32(dst, actionConnect)
		dst = be.AppendUint32(dst, transaction)
		return be.AppendUint64(dst, t.ids.of(from, minute(time.Now())))
	}
	now := minute(time.Now())
	if id>>63 == 0 || id != t.ids.of(from, now) && id != t.ids.of(from, now-1) {
		t.counts.forged.Add(1)
		return dst
	}
	switch {
	case action == actionAnnounce && len(b) >= announceLen:
		return t.udpAnnounce(dst, b, transaction, from.Addr())
	case action == actionScrape && len(b) >= scrapeLen+20:
		return t.udpScrape(dst, b[scrapeLen:], transaction)
	}
	t.counts.refused.Add(1)
	return appendError(dst, transaction, "malformed")
}

// IsDatagram reports whether a datagram may be one of the protocol, not one of the DHT, which
// begins with a "d": connection ids have their first bit set.
func IsDatagram(b []byte) bool {
	return len(b) >= connectLen && (b[0]&0x80 != 0 || binary.BigEndian.Uint64(b) == protocolID)
}

func appendError(dst []byte, transaction uint32, reason string) []byte {
	dst = binary.BigEndian.AppendUint32(dst, actionError)
	dst = binary.BigEndian.AppendUint32(dst, transaction)
	return append(dst, reason...)
}

func (t *Tracker) udpAnnounce(dst, b []byte, transaction uint32, from netip.Addr) []byte {
	be := binary.BigEndian
	a := announce{
		hash: [20]byte(b[16:]), seed: be.Uint64(b[64:]) == 0, completed: be.Uint32(b[80:]) == 1, started: be.Uint32(b[80:]) == 2, stopped: be.Uint32(b[80:]) == 3,
		from: netip.AddrPortFrom(from, be.Uint16(b[96:])), want: defaultWant,
	}
	if n := int32(be.Uint32(b[92:])); n >= 0 {
		a.want = int(min(n, maxWant))
	}
	switch {
	case a.from.Port() == 0:
		t.counts.refused.Add(1)
		return appendError(dst, transaction, "no port")
	case !t.allowed(a.hash):
		return appendError(dst, transaction, "this torrent is not tracked here")
	}
	most4, most6 := maxWant, 0
	if from.Is6() { // answers have the family that questions have
		most4, most6 = 0, maxWant6
	}
	r := t.take(&a, most4, most6)
	dst = be.AppendUint32(dst, actionAnnounce)
	dst = be.AppendUint32(dst, transaction)
	dst = be.AppendUint32(dst, uint32(Interval/time.Second))
	dst = be.AppendUint32(dst, uint32(r.leechers))
	dst = be.AppendUint32(dst, uint32(r.seeds))
	dst = append(dst, r.v4...)
	return append(dst, r.v6...)
}

func (t *Tracker) udpScrape(dst, hashes []byte, transaction uint32) []byte {
	be := binary.BigEndian
	dst = be.AppendUint32(dst, actionScrape)
	dst = be.AppendUint32(dst, transaction)
	for n := 0; n < maxScrape && len(hashes) >= 20; n++ {
		c, _ := t.scrape([20]byte(hashes))
		hashes = hashes[20:]
		dst = be.AppendUint32(dst, uint32(c.seeds))
		dst = be.AppendUint32(dst, uint32(c.downloaded))
		dst = be.AppendUint32(dst, uint32(c.leechers))
	}
	return dst
}

// ids makes connection ids. They hold for the minute that they are made in and the next.
type ids struct {
	secret [32]byte
	macs   sync.Pool // of hash.Hash
}

func minute(t time.Time) int64 { return t.Unix() / 60 }

// of is the id of an address in a minute. Its first bit is set, so that it is no other protocol's.
func (i *ids) of(from netip.AddrPort, minute int64) uint64 {
	mac, _ := i.macs.Get().(hash.Hash)
	if mac == nil {
		mac = hmac.New(sha256.New, i.secret[:])
	}
	defer i.macs.Put(mac)
	mac.Reset()
	var b [16 + 2 + 8]byte
	ip := from.Addr().As16()
	copy(b[:], ip[:])
	binary.BigEndian.PutUint16(b[16:], from.Port())
	binary.BigEndian.PutUint64(b[18:], uint64(minute))
	mac.Write(b[:])
	var sum [sha256.Size]byte
	return binary.BigEndian.Uint64(mac.Sum(sum[:0])) | 1<<63
}
