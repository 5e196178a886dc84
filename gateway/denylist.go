package gateway

import (
	"bufio"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"maps"
	"net/http"
	"slices"
	"strings"
	"sync"

	"github.com/btgw/btgw/fetch"
	"github.com/btgw/btgw/internal/reload"
	"github.com/btgw/btgw/metainfo"
)

// A Denylist is a file of what is not served. A line is the path of a torrent or
// of a file or directory in it, as URLs have it:
//
//	# comment
//	/btih/<infohash>
//	/btmh/<v2 infohash>/name/part.mkv reason=legal
//	/btpk/<public key>/<salt>
//	//<SHA-256 in hexadecimal>
//
// A rule holds for everything below its path. "reason=legal" makes the answer
// 451 instead of 410. The third form names a path without telling it: the digest
// is that of its canonical form ("/btih/" and 40 digits, each name after it
// percent-encoded but for unreserved characters).
//
// A list is checked before anything is looked up or fetched. It is safe for
// concurrent use.
type Denylist struct {
	rules *reload.File[*denyRules]
}

// denyRules are the lines of one version of the file: statuses by canonical path.
type denyRules struct {
	plain  map[string]int
	hashed map[[sha256.Size]byte]int
}

// OpenDenylist reads a list. A line that is not a rule is an error, which names
// it: a rule that was meant and does not hold is worse than no start.
func OpenDenylist(name string) (*Denylist, error) {
	rules, err := reload.Open(name, maxDenylist, parseDenylist)
	if err != nil {
		return nil, err
	}
	return &Denylist{rules}, nil
}

// Watch reloads the list as it grows, and takes torrents that it denies out of the
// backend. Their cached content is dropped, what the object store has of them is deleted, and they are no longer served. A list that has
// become faulty is reported, and the one before stays in force.
func (d *Denylist) Watch(w *reload.Watcher, backend Backend, log *slog.Logger) {
	d.drop(backend, log)
	w.Add(d.rules, func() { d.drop(backend, log) })
}

// drop removes the torrents that the list denies as a whole.
func (d *Denylist) drop(backend Backend, log *slog.Logger) {
	denied := make(map[metainfo.InfoHash]bool)
	for path := range d.rules.Load().plain {
		if t, p := parseTarget(path); p == nil && t.name == nil && len(t.path) == 0 {
			if _, known := backend.Known(t.hash); known {
				denied[t.hash] = true
			}
		}
	}
	for _, status := range backend.List() {
		if d.status(status.InfoHash.Path(), nil) != 0 {
			denied[status.InfoHash] = true
		}
	}
	dropAll(backend, slices.Collect(maps.Keys(denied)), func(hash metainfo.InfoHash, err error) {
		log.Error("a denied torrent was not dropped", "infohash", hash, "error", err)
	})
	backend.Sweep(func(hash metainfo.InfoHash) bool { return d.status(hash.Path(), nil) != 0 })
}

// dropAll takes torrents out of the backend, some at a time: each may wait seconds for its trackers. failed may run
// concurrently.
func dropAll(backend Backend, hashes []metainfo.InfoHash, failed func(metainfo.InfoHash, error)) {
	places := make(chan struct{}, maxDrops)
	var dropping sync.WaitGroup
	for _, hash := range hashes {
		places <- struct{}{}
		dropping.Go(func() {
			defer func() { <-places }()
			if err := backend.Remove(context.Background(), hash); err != nil && !errors.Is(err, fetch.ErrUnknown) {
				failed(hash, err)
			}
		})
	}
	dropping.Wait()
}

// parseDenylist reads the lines of a list.
func parseDenylist(r io.Reader) (*denyRules, error) {
	rules := &denyRules{plain: make(map[string]int), hashed: make(map[[sha256.Size]byte]int)}
	lines := bufio.NewScanner(r)
	lines.Buffer(nil, maxDenyLine)
	for n := 1; lines.Scan(); n++ {
		line := strings.TrimSpace(lines.Text())
		if line == "" || line[0] == '#' {
			continue
		}
		if err := rules.add(line); err != nil {
			return nil, fmt.Errorf("line %d: %w", n, err)
		}
	}
	return rules, lines.Err()
}

func (rules *denyRules) add(line string) error {
	path, hints, _ := strings.Cut(line, " ")
	status := http.StatusGone
	for hint := range strings.FieldsSeq(hints) {
		if hint != "reason=legal" {
			return fmt.Errorf("%q is not known; reason=legal is", hint)
		}
		status = http.StatusUnavailableForLegalReasons
	}
	if digest, ok := strings.CutPrefix(path, "//"); ok {
		sum, err := hex.DecodeString(digest)
		if err != nil || len(sum) != sha256.Size {
			return errors.New("after // a SHA-256 in 64 hexadecimal digits is expected")
		}
		rules.hashed[[sha256.Size]byte(sum)] = status
		return nil
	}
	path, _ = cleanPath(path) // as that of a request: no name is empty
	t, p := parseTarget(path)
	if p != nil {
		return errors.New(p.detail)
	}
	rules.plain[t.where()+escapePath(t.path)] = status
	return nil
}

// CheckList reports why a list is faulty, a denylist or an allowlist.
func CheckList(r io.Reader) error {
	_, err := parseDenylist(r)
	return err
}

// MaxList is the longest list, in bytes.
const MaxList = maxDenylist

// version is the rules that are in force; nil: none.
func (d *Denylist) version() *denyRules {
	if d == nil {
		return nil
	}
	return d.rules.Load()
}

// status is what a path below that of a torrent or a name is answered with: 0 if it is not denied. A
// nil list denies nothing.
func (d *Denylist) status(where string, path []string) int {
	if d == nil {
		return 0
	}
	return d.rules.Load().status(where, path)
}

func (rules *denyRules) status(where string, path []string) int {
	if len(rules.plain)+len(rules.hashed) == 0 {
		return 0
	}
	prefix := []byte(where)
	for i := 0; ; i++ {
		if status := rules.plain[string(prefix)]; status != 0 {
			return status
		}
		if len(rules.hashed) > 0 {
			if status := rules.hashed[sha256.Sum256(prefix)]; status != 0 {
				return status
			}
		}
		if i == len(path) {
			return 0
		}
		prefix = appendEscaped(append(prefix, '/'), path[i], unreserved)
	}
}

// Denies reports whether a torrent is denied as a whole.
func (d *Denylist) Denies(ih metainfo.InfoHash) bool { return d.status(ih.Path(), nil) != 0 }

// denied is status by each of a torrent's infohashes, once they are known.
func (d *Denylist) denied(info *metainfo.Info, path []string) int {
	for _, hash := range info.Hashes() {
		if status := d.status(hash.Path(), path); status != 0 {
			return status
		}
	}
	return 0
}

// deniedFile is denied for a file of a torrent, by whatever path it was asked.
func (d *Denylist) deniedFile(info *metainfo.Info, f *metainfo.File) int {
	if d == nil {
		return 0
	}
	return d.denied(info, append([]string{info.Name}, info.Path(f)...))
}

// deny answers for what is denied.
func deny(status int) *problem {
	if status == http.StatusUnavailableForLegalReasons {
		return &problem{status: status, slug: "legal", title: "Unavailable for legal reasons", cache: cacheRefused,
			detail: "The operator of this server does not serve this content for legal reasons."}
	}
	return &problem{status: http.StatusGone, slug: "denied", title: "Gone", cache: cacheRefused,
		detail: "The operator of this server does not serve this content."}
}
