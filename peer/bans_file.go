package peer

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

	"github.com/btgw/btgw/internal/statefile"
)

func bansFile(path string) statefile.File {
	return statefile.File{Path: path, Kind: "bans", Version: 1, MaxSize: maxBansFile}
}

// openBans reads the bans of the last run that are still in force, as far as the
// file is right. Its error is for the log.
func openBans(file string, now time.Time) (banList, error) {
	l := newBanList()
	text, _, err := bansFile(file).Load()
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
func (l *banList) read(now time.Time, r io.Reader) error {
	lines := bufio.NewScanner(r)
	for lines.Scan() {
		words := strings.Fields(lines.Text())
		if len(words) < 2 {
			continue
		}
		seconds, err := strconv.ParseInt(words[0], 10, 64)
		k, ok := parseBanKey(words[1:])
		if err != nil || !ok || seconds <= now.Unix() {
			continue
		}
		l.until.Add(k, time.Unix(min(seconds, now.Add(banTime).Unix()), 0))
	}
	return lines.Err()
}

// parseBanKey is the inverse of banKey.String.
func parseBanKey(words []string) (k banKey, ok bool) {
	a, err := netip.ParseAddr(words[0])
	if err != nil || a != site(a) {
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
func (k banKey) String() string {
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
func (l *banList) encode(now time.Time) []byte {
	var b bytes.Buffer
	for _, k := range l.until.Keys() {
		if until, _ := l.until.Peek(k); now.Before(until) {
			fmt.Fprintf(&b, "%d %s\n", until.Unix(), k)
		}
	}
	return b.Bytes()
}

// keepBans writes the file some time after a ban, until Close, which does so once
// more.
func (h *Host) keepBans() {
	for {
		select {
		case <-h.ctx.Done():
			return
		case <-h.newBan:
		}
		select {
		case <-h.ctx.Done():
			return
		case <-time.After(saveBansAfter):
		}
		if err := h.saveBans(); err != nil {
			h.log.Warn("bans not kept", "err", err)
		}
	}
}

// saveBans writes the file, whole or not at all, if there was a ban since. It is
// not called concurrently.
func (h *Host) saveBans() error {
	h.mu.Lock()
	if !h.bans.changed || h.cfg.BansFile == "" {
		h.mu.Unlock()
		return nil
	}
	h.bans.changed = false
	text := h.bans.encode(time.Now())
	h.mu.Unlock()
	if err := bansFile(h.cfg.BansFile).Save(text); err != nil {
		h.mu.Lock()
		h.bans.changed = true
		h.mu.Unlock()
		return fmt.Errorf("peer: keeping bans: %w", err)
	}
	return nil
}
