package peer

import (
	"net"
	"net/netip"
	"sync"
	"sync/atomic"
	"time"

	"github.com/btgw/btgw/metainfo"
	"github.com/btgw/btgw/peer/book"
	"github.com/btgw/btgw/peer/choke"
	"github.com/btgw/btgw/peer/metaexchange"
	"github.com/btgw/btgw/peer/wire"
)

// Conn is a connection with a peer, through its handshake. Its exported methods
// are safe for concurrent use and never block.
type Conn struct {
	swarm     *Swarm
	nc        net.Conn
	addr      netip.AddrPort
	hello     wire.Handshake // the peer's
	kin       *kinConn       // nil: the peer is no sibling
	outgoing  bool
	seat      *seat
	had, sent atomic.Bool // content, of the peer and to it
	fast      bool        // both speak the fast extension
	v2        bool        // it is for the v2 half of the torrent; set before Demand is joined

	rtt       atomic.Int64 // nanoseconds, 0 unknown
	ext       atomic.Pointer[wire.ExtendedHandshake]
	seed      atomic.Bool  // the peer has everything
	lets      atomic.Bool  // the peer has us unchoked
	wants     atomic.Bool  // the peer is interested
	owed      atomic.Int64 // requests outstanding, about
	asked     atomic.Int64 // requests made
	cancelled atomic.Int64 // requests taken back since nothing was outstanding; some are answered still
	wanted    atomic.Int64 // when the peer last asked for a block, Unix nanoseconds
	told      atomic.Int64 // pieces that the peer was told of since it last said anything of its interest
	blocks    int64        // blocks that came; the reader's alone
	waitMeta  atomic.Bool  // the metadata is being fetched
	empty     atomic.Bool  // the peer has nothing: there is no interest to claim
	metaAsked atomic.Int64 // parts of the metadata asked for
	// exchanged is set once a part of the metadata went either way.
	exchanged atomic.Bool

	downloaded, uploaded atomic.Int64 // payload bytes
	partial              atomic.Int64 // bytes that have come of the block, or the part of the metadata, that came last in parts

	done    chan struct{} // closed when the connection is over
	endOnce sync.Once
	endErr  error // set before done is closed

	in    inbox // the reader's alone
	work  work  // likewise
	quick quickAcker

	dmu       sync.Mutex // the dialogue with Demand
	info      *metainfo.Info
	download  Download // nil until info is known
	said      claims
	events    []Event
	early     []earlyBlock // asked for before info was known
	withheld  bool         // that the peer lets us download is kept from Demand
	requested bool         // the peer asked for blocks that the writer was not told of

	wmu         sync.Mutex // what is to be written
	out         []byte
	wakeup      chan struct{} // holds one token
	interested  bool          // as we last told the peer
	speculative bool          // without Demand having asked for it
	choking     bool          // as we last told the peer
	onlyUploads bool          // likewise
	uploads     uploads
	parked      map[uint32]*parkedPiece
	// parkedBlocks is the number of blocks in parked.
	parkedBlocks int
	grants       map[uint32]int // allowed fast pieces, and the bytes that may still be sent of each
	served       metaexchange.Served
	hashAsks     []metainfo.HashRange // asked of the peer, and not answered
	hashed       servedHashes
	// shown, unless nil, has the pieces that the peer may know of (hidden.go).
	shown map[uint32]bool

	// The swarm's, under its mu.
	first          firstFlight
	placed         bool // it has a place of its network
	credited       bool // who named it knows that it gives content
	joined         time.Time
	makesWay       bool // it was ended for another
	spare          bool // we said that we only upload
	slot           bool // unchoked
	slotSince      time.Time
	slotStart      int64 // uploaded at slotSince
	optimistic     bool
	lastOptimistic time.Time // when it was last unchoked optimistically
	gave           time.Time // last time that it sent us a block, or had no reason to
	flips          int       // changes of the peer's interest in this choking round
	entries        []*book.Entry
	rate           choke.Rates
	pex            pexState
}

// newConn makes a connection of one whose peer's handshake was read. Nothing
// is sent yet.
func newConn(s *Swarm, nc net.Conn, addr netip.AddrPort, hello wire.Handshake, rtt time.Duration) *Conn {
	c := &Conn{
		swarm: s, nc: nc, addr: addr, hello: hello, fast: hello.Fast(),
		done: make(chan struct{}), wakeup: make(chan struct{}, 1), choking: true,
	}
	if rtt == 0 {
		rtt = kernelRTT(socket(nc))
	}
	c.rtt.Store(int64(rtt))
	c.quick.init(socket(nc))
	boundUnsent(socket(nc), maxUnsent)
	return c
}

// Addr is the peer's address; its port is that of the connection.
func (c *Conn) Addr() netip.AddrPort { return c.addr }

// String is the peer's address.
func (c *Conn) String() string { return c.addr.String() }

// PeerID returns the peer id that the peer claims.
func (c *Conn) PeerID() [20]byte { return c.hello.PeerID }

// Outgoing reports whether we dialled.
func (c *Conn) Outgoing() bool { return c.outgoing }

// Fast reports whether every request is answered, by a block or a reject (BEP
// 6), even after a choke.
func (c *Conn) Fast() bool { return c.fast }

// Client names the peer's software: as its extension handshake does, else by
// its peer id (BEP 20), "" if neither says.
func (c *Conn) Client() string {
	if e := c.ext.Load(); e != nil && e.Client != "" {
		return e.Client
	}
	return wire.ClientName(c.hello.PeerID)
}

// RequestQueue is how many requests may be outstanding: 1 to wire.MaxReqQ,
// wire.DefaultReqQ until the peer has said.
func (c *Conn) RequestQueue() int {
	if e := c.ext.Load(); e != nil && e.ReqQ > 0 {
		return e.ReqQ
	}
	return wire.DefaultReqQ
}

// uploadOnly reports whether the peer wants nothing of anybody: a seed, or a
// partial one (BEP 21).
func (c *Conn) uploadOnly() bool {
	e := c.ext.Load()
	return c.seed.Load() || e != nil && e.UploadOnly == wire.Yes
}

// RTT is the round trip that connecting took, or the handshake, if that took longer;
// 0 if it is not known.
func (c *Conn) RTT() time.Duration { return time.Duration(c.rtt.Load()) }

// Close ends the connection for the reason err and does not wait for its end:
// Leave follows.
func (c *Conn) Close(err error) {
	c.endOnce.Do(func() {
		c.endErr = err
		close(c.done)
		c.nc.Close()
	})
}

// Ban ends the connection and keeps its peer out of all torrents for a while.
func (c *Conn) Ban(reason string) {
	c.Close(&BannedError{Reason: reason})
	c.swarm.mu.Lock()
	c.swarm.ban(c)
	c.swarm.mu.Unlock()
	c.swarm.log.Debug("peer banned", "peer", c.addr, "client", c.Client(), "reason", reason)
}

// cause returns the reason why the connection ended; nil while it has not.
func (c *Conn) cause() error {
	select {
	case <-c.done:
		return c.endErr
	default:
		return nil
	}
}

// run serves the connection to its end, on the goroutine that reads.
func (c *Conn) run(info *metainfo.Info, have metainfo.Bitfield) error {
	c.begin(info, have)
	var writer sync.WaitGroup
	writer.Go(c.writeLoop)
	if info != nil {
		c.join(info)
		c.letAsk()
	}
	c.Close(c.readLoop())
	writer.Wait()
	c.depart()
	c.in.free(&c.swarm.host.buffers)
	return c.endErr
}

// depart is the connection's end for Demand.
func (c *Conn) depart() {
	c.dmu.Lock()
	defer c.dmu.Unlock()
	c.said.left = true
	if c.download != nil {
		c.download.Leave()
	}
}
