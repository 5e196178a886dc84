package ledger

import (
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"reflect"
	"slices"
	"sync"
	"time"

	lru "github.com/hashicorp/golang-lru/v2"

	"github.com/btgw/btgw/internal/statefile"
	"github.com/btgw/btgw/metainfo"
	"github.com/btgw/btgw/peer"
)

const (
	// maxTotals bounds the torrents whose totals are kept, those used last:
	// anybody who asks for a torrent makes one.
	maxTotals = 4096
	// maxPolicies bounds the upload policies: the operator alone makes them.
	maxPolicies = 4096
	// maxSeeded is of how many torrents web seeds are kept, those used last,
	// maxKeptSeeds how many of one, and maxKeptURL how long each may be, in bytes:
	// strangers name them.
	maxSeeded    = 1000
	maxKeptSeeds = 4
	maxKeptURL   = 512
	// maxLedgerFile bounds the file that they are kept in, in bytes: more than
	// all of them take.
	maxLedgerFile = 16 << 20
)

// Totals are what a torrent took and gave, over all runs. The zero value is
// nothing yet.
type Totals struct {
	Since      time.Time `json:"since"`      // when counting began
	Downloaded int64     `json:"downloaded"` // payload bytes received from peers
	Uploaded   int64     `json:"uploaded"`   // payload bytes sent to peers
	Served     int64     `json:"served"`     // bytes written to readers
	Wasted     int64     `json:"wasted"`     // bytes received in vain
	LastReader time.Time `json:"last_reader,omitzero"`
}

// ErrFull is returned where there are as many upload policies as are kept.
var ErrFull = errors.New("ledger: too many upload policies")

// A Ledger is what is remembered of torrents over restarts besides their content: totals, web
// seeds, upload policies, and whether uploads are stopped. All methods are safe for concurrent use.
// A torrent may have several infohashes: methods that take several look for the first that is known.
type Ledger struct {
	file statefile.File // without a path nothing is kept over restarts

	saving   sync.Mutex // one writes the file
	mu       sync.Mutex // guards what follows
	totals   *lru.Cache[metainfo.InfoHash, Totals]
	seeds    *lru.Cache[metainfo.InfoHash, []string]
	policies map[metainfo.InfoHash]peer.UploadPolicy
	stopped  bool
	changed  bool // since the file was written
}

// content is the file as JSON.
type content struct {
	Stopped  bool                                    `json:"stopped"`
	Policies map[metainfo.InfoHash]peer.UploadPolicy `json:"policies"`
	Totals   []totalsLine                            `json:"totals"` // the torrent used last at the end
	WebSeeds []seedLine                              `json:"web_seeds,omitempty"`
}

type totalsLine struct {
	Hash metainfo.InfoHash `json:"infohash"`
	Totals
}

// seedLine is the web seeds of a torrent, the torrent used last at the end.
type seedLine struct {
	Hash metainfo.InfoHash `json:"infohash"`
	URLs []string          `json:"urls"`
}

// Open reads the file that Save writes; "" keeps nothing. Its error is for the log: the ledger is
// empty then, and works.
func Open(file string) (*Ledger, error) {
	totals, _ := lru.New[metainfo.InfoHash, Totals](maxTotals) // the size is above zero: no error
	seeds, _ := lru.New[metainfo.InfoHash, []string](maxSeeded)
	l := &Ledger{file: statefile.File{Path: file, Kind: "torrents", Version: 1, MaxSize: maxLedgerFile}, totals: totals, seeds: seeds, policies: make(map[metainfo.InfoHash]peer.UploadPolicy)}
	text, _, err := l.file.Load()
	if err != nil {
		return l, fmt.Errorf("ledger: totals of the last run: %w", err)
	}
	if text == nil {
		return l, nil
	}
	var all content
	if err := json.Unmarshal(text, &all); err != nil {
		return l, fmt.Errorf("ledger: totals of the last run: %w", err)
	}
	l.stopped = all.Stopped
	for ih, p := range all.Policies {
		if p.Check() == nil && len(l.policies) < maxPolicies {
			l.policies[ih] = p
		}
	}
	for _, line := range all.Totals {
		if line.plausible() {
			l.totals.Add(line.Hash, line.Totals)
		}
	}
	for _, line := range all.WebSeeds {
		l.PutWebSeeds(line.Hash, line.URLs)
	}
	l.changed = false
	return l, nil
}

// plausible reports whether sums can be continued: a file can have been edited.
func (t *Totals) plausible() bool {
	const most = math.MaxInt64 / 2
	for _, n := range [...]int64{t.Downloaded, t.Uploaded, t.Served, t.Wasted} {
		if n < 0 || n > most {
			return false
		}
	}
	return true
}

// Of returns what is known of a torrent. Counting one that is not known begins now.
func (l *Ledger) Of(hashes ...metainfo.InfoHash) (totals Totals, _ peer.UploadPolicy) {
	l.mu.Lock()
	defer l.mu.Unlock()
	totals.Since = time.Now().Round(time.Second).UTC()
	for _, ih := range hashes {
		if known, ok := l.totals.Get(ih); ok {
			totals = known
			break
		}
	}
	return totals, l.policy(hashes)
}

// policy is that of a torrent by its infohashes. The lock is held.
func (l *Ledger) policy(hashes []metainfo.InfoHash) peer.UploadPolicy {
	for _, ih := range hashes {
		if known, ok := l.policies[ih]; ok {
			return known
		}
	}
	return peer.UploadPolicy{}
}

// Put replaces the totals of a torrent. A torrent that did nothing yet takes no place.
func (l *Ledger) Put(ih metainfo.InfoHash, totals Totals) {
	if totals.Downloaded == 0 && totals.Uploaded == 0 && totals.Served == 0 {
		return
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	before, _ := l.totals.Get(ih)
	if before != totals {
		l.totals.Add(ih, totals)
		l.changed = true
	}
}

// Serve adds bytes that were read of a torrent.
func (l *Ledger) Serve(n int64, hashes ...metainfo.InfoHash) {
	totals, _ := l.Of(hashes...)
	totals.Served += n
	totals.LastReader = time.Now().Round(time.Second).UTC()
	l.Put(hashes[0], totals)
}

// WebSeeds returns the URLs kept of a torrent. They must not be changed.
func (l *Ledger) WebSeeds(hashes ...metainfo.InfoHash) []string {
	l.mu.Lock()
	defer l.mu.Unlock()
	for _, ih := range hashes {
		if urls, ok := l.seeds.Get(ih); ok {
			return urls
		}
	}
	return nil
}

// PutWebSeeds replaces the web seeds of a torrent. The first four of at most 512 bytes are kept.
func (l *Ledger) PutWebSeeds(ih metainfo.InfoHash, urls []string) {
	var kept []string
	for _, u := range urls {
		if len(kept) < maxKeptSeeds && len(u) <= maxKeptURL {
			kept = append(kept, u)
		}
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	before, _ := l.seeds.Peek(ih)
	if slices.Equal(before, kept) {
		return
	}
	l.changed = true
	if len(kept) == 0 {
		l.seeds.Remove(ih)
		return
	}
	l.seeds.Add(ih, kept)
}

// SetPolicy lets change set the upload policy of a torrent, and returns it. The error is change's, or
// ErrFull; the policy is what it was then. change is called once, with the lock: it must call nothing
// of the Ledger.
func (l *Ledger) SetPolicy(change func(*peer.UploadPolicy) error, hashes ...metainfo.InfoHash) (peer.UploadPolicy, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	before := l.policy(hashes)
	p := before.Clone()
	if err := change(&p); err != nil {
		return before, err
	}
	if reflect.DeepEqual(p, before) {
		return p, nil
	}
	none := p == peer.UploadPolicy{}
	if before == (peer.UploadPolicy{}) && !none && len(l.policies) >= maxPolicies {
		return before, ErrFull
	}
	for _, ih := range hashes {
		delete(l.policies, ih)
	}
	if !none {
		l.policies[hashes[0]] = p
	}
	l.changed = true
	return p, nil
}

// Forget drops all that is known of a torrent.
func (l *Ledger) Forget(hashes ...metainfo.InfoHash) {
	l.mu.Lock()
	defer l.mu.Unlock()
	for _, ih := range hashes {
		l.totals.Remove(ih)
		l.seeds.Remove(ih)
		delete(l.policies, ih)
	}
	l.changed = true
}

// Stopped reports whether uploads of all torrents are stopped.
func (l *Ledger) Stopped() bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.stopped
}

// Stop keeps that uploads are stopped, or not, and calls obey in between: of two calls the last one
// kept is the last one obeyed. obey must call nothing of the Ledger.
func (l *Ledger) Stop(stop bool, obey func(stop bool)) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.stopped, l.changed = stop, true
	obey(stop)
}

// Torrents returns the totals of every torrent that did anything, by the infohash under which Put had
// them.
func (l *Ledger) Torrents() map[metainfo.InfoHash]Totals {
	l.mu.Lock()
	defer l.mu.Unlock()
	all := make(map[metainfo.InfoHash]Totals, l.totals.Len())
	for _, ih := range l.totals.Keys() {
		all[ih], _ = l.totals.Peek(ih)
	}
	return all
}

// Save writes the file, whole or not at all, if anything changed.
func (l *Ledger) Save() error {
	l.saving.Lock()
	defer l.saving.Unlock()
	text, err := l.encode()
	if err != nil || text == nil {
		return err
	}
	if err := l.file.Save(text); err != nil {
		l.mu.Lock()
		l.changed = true
		l.mu.Unlock()
		return fmt.Errorf("ledger: keeping totals: %w", err)
	}
	return nil
}

// encode is the file's text; nil if it need not be written.
func (l *Ledger) encode() ([]byte, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.file.Path == "" || !l.changed {
		return nil, nil
	}
	l.changed = false
	all := content{Stopped: l.stopped, Policies: l.policies}
	for _, ih := range l.totals.Keys() {
		totals, _ := l.totals.Peek(ih)
		all.Totals = append(all.Totals, totalsLine{ih, totals})
	}
	for _, ih := range l.seeds.Keys() {
		urls, _ := l.seeds.Peek(ih)
		all.WebSeeds = append(all.WebSeeds, seedLine{ih, urls})
	}
	text, err := json.Marshal(&all)
	if err != nil {
		return nil, fmt.Errorf("ledger: keeping totals: %w", err)
	}
	return text, nil
}
