package attacks

import (
	"bufio"
	"crypto/sha1"
	"encoding/binary"
	"fmt"
	"io"
	"math/rand/v2"
	"net"
	"sync"
	"testing"
	"time"

	"github.com/btgw/btgw/metainfo"
	"github.com/btgw/btgw/metainfo/bencode"
	"github.com/btgw/btgw/peer/wire"
)

// Ports of the attackers' peers, at all addresses.
const (
	neverPort    = 7000 // no SYN is answered
	mutePort     = 7001 // nothing is said
	idlePort     = 7002 // a handshake, and nothing more
	metadataPort = 7003 // metadata, and nothing more
	liarPort     = 7004 // zeros
)

// listenSilent has every address silent in the three ways.
func listenSilent(t *testing.T) {
	t.Helper()
	listenNever(t, neverPort)
	listen(t, fmt.Sprintf(":%d", mutePort), func(c net.Conn) { _, _ = io.Copy(io.Discard, c) })
	listen(t, fmt.Sprintf(":%d", idlePort), func(c net.Conn) {
		if _, _, err := greet(c, 0); err == nil {
			_, _ = io.Copy(io.Discard, c)
		}
	})
}

// greet answers a handshake with one of the same torrent; size is that of the
// metadata that it claims to have, 0 for none.
func greet(c net.Conn, size int) (torrent [20]byte, r *bufio.Reader, err error) {
	r = bufio.NewReader(c)
	var b [wire.HandshakeLen]byte
	if _, err = io.ReadFull(r, b[:]); err != nil {
		return torrent, r, err
	}
	h, err := wire.ParseHandshake(b[:])
	if err != nil {
		return torrent, r, err
	}
	_, err = c.Write(hello(h.InfoHash, size))
	return h.InfoHash, r, err
}

// hello is a handshake and the one of extensions.
func hello(torrent [20]byte, size int) []byte {
	var id [20]byte
	copy(id[:], "-XX0001-")
	binary.BigEndian.PutUint64(id[12:], rand.Uint64())
	h := wire.NewHandshake(torrent, id)
	b := wire.AppendHandshake(nil, h)
	return wire.AppendExtendedHandshake(b, &wire.ExtendedHandshake{
		Metadata: wire.ExtMetadata, PEX: wire.ExtPEX, Client: "stranger", MetadataSize: int64(size), ReqQ: 500,
	})
}

// message reads one.
func message(r *bufio.Reader) (id wire.ID, payload []byte, err error) {
	var head [4]byte
	if _, err := io.ReadFull(r, head[:]); err != nil {
		return 0, nil, err
	}
	n := binary.BigEndian.Uint32(head[:])
	if n == 0 {
		return wire.KeepAlive, nil, nil
	}
	if n > mebibyte {
		return 0, nil, fmt.Errorf("a message of %d bytes", n)
	}
	b := make([]byte, n)
	if _, err := io.ReadFull(r, b); err != nil {
		return 0, nil, err
	}
	return wire.ID(b[0]), b[1:], nil
}

// library is metadata that peers serve, by infohash.
type library struct {
	mu   sync.Mutex
	info map[[20]byte][]byte
}

// add takes an info dictionary.
func (l *library) add(info []byte) metainfo.InfoHash {
	sum := sha1.Sum(info)
	l.mu.Lock()
	defer l.mu.Unlock()
	l.info[sum] = info
	return metainfo.NewV1(sum)
}

// listenMetadata has every address serve the library.
func listenMetadata(t *testing.T) *library {
	t.Helper()
	l := &library{info: map[[20]byte][]byte{}}
	listen(t, fmt.Sprintf(":%d", metadataPort), func(c net.Conn) { _ = l.serve(c) })
	return l
}

// serve is one connection.
func (l *library) serve(c net.Conn) error {
	r := bufio.NewReader(c)
	var b [wire.HandshakeLen]byte
	if _, err := io.ReadFull(r, b[:]); err != nil {
		return err
	}
	h, err := wire.ParseHandshake(b[:])
	if err != nil {
		return err
	}
	l.mu.Lock()
	info := l.info[h.InfoHash]
	l.mu.Unlock()
	if _, err := c.Write(hello(h.InfoHash, len(info))); err != nil {
		return err
	}
	var theirs wire.ExtendedHandshake
	for {
		id, payload, err := message(r)
		if err != nil {
			return err
		}
		if id != wire.Extended {
			continue
		}
		ext, body := wire.ParseExtended(payload)
		switch ext {
		case wire.ExtHandshake:
			if theirs, err = wire.ParseExtendedHandshake(body); err != nil {
				return err
			}
		case wire.ExtMetadata:
			m, err := wire.ParseMetadata(body)
			if err != nil || m.Type != wire.MetadataRequest {
				continue
			}
			from := min(m.Part*wire.MetadataPart, len(info))
			data := info[from:min(from+wire.MetadataPart, len(info))]
			if _, err := c.Write(wire.AppendMetadata(nil, theirs.Metadata, wire.MetadataMessage{
				Type: wire.MetadataData, Part: m.Part, Total: int64(len(info)), Data: data,
			})); err != nil {
				return err
			}
		}
	}
}

// manyFiles is a valid info dictionary of n files of one byte, which no other call
// gives: for 95,000 it has 2.8 MB.
func manyFiles(t testing.TB, n, nameLen int) []byte {
	t.Helper()
	files := make([]byte, 0, n*(nameLen+32))
	for i := range n {
		files = append(files, "d6:lengthi1e4:pathl"...)
		files = bencode.AppendString(files, fmt.Sprintf("%0*x", nameLen, i))
		files = append(files, "ee"...)
	}
	const pieceLength = 16 << 10
	pieces := make([]byte, (n+pieceLength-1)/pieceLength*20)
	for i := range pieces {
		pieces[i] = byte(rand.Uint32())
	}
	info, err := bencode.Append(nil, map[string]any{
		"files": bencode.RawValue("l" + string(files) + "e"), "name": "x",
		"piece length": int64(pieceLength), "pieces": string(pieces),
	})
	if err != nil {
		t.Fatal(err)
	}
	return info
}

// flood writes message after message to a connection at most rate bytes a second,
// until that fails, and returns how many bytes went.
func flood(c net.Conn, rate int, next func(b []byte) []byte) (sent int64) {
	const tick = 10 * time.Millisecond
	var b []byte
	for begun := time.Now(); ; {
		for sent < int64(time.Since(begun).Seconds()*float64(rate)) {
			b = b[:0]
			for len(b) < 16<<10 {
				b = next(b)
			}
			n, err := c.Write(b)
			sent += int64(n)
			if err != nil {
				return sent
			}
		}
		time.Sleep(tick)
	}
}
