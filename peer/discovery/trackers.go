package discovery

import (
	"context"
	"log/slog"
	"net/netip"
	"time"

	"github.com/btgw/btgw/peer/netguard"
)

// Config says for whom to announce, and to whom. Network, Progress and Found
// are required.
type Config struct {
	Network  netguard.Network
	InfoHash [20]byte // as in the handshake: v2 truncated
	PeerID   [20]byte
	Port     int // where we accept peers; 0: we do not
	// Progress gives the bytes for the next announce: uploaded and downloaded
	// in this session, and left to download. Called from any goroutine.
	Progress func() (uploaded, downloaded, left int64)
	// Found is given the peers of each answer, duplicates of earlier answers
	// included. Called from any goroutine, concurrently; it must not block, and
	// owns addrs.
	Found func(addrs []netip.AddrPort)
	// Tiers are the announce URLs (BEP 12).
	Tiers [][]string
	Log   *slog.Logger // nil: no log
	// Private keeps to one tracker at a time (BEP 27) and makes Add do nothing.
	Private bool
}

// TrackerStatus tells how one tracker does, for error pages and the admin API.
type TrackerStatus struct {
	URL      string        `json:"url"`               // passkeys redacted
	Tier     int           `json:"tier"`              // from 0
	Working  bool          `json:"working"`           // the last announce succeeded
	Busy     bool          `json:"busy"`              // an announce is under way
	Error    string        `json:"error,omitempty"`   // of the last announce, "" after a success; redacted
	Warning  string        `json:"warning,omitempty"` // of the last answer; redacted
	Fails    int           `json:"fails"`             // announces failed since the last success
	Peers    int           `json:"peers"`             // addresses in the last answer
	Seeders  int           `json:"seeders"`           // as the tracker counts them; -1 unknown
	Leechers int           `json:"leechers"`          // as the tracker counts them; -1 unknown
	Interval time.Duration `json:"interval"`          // between regular announces
	Last     time.Time     `json:"last,omitzero"`     // when the last announce ended
	Next     time.Time     `json:"next,omitzero"`     // earliest next regular announce
}

// Trackers announces one torrent to its trackers. All methods are safe for
// concurrent use.
type Trackers struct{ cfg Config }

// New checks and orders the trackers; it starts nothing.
func New(cfg Config) *Trackers { return &Trackers{cfg: cfg} }

// Start begins the regular announces (BEP 12), the first at once.
func (t *Trackers) Start() {}

// Announce asks all tiers at once because somebody waits for peers.
func (t *Trackers) Announce() {}

// Completed tells the trackers that the download is complete.
func (t *Trackers) Completed() {}

// Add appends tiers.
func (t *Trackers) Add(tiers [][]string) {}

// Status reports on each tracker, in the order in which they are tried.
func (t *Trackers) Status() []TrackerStatus { return nil }

// Close ends everything and announces that we leave, bounded by ctx.
func (t *Trackers) Close(ctx context.Context) {}
