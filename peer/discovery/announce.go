package discovery

import (
	"context"
	"net/netip"
	"time"

	"github.com/btgw/btgw/peer/contact"
)

// event is the reason for an announce, numbered as in BEP 15.
type event uint32

const (
	eventNone event = iota
	eventCompleted
	eventStarted
	eventStopped
)

// String gives the name that HTTP trackers know (BEP 3); "" for a regular
// announce.
func (e event) String() string { return [...]string{"", "completed", "started", "stopped"}[e] }

// request is what an announce says.
type request struct {
	infoHash, peerID           [20]byte
	port                       int
	uploaded, downloaded, left int64 // bytes
	event                      event
	key                        uint32
	numWant                    int
	trackerID                  string // what this tracker gave us; HTTP only
	ask                        contact.Ask
	silent                     func() // called, maybe twice, when the tracker is slow to say anything (silentSends); nil: not wanted
}

// answer is what a tracker said. All of it is the tracker's word: bounded, but
// not cleaned for display.
type answer struct {
	interval, minInterval time.Duration // 0: not said
	seeders, leechers     int           // -1: not said
	peers                 []netip.AddrPort
	names                 []string // peers that are named, as host:port
	listed                bool     // it has a list of peers
	warning               string
	trackerID             string
}

// refusal is a tracker's word that an announce failed.
type refusal struct {
	reason  string
	retryIn time.Duration // 0: not said
	never   bool          // do not come back (BEP 31)
}

// Error implements error.
func (r *refusal) Error() string {
	if r.reason == "" {
		return "the tracker gave no reason"
	}
	return r.reason
}

// client is one way to one tracker. It is used by one goroutine at a time.
type client interface {
	// announce makes one announce, when it is its turn; ctx ends it at once. From its
	// first contact with the tracker it takes announceTimeout at most. The error is a
	// *refusal when the tracker answered that it will not.
	announce(ctx context.Context, r *request) (*answer, error)
}

// seconds makes a duration of a tracker's integer, without overflow; 0 for what
// makes no sense.
func seconds(n int64) time.Duration {
	if n <= 0 {
		return 0
	}
	return time.Duration(min(n, int64(maxRetryIn/time.Second))) * time.Second
}
