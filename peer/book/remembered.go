package book

import (
	"bufio"
	"bytes"
	"encoding/hex"
	"fmt"
	"io"
	"net/netip"
	"slices"
	"strings"

	lru "github.com/hashicorp/golang-lru/v2"

	"github.com/btgw/btgw/internal/statefile"
)

const (
	// maxRemembered is of how many torrents peers are remembered, the least
	// recently used going first, and maxPeersOfOne how many peers of one.
	maxRemembered = 1000
	maxPeersOfOne = 20
	// maxPeersFile bounds the file that they are kept in, in bytes: more than
	// all of them take.
	maxPeersFile = 2 << 20
)

// Remembered is the addresses of peers that gave us content, the last one first, by
// infohash. A reader who comes back, after a restart too, reaches them at once. It is
// safe for concurrent use.
type Remembered struct {
	byHash *lru.Cache[[20]byte, []netip.AddrPort]
	file   statefile.File // without a path nothing is kept over restarts
}

// OpenRemembered reads the file, as far as it is right. Its error is for the log.
func OpenRemembered(file string) (*Remembered, error) {
	byHash, _ := lru.New[[20]byte, []netip.AddrPort](maxRemembered) // the size is above zero: no error
	g := &Remembered{byHash: byHash, file: statefile.File{Path: file, Kind: "peers", Version: 1, MaxSize: maxPeersFile}}
	text, _, err := g.file.Load()
	if err == nil {
		err = g.read(bytes.NewReader(text))
	}
	if err != nil {
		return g, fmt.Errorf("peer: peers of the last run: %w", err)
	}
	return g, nil
}

// read takes in lines of an infohash in hexadecimal and addresses, the torrent
// used last at the end. Lines that are not that are left out.
func (g *Remembered) read(r io.Reader) error {
	lines := bufio.NewScanner(r)
	for lines.Scan() {
		words := strings.Fields(lines.Text())
		if len(words) < 2 || len(words[0]) != 40 {
			continue
		}
		hash, err := hex.DecodeString(words[0])
		if err != nil {
			continue
		}
		var addrs []netip.AddrPort
		for _, w := range words[1:min(len(words), 1+maxPeersOfOne)] {
			if a, err := netip.ParseAddrPort(w); err == nil && usable(a) {
				addrs = append(addrs, a)
			}
		}
		if len(addrs) > 0 {
			g.byHash.Add([20]byte(hash), addrs)
		}
	}
	return lines.Err()
}

// Add remembers addresses of one peer that was good.
func (g *Remembered) Add(hash [20]byte, entries []*Entry) {
	known, _ := g.byHash.Get(hash)
	known = slices.Clone(known)
	for _, e := range entries {
		if e.Name == "" {
			known = slices.DeleteFunc(known, func(a netip.AddrPort) bool { return a == e.Addr })
			known = slices.Insert(known, 0, e.Addr)
		}
	}
	if len(known) > 0 {
		g.byHash.Add(hash, known[:min(len(known), maxPeersOfOne)])
	}
}

// Of returns the peers of a torrent. They must not be changed.
func (g *Remembered) Of(hash [20]byte) []netip.AddrPort {
	addrs, _ := g.byHash.Get(hash)
	return addrs
}

// Forget takes a torrent out.
func (g *Remembered) Forget(hash [20]byte) { g.byHash.Remove(hash) }

// Save writes the file, whole or not at all.
func (g *Remembered) Save() error {
	if g.file.Path == "" {
		return nil
	}
	var b bytes.Buffer
	for _, hash := range g.byHash.Keys() {
		addrs, _ := g.byHash.Peek(hash)
		fmt.Fprintf(&b, "%x", hash)
		for _, a := range addrs {
			fmt.Fprintf(&b, " %s", a)
		}
		b.WriteByte('\n')
	}
	if err := g.file.Save(b.Bytes()); err != nil {
		return fmt.Errorf("peer: keeping peers: %w", err)
	}
	return nil
}
