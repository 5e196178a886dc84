package book

import (
	"bufio"
	"bytes"
	"encoding/hex"
	"fmt"
	"io"
	"net/netip"
	"strconv"
	"strings"
	"time"
)

// OpenBans reads the bans of the last run that are still in force, as far as the
// file is right. Its error is for the log.
func OpenBans(file string, now time.Time) (Bans, error) {
	l := newBans(file)
	text, _, err := l.file.Load()
	if err == nil {
		err = l.read(now, bytes.NewReader(text))
	}
	if err != nil {
		return l, fmt.Errorf("peer: bans of the last run: %w", err)
	}
	return l, nil
}

// read takes in lines of when a ban ends, in Unix seconds, and of whom: an
// address, behind a loopback one the port or the peer id in hexadecimal. The last
// banned is at the end. Lines that are not that are left out, and no ban lasts
// longer than a new one: the clock may have been wrong.
func (l *Bans) read(now time.Time, r io.Reader) error {
	lines := bufio.NewScanner(r)
	for lines.Scan() {
		words := strings.Fields(lines.Text())
		if len(words) < 2 {
			continue
		}
		seconds, err := strconv.ParseInt(words[0], 10, 64)
		k, ok := parseIdentity(words[1:])
		if err != nil || !ok || seconds <= now.Unix() {
			continue
		}
		l.until.Add(k, time.Unix(min(seconds, now.Add(BanTime).Unix()), 0))
	}
	return lines.Err()
}

// parseIdentity is the inverse of Identity.String.
func parseIdentity(words []string) (k Identity, ok bool) {
	a, err := netip.ParseAddr(words[0])
	if err != nil || a != AddressKey(a) {
		return k, false
	}
	k.addr = a
	if !a.IsLoopback() {
		return k, len(words) == 1
	}
	if len(words) != 2 {
		return k, false
	}
	if len(words[1]) == 2*len(k.id) {
		n, err := hex.Decode(k.id[:], []byte(words[1]))
		return k, err == nil && n == len(k.id)
	}
	port, err := strconv.ParseUint(words[1], 10, 16)
	k.port = uint16(port)
	return k, err == nil && port > 0
}

// String is the key as the file has it.
func (k Identity) String() string {
	switch {
	case !k.addr.IsLoopback():
		return k.addr.String()
	case k.port != 0:
		return fmt.Sprintf("%s %d", k.addr, k.port)
	default:
		return fmt.Sprintf("%s %x", k.addr, k.id)
	}
}

// encode is the text of the file, with the bans that are in force.
func (l *Bans) encode(now time.Time) []byte {
	var b bytes.Buffer
	for _, k := range l.until.Keys() {
		if until, _ := l.until.Peek(k); now.Before(until) {
			fmt.Fprintf(&b, "%d %s\n", until.Unix(), k)
		}
	}
	return b.Bytes()
}

// Unsaved returns what is to be written, if there was a ban since the last call, for Save.
func (l *Bans) Unsaved(now time.Time) (text []byte, ok bool) {
	if !l.changed || l.file.Path == "" {
		return nil, false
	}
	l.changed = false
	return l.encode(now), true
}

// Save writes text, whole or not at all. Alone of all methods it blocks; it may be called
// while others are, but not by two at once. After an error the bans are to be saved again: call
// Retry.
func (l *Bans) Save(text []byte) error {
	if err := l.file.Save(text); err != nil {
		return fmt.Errorf("peer: keeping bans: %w", err)
	}
	return nil
}

// Retry makes the next Save write again, after one that failed.
func (l *Bans) Retry() { l.changed = true }
