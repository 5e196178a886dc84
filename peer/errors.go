package peer

import (
	"errors"
	"fmt"
)

// ProtocolError ends a connection: its peer broke the protocol or a bound.
type ProtocolError struct {
	Reason string // without the peer's own text
	Err    error  // what the codec said, if it was the codec
}

// Error says what the peer did.
func (e *ProtocolError) Error() string {
	if e.Err != nil {
		return "peer: " + e.Err.Error()
	}
	return "peer: " + e.Reason
}

// Unwrap returns the codec's error.
func (e *ProtocolError) Unwrap() error { return e.Err }

func violation(format string, args ...any) error {
	return &ProtocolError{Reason: fmt.Sprintf(format, args...)}
}

// BannedError ends the connection of a peer that Conn.Ban was called for.
type BannedError struct{ Reason string }

// Error names the reason.
func (e *BannedError) Error() string { return "peer: banned: " + e.Reason }

var (
	// ErrClosed is returned for what is asked of a Host or Swarm after Close, and
	// is what ends the connections then.
	ErrClosed = errors.New("peer: closed")
	// ErrExists is returned by NewSwarm when another Swarm of the Host has one of
	// the infohashes.
	ErrExists = errors.New("peer: a swarm with this infohash exists")

	errSelf      = errors.New("peer: connected to ourselves")
	errDuplicate = errors.New("peer: connected to this peer already")
	errFull      = errors.New("peer: no room for another connection")
	errBlocked   = errors.New("peer: address is on the blocklist")
	errBanned    = errors.New("peer: address is banned")
	errHash      = errors.New("peer: handshake for another torrent")
	errPushed    = errors.New("peer: gave way to a connection with more right to its place")
	errUnwanted  = errors.New("peer: nobody waits for the torrent any more")
	errSated     = errors.New("peer: called for what we have, and wants nothing")
	errWorst     = errors.New("peer: made room for another peer")
	errHungUp    = errors.New("peer: hung up before its handshake")
	errSilent    = errors.New("peer: no handshake in time")
	errPlain     = errors.New("peer: connection is not encrypted")
	errProof     = errors.New("peer: no proof to be a sibling")
	errNode      = errors.New("peer: a sibling has our name: its state was copied from ours")
	errSlow      = errors.New("peer: does not read what it is sent")
)
