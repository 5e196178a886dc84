package fetch

import (
	"encoding/json"
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
	// saveEvery is how often the file is written, if anything changed: so much is
	// lost in a crash.
	saveEvery = time.Minute
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

// A ledger is what is remembered of torrents over restarts besides their
// content: totals, web seeds, upload policies, and whether uploads are stopped. It
// is safe for concurrent use.
type ledger struct {
	file statefile.File // without a path nothing is kept over restarts

	saving   sync.Mutex // one writes the file
	mu       sync.Mutex // guards what follows
	totals   *lru.Cache[metainfo.InfoHash, Totals]
	seeds    *lru.Cache[metainfo.InfoHash, []string]
	policies map[metainfo.InfoHash]peer.UploadPolicy
	stopped  bool
	changed  bool // since the file was written
}

// ledgerFile is the ledger as JSON.
type ledgerFile struct {
	Stopped  bool                                    `json:"stopped"`
	Policies map[metainfo.InfoHash]peer.UploadPolicy `json:"policies"`
	Totals   []ledgerLine                            `json:"totals"` // the torrent used last at the end
	WebSeeds []seedLine                              `json:"web_seeds,omitempty"`
}

type ledgerLine struct {
	Hash metainfo.InfoHash `json:"infohash"`
	Totals
}

// seedLine is the web seeds of a torrent, the torrent used last at the end.
type seedLine struct {
	Hash metainfo.InfoHash `json:"infohash"`
	URLs []string          `json:"urls"`
}

// openLedger reads the file. Its error is for the log: the ledger is empty then.
func openLedger(file string) (*ledger, error) {
	totals, _ := lru.New[metainfo.InfoHash, Totals](maxTotals) // the size is above zero: no error
	seeds, _ := lru.New[metainfo.InfoHash, []string](maxSeeded)
	l := &ledger{file: statefile.File{Path: file, Kind: "torrents", Version: 1, MaxSize: maxLedgerFile}, totals: totals, seeds: seeds, policies: make(map[metainfo.InfoHash]peer.UploadPolicy)}
	text, _, err := l.file.Load()
	if err != nil {
		return l, fmt.Errorf("fetch: totals of the last run: %w", err)
	}
	if text == nil {
		return l, nil
	}
	var all ledgerFile
	if err := json.Unmarshal(text, &all); err != nil {
		return l, fmt.Errorf("fetch: totals of the last run: %w", err)
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
		l.putSeeds(line.Hash, line.URLs)
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

// of returns what is known of a torrent by one of its infohashes.
func (l *ledger) of(hashes ...metainfo.InfoHash) (totals Totals, _ peer.UploadPolicy) {
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
func (l *ledger) policy(hashes []metainfo.InfoHash) peer.UploadPolicy {
	for _, ih := range hashes {
		if known, ok := l.policies[ih]; ok {
			return known
		}
	}
	return peer.UploadPolicy{}
}

// put takes totals in. A torrent that did nothing yet takes no place.
func (l *ledger) put(ih metainfo.InfoHash, totals Totals) {
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

// serve adds bytes that were read of a torrent.
func (l *ledger) serve(n int64, hashes ...metainfo.InfoHash) {
	totals, _ := l.of(hashes...)
	totals.Served += n
	totals.LastReader = time.Now().Round(time.Second).UTC()
	l.put(hashes[0], totals)
}

// webSeeds are those kept of a torrent, by one of its infohashes.
func (l *ledger) webSeeds(hashes ...metainfo.InfoHash) []string {
	l.mu.Lock()
	defer l.mu.Unlock()
	for _, ih := range hashes {
		if urls, ok := l.seeds.Get(ih); ok {
			return urls
		}
	}
	return nil
}

// putSeeds takes in the web seeds of a torrent that are good, in place of those
// before: none if there is none.
func (l *ledger) putSeeds(ih metainfo.InfoHash, urls []string) {
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

// change lets change set the policy of a torrent, which is known by hashes, and
// returns it.
func (l *ledger) change(change func(*peer.UploadPolicy) error, hashes ...metainfo.InfoHash) (peer.UploadPolicy, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	before := l.policy(hashes)
	p := before.Clone()
	if err := change(&p); err != nil || reflect.DeepEqual(p, before) {
		return p, err
	}
	none := p == peer.UploadPolicy{}
	if before == (peer.UploadPolicy{}) && !none && len(l.policies) >= maxPolicies {
		return before, ErrBusy
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

// forget drops all that is known of a torrent.
func (l *ledger) forget(hashes ...metainfo.InfoHash) {
	l.mu.Lock()
	defer l.mu.Unlock()
	for _, ih := range hashes {
		l.totals.Remove(ih)
		l.seeds.Remove(ih)
		delete(l.policies, ih)
	}
	l.changed = true
}

// save writes the file, whole or not at all, if anything changed.
func (l *ledger) save() error {
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
		return fmt.Errorf("fetch: keeping totals: %w", err)
	}
	return nil
}

// encode is the file's text; nil if it need not be written.
func (l *ledger) encode() ([]byte, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.file.Path == "" || !l.changed {
		return nil, nil
	}
	l.changed = false
	all := ledgerFile{Stopped: l.stopped, Policies: l.policies}
	for _, ih := range l.totals.Keys() {
		totals, _ := l.totals.Peek(ih)
		all.Totals = append(all.Totals, ledgerLine{ih, totals})
	}
	for _, ih := range l.seeds.Keys() {
		urls, _ := l.seeds.Peek(ih)
		all.WebSeeds = append(all.WebSeeds, seedLine{ih, urls})
	}
	text, err := json.Marshal(&all)
	if err != nil {
		return nil, fmt.Errorf("fetch: keeping totals: %w", err)
	}
	return text, nil
}
