package peer

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"syscall"
	"time"

	"github.com/anacrolix/torrent/mse"

	"github.com/btgw/btgw/peer/book"
	"github.com/btgw/btgw/peer/wire"
)

// Encryption decides how a Host uses Message Stream Encryption (MSE, also PE). MSE
// hides from the network between that peers speak BitTorrent. It keeps nothing secret
// from anybody that knows the infohash.
type Encryption uint8

// The policies.
const (
	// EncryptionPrefer accepts both. We dial in plain, which is a round trip shorter.
	// We dial encrypted where a peer hangs up on that, says nothing for plainPatience,
	// or did so before. The bytes after the handshake are plain where the peer agrees,
	// since RC4 costs more than hashing does.
	EncryptionPrefer Encryption = iota
	// EncryptionRequire encrypts every byte, both ways, and takes nothing else.
	EncryptionRequire
	// EncryptionOff dials and accepts plain connections only.
	EncryptionOff
)

// encrypts reports whether a peer of this manner is dialled encrypted at first.
func (p Encryption) encrypts(m book.Manner) bool {
	return p == EncryptionRequire || p == EncryptionPrefer && m == book.EncryptedManner
}

// retries reports whether a peer that hung up, or said nothing, is tried once more at
// once, the other way.
func (p Encryption) retries(m book.Manner, err error) bool {
	return p == EncryptionPrefer && m != book.PlainManner && (errors.Is(err, errHungUp) || errors.Is(err, errSilent))
}

// patience is how long a peer has for its handshake. One that may speak encrypted alone
// has less for the plain one, unless it was found that it does not.
func (p Encryption) patience(e *book.Entry, encrypted bool) time.Duration {
	if p == EncryptionPrefer && !encrypted && e.Manner == book.UnknownManner && !e.Slow {
		return plainPatience
	}
	return handshakeTimeout
}

// provides is what we offer, or take, for what follows the handshake.
func (p Encryption) provides() mse.CryptoMethod {
	if p == EncryptionRequire {
		return mse.CryptoMethodRC4
	}
	return mse.AllSupportedCrypto
}

// choose is what we take of what a peer offers; 0 if nothing.
func (p Encryption) choose(offered mse.CryptoMethod) mse.CryptoMethod {
	return mse.DefaultCryptoSelector(offered&p.provides()) & offered & p.provides()
}

// hungUp marks the error of a peer that closed before its handshake, or let its time
// pass. Such a peer may speak encrypted only, or have nothing to do with the torrent.
func hungUp(err error) error {
	if errors.Is(err, os.ErrDeadlineExceeded) {
		return fmt.Errorf("%w: %w", errSilent, err)
	}
	if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) || errors.Is(err, syscall.ECONNRESET) || errors.Is(err, syscall.EPIPE) {
		return fmt.Errorf("%w: %w", errHungUp, err)
	}
	return err
}

// mayBeKey reports whether what a peer answered to a plain handshake may be a key. A peer that requires
// encryption may send its own key at once and not look at what came first, as anacrolix/torrent does.
// What other servers say first is text.
func mayBeKey(b []byte) bool {
	if len(b) == 0 || wire.CheckProtocol(b) == nil {
		return false
	}
	for _, c := range b {
		if (c < ' ' || c > '~') && c != '\r' && c != '\n' && c != '\t' {
			return true
		}
	}
	return false
}

// A secureConn is a connection that began with the encrypted handshake.
type secureConn struct {
	net.Conn
	rw io.ReadWriter
}

// Read reads what the peer sent, deciphered.
func (c *secureConn) Read(p []byte) (int, error) { return c.rw.Read(p) }

// Write sends p, enciphered.
func (c *secureConn) Write(p []byte) (int, error) { return c.rw.Write(p) }

// socket is the connection under nc.
func socket(nc net.Conn) net.Conn {
	if c, ok := nc.(*secureConn); ok {
		return c.Conn
	}
	return nc
}

// encrypt makes the encrypted handshake on a connection that we made. Ours of
// BitTorrent goes with it, so that it costs one round trip.
func (h *Host) encrypt(nc net.Conn, hash [20]byte, hello []byte) (net.Conn, error) {
	// The connection's deadline bounds it. A context that ends would leave a
	// goroutine behind, in the middle of a read.
	rw, _, err := mse.InitiateHandshakeContext(context.Background(), nc, hash[:], hello, h.cfg.Encryption.provides())
	if err != nil {
		return nil, fmt.Errorf("peer: encrypted handshake: %w", hungUp(err))
	}
	return &secureConn{Conn: nc, rw: rw}, nil
}

// greeted reads the handshake of a peer that connected to us, plain or encrypted:
// which of them its first bytes say.
func (h *Host) greeted(nc net.Conn, deadline time.Time) (net.Conn, wire.Handshake, error) {
	var b [wire.HandshakeLen]byte
	n, hello, err := readHandshake(nc, b[:], deadline)
	policy := h.cfg.Encryption
	switch {
	case err == nil && policy == EncryptionRequire:
		return nil, hello, errPlain
	case err == nil || policy == EncryptionOff || wire.CheckProtocol(b[:n]) == nil:
		return nc, hello, err
	}
	secure, err := h.decrypt(nc, b[:n], deadline)
	if err != nil {
		return nil, hello, err
	}
	_, hello, err = readHandshake(secure, b[:], deadline)
	return secure, hello, err
}

// decrypt makes the encrypted handshake on a connection that a peer made, of which
// begun was read. The peer's key has to be there before we compute anything. That costs
// CPU time, so there is a bound on the handshakes under way and on those of a second.
func (h *Host) decrypt(nc net.Conn, begun []byte, deadline time.Time) (net.Conn, error) {
	if err := nc.SetDeadline(deadline); err != nil {
		return nil, fmt.Errorf("peer: encrypted handshake: %w", err)
	}
	key := make([]byte, encryptedKeyLen)
	if _, err := io.ReadFull(nc, key[copy(key, begun):]); err != nil {
		return nil, fmt.Errorf("peer: encrypted handshake: %w", err)
	}
	select {
	case h.decrypting <- struct{}{}:
		defer func() { <-h.decrypting }()
	default:
		return nil, errFull
	}
	if !h.decryptions.Allow() {
		return nil, errFull
	}
	rw := struct {
		io.Reader
		io.Writer
	}{io.MultiReader(bytes.NewReader(key), nc), nc}
	out, _, err := mse.ReceiveHandshake(context.Background(), rw, h.secrets, h.cfg.Encryption.choose)
	if err != nil {
		return nil, fmt.Errorf("peer: encrypted handshake: %w", err)
	}
	return &secureConn{Conn: nc, rw: out}, nil
}

// secrets offers the infohashes, which are what the peers of a torrent share.
func (h *Host) secrets(try func(hash []byte) bool) {
	h.mu.Lock()
	hashes := make([][20]byte, 0, len(h.swarms))
	for hash := range h.swarms {
		hashes = append(hashes, hash)
	}
	h.mu.Unlock()
	if h.fleet != nil {
		hashes = append(hashes, h.fleet.secrets.Load().Channels()...)
	}
	for _, hash := range hashes {
		if !try(hash[:]) {
			return
		}
	}
}
