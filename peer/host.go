package peer

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/netip"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"github.com/hashicorp/golang-lru/v2/simplelru"
	"golang.org/x/time/rate"

	"github.com/btgw/btgw/peer/book"
	"github.com/btgw/btgw/peer/choke"
	"github.com/btgw/btgw/peer/contact"
	"github.com/btgw/btgw/peer/discovery"
	"github.com/btgw/btgw/peer/discovery/dht"
	"github.com/btgw/btgw/peer/discovery/lsd"
	"github.com/btgw/btgw/peer/discovery/portmap"
	"github.com/btgw/btgw/peer/netguard"
	"github.com/btgw/btgw/peer/wire"
)

// HostConfig configures a Host. Zero fields have the defaults named.
type HostConfig struct {
	Network netguard.Network // required
	// Listen is the TCP address to accept peers on, both families where the
	// host part is empty; "" does not listen.
	Listen string
	// PeerID is ours (BEP 20); zero means a random one behind wire.PeerIDPrefix.
	PeerID [20]byte
	// Client is our name in extension handshakes; "" is "btgw".
	Client string

	MaxConns      int // connections of the process; 0 is DefaultMaxConns
	MaxSwarmConns int // of one swarm; 0 is DefaultMaxSwarmConns
	MaxPerAddress int // of one address; 0 is DefaultMaxPerAddress
	// MaxKnown is the number of addresses of peers that all swarms keep, of book.EntrySize
	// bytes each; 0 is 32,768. Beyond that each swarm has room for 64.
	MaxKnown int
	// UploadSlots is how many peers of one swarm are unchoked; 0 has it follow
	// from the upload rates: 3 to choke.DefaultSlots, 32 KiB/s for each.
	UploadSlots int
	// UploadRate bounds the blocks uploaded to all peers, in bytes/s; 0 is
	// unlimited.
	UploadRate int64
	// TorrentUploadRate bounds those of one torrent, in bytes/s; 0 is unlimited.
	TorrentUploadRate int64
	// SeedTime bounds how long a torrent is uploaded after its last reader. SeedRatio
	// bounds how much of it is uploaded while there is no reader, as a multiple of the
	// bytes that we have. The first bound reached ends the uploads, until there is a
	// reader again. 0 means no bound.
	SeedTime  time.Duration
	SeedRatio float64
	// NoUpload uploads nothing to anybody.
	NoUpload bool
	// Encryption decides whether connections are encrypted.
	Encryption Encryption
	// DHT takes part in the DHT; nil does not.
	DHT *DHTConfig
	// Datagrams answers datagrams that are no messages of the DHT, on the UDP port that
	// has the number of the TCP port. It appends its reply to dst, and reports whether
	// the datagram was meant for it. It must not block. Nil answers none.
	Datagrams func(dst, packet []byte, from netip.AddrPort) (answer []byte, mine bool)
	// MapPort asks the router to forward the port that is listened on.
	MapPort bool
	// Contacts bounds how often each host is turned to that a stranger may have named;
	// nil is one of the Host's own.
	Contacts *contact.Gate
	// Siblings are the other gateways of a fleet; nil: there is none.
	Siblings *SiblingsConfig
	// LSD announces torrents to the local network, and takes peers from there.
	LSD bool

	// PeersFile keeps the addresses of peers that gave us content over restarts; ""
	// keeps them in memory only.
	PeersFile string
	// BansFile keeps the bans in force over restarts; "" keeps them in memory only.
	BansFile string

	Log *slog.Logger // nil: no log
}

// Host is what the swarms of a process share. All methods are safe for
// concurrent use.
type Host struct {
	cfg       HostConfig
	log       *slog.Logger
	upload    *rate.Limiter         // nil: unlimited
	buffers   sync.Pool             // *[]byte of largeBuffer
	listener  net.Listener          // nil: not listening
	announcer *discovery.Announcer  // of the trackers of all swarms
	dht       *dht.DHT              // nil: not taking part
	mapper    *portmap.Mapper       // nil: no port is to be forwarded
	external  func() (tcp, udp int) // its ports, 0 each where none is forwarded; nil without it
	lsd       *lsd.LSD              // nil: off, or no network to do it on
	port      int
	known     book.Room // for the addresses of all swarms

	ctx     context.Context // ends with Close
	cancel  context.CancelFunc
	wg      sync.WaitGroup // the acceptor and handshakes of accepted connections
	sockets sockets        // accepted, without a swarm yet

	calls *rate.Limiter // dials of leechers that nobody waits for

	decrypting  chan struct{} // holds one for each encrypted handshake that a peer began
	decryptions *rate.Limiter

	stopped    atomic.Bool // StopUploads
	blocklist  atomic.Pointer[Blocklist]
	remembered *book.Remembered
	manners    book.Manners
	newBan     chan struct{} // holds one token: there are bans to be written

	gifts gifts
	fleet *fleet // nil: we have no siblings

	noRoom, refused, violations, floods atomic.Int64 // HostStats

	mu         sync.Mutex
	closed     bool
	resting    func(hash [20]byte) // OnResting
	swarms     map[[20]byte]*Swarm // by each of their hashes in wire form
	seats      allotment           // connections, attempts and handshakes
	perAddress map[netip.Addr]int  // by book.AddressKey
	places     *book.Quota         // connections, attempts left out
	bans       book.Bans
	flooders   *simplelru.LRU[book.Identity, strikes]
}

// HostStats is a snapshot of a Host.
type HostStats struct {
	Conns  int `json:"conns"`  // connections, attempts and handshakes under way
	Swarms int `json:"swarms"` // torrents
	Banned int `json:"banned"` // bans in force
	Nodes  int `json:"nodes"`  // of the DHT that are known and answered

	// Since the Host began.
	Pushed     Pushed `json:"pushed"`     // ended, or given up, to make room for another
	NoRoom     int64  `json:"no_room"`    // connections refused, or given up after their handshake, for a limit
	Refused    int64  `json:"refused"`    // accepted connections refused otherwise: no handshake in time, a bad one, another torrent, a ban
	Floods     int64  `json:"floods"`     // connections ended because the peer had us work more than it may
	Withheld   int64  `json:"withheld"`   // parts of metadata and hashes not given, or given later, since the process or their address had its share
	Violations int64  `json:"violations"` // connections ended because the peer broke the protocol
}

// Contacts is what all contacts with hosts pass that strangers may have named.
func (h *Host) Contacts() *contact.Gate { return h.cfg.Contacts }

// NewHost listens, if it is to, and accepts peers until Close.
func NewHost(cfg HostConfig) (*Host, error) {
	cfg.applyDefaults()
	h := &Host{cfg: cfg, log: cfg.Log, swarms: make(map[[20]byte]*Swarm), perAddress: make(map[netip.Addr]int)}
	h.seats.places = cfg.MaxConns
	h.known.Most = cfg.MaxKnown
	h.announcer = discovery.NewAnnouncer(cfg.Network, cfg.Contacts)
	h.places = book.NewQuota(h.cfg.MaxConns, h.cfg.MaxPerAddress)
	h.manners = book.NewManners()
	h.flooders, _ = simplelru.NewLRU[book.Identity, strikes](maxFlooders, nil) // the size is above zero: no error
	h.gifts.init()
	h.calls = rate.NewLimiter(callRate, callsAtOnce)
	h.newBan = make(chan struct{}, 1)
	h.decrypting = make(chan struct{}, maxDecrypting)
	h.decryptions = rate.NewLimiter(maxDecryptions, maxDecryptions)
	h.buffers.New = func() any { b := make([]byte, largeBuffer); return &b }
	h.upload = newLimiter(cfg.UploadRate)
	h.ctx, h.cancel = context.WithCancel(context.Background())
	h.fleet = newFleet(h, cfg.Siblings)
	var err error
	if h.remembered, err = book.OpenRemembered(cfg.PeersFile); err != nil {
		h.log.Warn("remembered peers are lost", "err", err)
	}
	if h.bans, err = book.OpenBans(cfg.BansFile, time.Now()); err != nil {
		h.log.Warn("bans are lost", "err", err)
	}
	if err := h.listen(); err != nil {
		h.cancel()
		return nil, err
	}
	if cfg.BansFile != "" {
		h.wg.Go(h.keepBans)
	}
	if err := h.discover(); err != nil {
		return nil, errors.Join(err, h.Close(h.ctx))
	}
	if h.fleet != nil {
		h.wg.Go(h.fleet.run)
	}
	return h, nil
}

// listen begins to accept peers, if the Host is to.
func (h *Host) listen() error {
	if h.cfg.Listen == "" {
		return nil
	}
	l, err := h.cfg.Network.Listen(h.ctx, "tcp", h.cfg.Listen)
	if err != nil {
		return fmt.Errorf("peer: listen for peers: %w", err)
	}
	h.listener = l
	if ap, err := netip.ParseAddrPort(l.Addr().String()); err == nil {
		h.port = int(ap.Port())
	}
	h.wg.Go(h.accept)
	return nil
}

func (cfg *HostConfig) applyDefaults() {
	if cfg.PeerID == [20]byte{} {
		copy(cfg.PeerID[:], wire.PeerIDPrefix)
		rand.Read(cfg.PeerID[len(wire.PeerIDPrefix):])
	}
	if cfg.Client == "" {
		cfg.Client = "btgw"
	}
	for _, d := range []struct {
		field *int
		value int
	}{
		{&cfg.MaxConns, DefaultMaxConns},
		{&cfg.MaxSwarmConns, DefaultMaxSwarmConns},
		{&cfg.MaxPerAddress, DefaultMaxPerAddress},
		{&cfg.UploadSlots, choke.SlotsFor(smaller(cfg.UploadRate, cfg.TorrentUploadRate))},
	} {
		if *d.field <= 0 {
			*d.field = d.value
		}
	}
	if cfg.Contacts == nil {
		cfg.Contacts = contact.NewGate()
	}
	if cfg.Log == nil {
		cfg.Log = slog.New(slog.DiscardHandler)
	}
}

// Port is the TCP port that peers can connect to; 0 if there is none.
func (h *Host) Port() int { return h.port }

// PeerID returns the peer id that we send.
func (h *Host) PeerID() [20]byte { return h.cfg.PeerID }

// Stats returns a snapshot.
func (h *Host) Stats() HostStats {
	nodes := 0
	if h.dht != nil {
		nodes = h.dht.Stats().Nodes
	}
	h.mu.Lock()
	defer h.mu.Unlock()
	return HostStats{
		Nodes: nodes,
		Conns: len(h.seats.seats), Pushed: h.seats.counts.pushed, Swarms: len(h.distinct()), Banned: h.bans.Count(time.Now()),
		NoRoom: h.noRoom.Load(), Refused: h.refused.Load(), Violations: h.violations.Load(), Floods: h.floods.Load(), Withheld: h.gifts.withheld.Load(),
	}
}

// distinct returns the swarms once each. mu is held.
func (h *Host) distinct() []*Swarm {
	var all []*Swarm
	seen := make(map[*Swarm]bool)
	for _, s := range h.swarms {
		if !seen[s] {
			seen[s] = true
			all = append(all, s)
		}
	}
	return all
}

// Close closes all swarms and waits for everything. Trackers are told that we
// leave, as far as ctx allows.
func (h *Host) Close(ctx context.Context) error {
	h.mu.Lock()
	h.closed = true
	swarms := h.distinct()
	h.mu.Unlock()
	h.cancel()
	var err error
	if h.listener != nil {
		err = h.listener.Close()
	}
	h.sockets.closeAll()
	var wg sync.WaitGroup
	for _, s := range swarms {
		wg.Go(func() { s.Close(ctx) })
	}
	wg.Wait()
	h.announcer.Close()
	h.endDiscovery(ctx)
	h.wg.Wait()
	return errors.Join(err, h.remembered.Save(), h.saveBans())
}

// ForgetPeers drops what is remembered of the peers of a torrent.
func (h *Host) ForgetPeers(hash [20]byte) { h.remembered.Forget(hash) }

// tally counts the reason why a connection ended, or was not begun, for HostStats.
// accepted is set for a connection that a peer made and that never became a Conn.
func (h *Host) tally(err error, accepted bool) {
	var violation *ProtocolError
	switch {
	case errors.Is(err, errFull):
		h.noRoom.Add(1)
	case accepted && !errors.Is(err, ErrClosed):
		h.refused.Add(1)
	case flooded(err):
		h.floods.Add(1)
	case errors.As(err, &violation):
		h.violations.Add(1)
	}
}

// register makes a swarm reachable under hashes, all or none of them.
func (h *Host) register(s *Swarm, hashes ...[20]byte) error {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.closed || s.gone {
		return ErrClosed
	}
	for _, w := range hashes {
		if other := h.swarms[w]; other != nil && other != s {
			return ErrExists
		}
	}
	for _, w := range hashes {
		h.swarms[w] = s
	}
	if !slices.Contains(h.seats.stakes, s.stake) {
		h.seats.add(s.stake)
	}
	return nil
}

func (h *Host) unregister(s *Swarm) {
	h.mu.Lock()
	defer h.mu.Unlock()
	s.gone = true
	for w, x := range h.swarms {
		if x == s {
			delete(h.swarms, w)
		}
	}
	h.seats.remove(s.stake)
}

// GiveWay has another swarm of the same torrent reached by this one's infohashes too, as far
// as it knows them. Close follows. A nil to takes them when it begins.
func (s *Swarm) GiveWay(to *Swarm) {
	s.host.unregister(s)
	if to == nil {
		return
	}
	to.mu.Lock()
	hashes := wireHashes(to.hashes)
	to.mu.Unlock()
	if err := to.host.register(to, hashes...); err != nil {
		to.log.Debug("not all infohashes of a swarm lead to it", "err", err)
	}
}

func (h *Host) swarm(hash [20]byte) *Swarm {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.swarms[hash]
}
