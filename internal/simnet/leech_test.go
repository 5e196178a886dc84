package simnet

import (
	"bytes"
	"crypto/sha1"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"net"
	"syscall"
	"testing"
	"time"

	"github.com/btgw/btgw/internal/bubble"
)

// leech is the other end of a Seed in tests, step by step.
type leech struct {
	testing.TB
	net.Conn
	start time.Time
}

// next reads the next message that is not a keep-alive.
func (l *leech) next() (kind byte, body []byte) {
	l.Helper()
	for {
		m, err := readMessage(l)
		if err != nil {
			l.Fatalf("after %v: %v", time.Since(l.start), err)
		}
		if len(m) > 0 {
			return m[0], m[1:]
		}
	}
}

// until reads messages up to one of the kind.
func (l *leech) until(kind byte) []byte {
	l.Helper()
	for {
		if k, body := l.next(); k == kind {
			return body
		}
	}
}

func (l *leech) send(b ...[]byte) {
	l.Helper()
	if _, err := l.Write(bytes.Join(b, nil)); err != nil {
		l.Fatal(err)
	}
}

// ended waits for the end of the connection.
func (l *leech) ended() {
	l.Helper()
	if _, err := io.Copy(io.Discard, l); err != nil && !errors.Is(err, syscall.ECONNRESET) {
		l.Errorf("the connection did not end but failed: %v", err)
	}
}

const (
	testPieceLength = 64 << 10
	testSize        = 5*testPieceLength + 20000
)

func testContent() []byte {
	b := make([]byte, testSize)
	r := rand.NewChaCha8([32]byte{1})
	r.Read(b)
	return b
}

func testInfo() []byte {
	return fmt.Appendf(nil, "d6:lengthi%de4:name4:test12:piece lengthi%de6:pieces%d:%se",
		testSize, testPieceLength, 40000, bytes.Repeat([]byte{7}, 40000)) // three parts of metadata
}

// scene is a Seed with the behaviour and a leech that has shaken hands.
func scene(t *testing.T, b Behaviour, f func(s *Seed, l *leech)) {
	bubble.Test(t, func(t *testing.T) {
		n := New(Config{RTT: rtt})
		s, err := NewSeed(n.Host(HostConfig{Up: 2e6}), SeedConfig{
			InfoHash: sha1.Sum(testInfo()), Info: testInfo(),
			Content: bytes.NewReader(testContent()), Size: testSize, PieceLength: testPieceLength,
			Record: true, Behaviour: b,
		})
		if err != nil {
			t.Fatal(err)
		}
		defer s.Close()
		l := &leech{TB: t, start: time.Now()}
		if l.Conn, err = n.Host(HostConfig{}).DialContext(t.Context(), "tcp", s.Addr()); err != nil {
			t.Fatal(err)
		}
		defer l.Close()
		l.send(s.greeting())
		f(s, l)
	})
}

// shake reads the Seed's handshake.
func (l *leech) shake(s *Seed) {
	l.Helper()
	if _, _, err := s.readGreeting(l); err != nil {
		l.Fatal(err)
	}
}
