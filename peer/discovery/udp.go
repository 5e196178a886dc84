package discovery

import (
	"context"
	"crypto/rand"
	"encoding/binary"
	"errors"
	"net"
	"net/netip"
	"os"
	"time"

	"github.com/btgw/btgw/peer/netguard"
)

// udpClient announces to one UDP tracker over one family (BEP 15, 41).
type udpClient struct {
	network netguard.Network
	socket  string // "udp", "udp4" or "udp6"
	address string // host:port
	urlData string // path and query of the announce URL

	connection uint64 // the tracker's connection id
	connected  time.Time
}

var _ announcer = (*udpClient)(nil)

// announce implements announcer. A connection id of less than a minute ago is
// used again; a tracker that forgot it, and either says so or nothing, is asked
// for a new one.
func (c *udpClient) announce(ctx context.Context, r *request) (*answer, error) {
	conn, err := c.network.DialContext(ctx, c.socket, c.address)
	if err != nil {
		return nil, err
	}
	defer conn.Close()
	defer context.AfterFunc(ctx, func() { conn.Close() })()

	x := exchange{ctx: ctx, conn: conn, buf: make([]byte, maxUDPReply)}
	if time.Since(c.connected) < connectionLife {
		a, err := c.ask(&x, r, 1)
		if err == nil || ctx.Err() != nil {
			return a, err
		}
	}
	c.connected = time.Time{}
	payload, err := x.roundTrip(actionConnect, maxRetransmits+1, appendConnect)
	if err != nil {
		return nil, err
	}
	c.connection, c.connected = binary.BigEndian.Uint64(payload), time.Now()
	return c.ask(&x, r, maxRetransmits+1)
}

// ask announces under the connection id that we have.
func (c *udpClient) ask(x *exchange, r *request, tries int) (*answer, error) {
	payload, err := x.roundTrip(actionAnnounce, tries, func(dst []byte, transaction uint32) []byte {
		return appendAnnounce(dst, c.connection, transaction, r, c.urlData)
	})
	if err != nil {
		return nil, err
	}
	return parseUDPAnswer(payload, compactSize(x.conn)), nil
}

// compactSize gives the size of the peers that come over conn: that of its own
// family's (BEP 15).
func compactSize(conn net.Conn) int {
	ap, err := netip.ParseAddrPort(conn.RemoteAddr().String())
	if err == nil && ap.Addr().Unmap().Is6() {
		return compact6
	}
	return compact4
}

// exchange is the requests of one announce over one socket. The socket is
// closed when ctx ends.
type exchange struct {
	ctx    context.Context
	conn   net.Conn
	buf    []byte
	strays int
}

// errSilence says that the retransmissions are used up.
var errSilence = errors.New("no answer")

// roundTrip sends a request until its reply comes, at most tries times, and
// gives the reply's payload, which is valid until the next call. The time
// between two sendings starts at firstRetransmit and doubles. All are one
// transaction, so that a late reply counts.
func (x *exchange) roundTrip(action uint32, tries int, build func(dst []byte, transaction uint32) []byte) ([]byte, error) {
	transaction := randomUint32()
	packet := build(nil, transaction)
	for n := range tries {
		if _, err := x.conn.Write(packet); err != nil {
			return nil, x.because(err)
		}
		if err := x.conn.SetReadDeadline(time.Now().Add(firstRetransmit << n)); err != nil {
			return nil, x.because(err)
		}
		payload, err := x.await(action, transaction)
		if err == nil || !errors.Is(err, os.ErrDeadlineExceeded) {
			return payload, err
		}
	}
	return nil, errSilence
}

// await reads until the reply comes or the read deadline passes.
func (x *exchange) await(action, transaction uint32) ([]byte, error) {
	for x.strays < maxStrays {
		n, err := x.conn.Read(x.buf)
		if err != nil {
			return nil, x.because(err)
		}
		payload, ok, err := parseReply(x.buf[:n], action, transaction)
		if ok {
			return payload, err
		}
		x.strays++
	}
	return nil, errors.New("too many datagrams that are no answer")
}

// because gives the context's end as the reason of the error that it caused.
func (x *exchange) because(err error) error {
	if cause := x.ctx.Err(); cause != nil {
		return cause
	}
	return err
}

// randomUint32 is unpredictable: a transaction id is what keeps others from
// answering in the tracker's name.
func randomUint32() uint32 {
	var b [4]byte
	rand.Read(b[:]) // never fails
	return binary.BigEndian.Uint32(b[:])
}
