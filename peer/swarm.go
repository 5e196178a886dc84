package peer

import (
	"context"
	"errors"
	"log/slog"
	"math/rand/v2"
	"net/netip"
	"sync"
	"sync/atomic"
	"time"

	"golang.org/x/time/rate"

	"github.com/btgw/btgw/metainfo"
	"github.com/btgw/btgw/peer/book"
	"github.com/btgw/btgw/peer/choke"
	"github.com/btgw/btgw/peer/discovery"
	"github.com/btgw/btgw/peer/discovery/dht"
	"github.com/btgw/btgw/peer/metaexchange"
)

// SwarmConfig configures a Swarm.
type SwarmConfig struct {
	// Hashes are the torrent's infohashes as far as they are known: one, or
	// both of a hybrid torrent. Required.
	Hashes []metainfo.InfoHash
	// Info is the info dictionary; nil until it is known.
	Info     *metainfo.Info
	Trackers [][]string // announce URLs in tiers (BEP 12)
	Demand   Demand     // required
	Supply   Supply     // required
	// OnMetadata is given the info dictionary when it was fetched from peers and
	// its hash is right: once, on a goroutine of the swarm, without locks. It may
	// call any method of the Swarm but Close.
	OnMetadata func(raw []byte)
	// Pull is asked for a piece that a sibling wants and Supply does not have. It calls came
	// once, when Supply has the piece. The demand lasts until stop is called. Nil: siblings
	// get what there is.
	Pull func(piece int, wished bool, came func()) (stop func())
	// OnShelter is called when Sheltered has changed, on a goroutine of the swarm.
	OnShelter func()
	// MetadataRoom counts the bytes that are gathered of the info dictionary now, and
	// reports whether they may be kept: if not, a copy is given up. It is called with
	// locks, and must call nothing of the Swarm. Nil: there is no bound but the swarm's.
	MetadataRoom func(held int64) bool
	// ServeHashes appends the answer to a hash request (BEP 52) to b, at most
	// wire.MaxHashes of 32 bytes each; false: we do not have them. It is called for
	// several connections at once, without locks. Nil: we have none.
	ServeHashes func(b []byte, r metainfo.HashRange) ([]byte, bool)
	// Policy holds the torrent's exceptions from the Host's rules of uploads, until
	// SetUploadPolicy.
	Policy UploadPolicy
	// Before is what earlier runs did, for those rules.
	Before Before
}

// Before is what was done with a torrent before its Swarm began.
type Before struct {
	Downloaded, Uploaded int64     // payload bytes
	LastReader           time.Time // when the last reader left; zero: there was none
}

// Swarm is the peers of one torrent. All methods are safe for concurrent use.
type Swarm struct {
	host  *Host
	cfg   SwarmConfig
	stake *stake // the host's, under its mu
	gone  bool   // from the host's table; under its mu
	log   *slog.Logger

	ctx     context.Context // ends with Close
	cancel  context.CancelFunc
	wg      sync.WaitGroup // the loop, dials, connections, OnMetadata
	sockets sockets
	awake   chan struct{} // holds one token: the loop has something to look at

	supers               atomic.Bool  // super is not nil
	downloaded, uploaded atomic.Int64 // payload bytes
	upload               atomic.Pointer[torrentLimit]
	inside, insideUp     atomic.Int64 // of the payload, what siblings sent and were sent
	sheltered            atomic.Bool  // siblings fetch for us; set under mu
	seeded               atomic.Bool  // web seeds send what is fetched
	kin                  *kin         // nil: we have no siblings

	mu        sync.Mutex // protects what follows
	closed    bool
	hashes    []metainfo.InfoHash
	info      *metainfo.Info
	have      metainfo.Bitfield // once info is known
	haveCount int
	// onlyUploads is set if peers are told that we only upload.
	onlyUploads bool
	wanted      bool
	clients     map[netip.Prefix]int // that wait now, and how often each
	unwanted    time.Time            // when the last reader left; zero: there was none
	crowded     bool                 // the host had no room for a dial that we wanted
	calls       *rate.Limiter        // of leechers that are dialled; nil: none are
	book        *book.Book
	places      *book.Quota              // conns, and dials of addresses
	attempts    map[*book.Entry]*attempt // dials under way
	makingWay   int                      // attempts and connections that end for others
	dialError   string
	conns       []*Conn // through their handshakes
	bannedN     int
	choker      choke.Choker
	nextRound   time.Time
	limits      limits    // of what is uploaded
	extra       int       // slots that the uplink carries besides the usual ones
	looked      time.Time // when that was last looked at
	lookedAt    int64     // uploaded then
	// superWanted is set if we are to super-seed, superCrowds if crowds; super is not nil
	// while either is and we have everything.
	superWanted, superCrowds bool
	super                    *superSeed
	metadata                 metaexchange.Exchange[*Conn]
	early                    earlyPlan
	trackers                 []*discovery.Trackers
	searches                 []*dht.Search
}

// NewSwarm starts a swarm: it accepts peers and announces, but dials nobody
// until SetWanted or CallLeechers.
func (h *Host) NewSwarm(cfg SwarmConfig) (*Swarm, error) {
	if len(cfg.Hashes) == 0 || cfg.Demand == nil || cfg.Supply == nil {
		return nil, errors.New("peer: a swarm needs an infohash, a Demand and a Supply")
	}
	now := time.Now()
	s := &Swarm{
		host: h, cfg: cfg, stake: newStake(cfg.Before.Downloaded > 0), log: h.log.With("infohash", cfg.Hashes[0]),
		awake: make(chan struct{}, 1), attempts: make(map[*book.Entry]*attempt), hashes: cfg.Hashes, book: book.New(&h.known),
		places: book.NewQuota(h.cfg.MaxSwarmConns, h.cfg.MaxPerAddress),
		choker: choke.New(h.cfg.UploadSlots, now, rand.Uint64()), nextRound: now.Add(choke.Round),
	}
	s.kin = s.newKin()
	s.metadata = metaexchange.New[*Conn](cfg.MetadataRoom)
	s.unwanted = cfg.Before.LastReader
	s.obey(cfg.Policy)
	s.choker.Slots = s.slotsNow(now)
	s.ctx, s.cancel = context.WithCancel(context.Background())
	if cfg.Info != nil {
		s.learn(cfg.Info, cfg.Supply.Have())
		s.onlyUploads = s.uploadsAlone()
	}
	s.seeksShelter(now)
	for _, addr := range h.remembered.Of(s.hashes[0].Wire()) {
		s.book.Add(now, book.SourceRemembered, addr)
	}
	s.wg.Go(s.loop)
	if err := h.register(s, wireHashes(s.hashes)...); err != nil {
		s.Close(s.ctx)
		return nil, err
	}
	s.announce()
	s.announceLocally()
	s.search()
	return s, nil
}

func wireHashes(hashes []metainfo.InfoHash) [][20]byte {
	out := make([][20]byte, len(hashes))
	for i, h := range hashes {
		out[i] = h.Wire()
	}
	return out
}

// learn takes the info dictionary in, and what Supply has of it. mu is held, or nobody else knows s.
func (s *Swarm) learn(info *metainfo.Info, have metainfo.Bitfield) {
	s.info = info
	s.have = have
	s.haveCount = s.have.Count(info.NumPieces())
	for _, h := range info.Hashes() {
		known := false
		for _, x := range s.hashes {
			known = known || x == h
		}
		if !known {
			s.hashes = append(s.hashes[:len(s.hashes):len(s.hashes)], h)
		}
	}
}

// SetInfo says what the info dictionary is, after OnMetadata or from elsewhere.
// What each connection said so far is checked against it, and all join Demand
// before SetInfo returns. Later calls do nothing. It must not be called from
// within a Download.
func (s *Swarm) SetInfo(info *metainfo.Info) {
	supplied := s.cfg.Supply.Have()
	s.mu.Lock()
	if s.info != nil || s.closed {
		s.mu.Unlock()
		return
	}
	s.learn(info, supplied)
	have := s.have.Clone()
	s.seeksShelter(time.Now())
	s.metadata.Stop()
	s.tellDemand()
	conns := append([]*Conn(nil), s.conns...)
	hashes := wireHashes(s.hashes)
	s.mu.Unlock()
	if err := s.host.register(s, hashes...); err != nil {
		s.log.Warn("second infohash of a hybrid torrent is in use elsewhere", "err", err)
	}
	s.announce()
	s.announceLocally()
	s.search()
	// All join before one of them may be asked: what came early is known first.
	for _, c := range conns {
		c.nowKnown(info, have)
	}
	for _, c := range conns {
		c.letAsk()
	}
	s.mu.Lock()
	s.sayUploadOnly()
	s.mu.Unlock()
}

// AddPeers makes addresses known. They are dialled when somebody wants the
// torrent, or leechers are called; one that book.SourceUser names at once, whatever happened to it before.
func (s *Swarm) AddPeers(source book.Source, addrs ...netip.AddrPort) {
	s.addPeers(source, addrs)
}

func (s *Swarm) addPeers(source book.Source, addrs []netip.AddrPort, by ...netip.Prefix) {
	now := time.Now()
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, a := range addrs {
		s.book.Add(now, source, a, by...)
	}
	s.dialMore(now)
	s.wake()
}

// AddHints makes addresses known, as AddHostPorts, that a client named. They are dialled
// at once, whatever happened to them before, and take turns with those that others named
// and the torrent's own. The zero Prefix is this process itself, whose addresses are the
// torrent's own.
func (s *Swarm) AddHints(client netip.Prefix, hostPorts ...string) {
	s.addHostPorts(book.SourceUser, hostPorts, client)
}

// AddHostPorts makes addresses known that are written host:port, the host a
// name or an address (x.pe of magnet links). What is not that is ignored.
func (s *Swarm) AddHostPorts(source book.Source, hostPorts ...string) {
	s.addHostPorts(source, hostPorts)
}

func (s *Swarm) addHostPorts(source book.Source, hostPorts []string, by ...netip.Prefix) {
	now := time.Now()
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, hp := range hostPorts {
		s.book.AddHostPort(now, source, hp, by...)
	}
	s.dialMore(now)
	s.wake()
}

// SetWanted tells the swarm whether a reader waits for the torrent. While one does,
// peers are dialled, wide and at once. Trackers are asked as soon as they allow, the
// DHT is asked again, and the metadata is fetched if it is not known. While none does,
// the connections stay.
func (s *Swarm) SetWanted(wanted bool) {
	now := time.Now()
	s.mu.Lock()
	if s.closed || s.wanted == wanted {
		s.mu.Unlock()
		return
	}
	s.wanted = wanted
	s.seeksShelter(now)
	if !wanted {
		s.giveUp()
		s.unwanted = now
	}
	s.sayUploadOnly()
	s.tellDemand()
	s.allot(now)
	if wanted {
		for _, c := range s.conns {
			if s.info == nil {
				c.speculate()
			}
		}
	}
	s.metadata.Want(wanted && s.info == nil)
	s.carry(s.metadata.Tick(now))
	s.mu.Unlock()
	if wanted {
		s.Seek()
	}
	s.wake()
}

// Seek has everybody asked again who may know a peer, and every address tried again
// whose last attempt is some time ago.
func (s *Swarm) Seek() {
	now := time.Now()
	s.mu.Lock()
	trackers := s.trackers
	s.book.Hurry(now)
	s.dialMore(now)
	s.mu.Unlock()
	for _, t := range trackers {
		t.Announce()
	}
	s.search()
}

// Have says that a piece can be uploaded from now on: peers are told.
func (s *Swarm) Have(piece int) {
	for _, t := range s.gained(piece) {
		t.Completed()
	}
}

// Held says that a piece that was here before can be uploaded from now on: peers are
// told, and no tracker of a download that was completed.
func (s *Swarm) Held(piece int) { s.gained(piece) }

// gained tells peers of a piece, and returns the trackers if it was the last
// one missing.
func (s *Swarm) gained(piece int) []*discovery.Trackers {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.info == nil || s.have.Has(piece) {
		return nil
	}
	s.have.Set(piece)
	if s.haveCount++; s.haveCount == 1 {
		s.tellDemand()
	}
	s.credit()
	for _, c := range s.conns {
		c.tellHave(piece)
	}
	s.sayUploadOnly()
	if s.haveCount < s.info.NumPieces() {
		return nil
	}
	return s.trackers
}

// DontHave says that a piece can no longer be uploaded: peers that understand
// it are told (BEP 54), the others are rejected when they ask.
func (s *Swarm) DontHave(piece int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.info == nil || !s.have.Has(piece) {
		return
	}
	s.have.Clear(piece)
	if s.haveCount--; s.haveCount == 0 {
		s.tellDemand()
	}
	s.endSuperSeed()
	for _, c := range s.conns {
		c.tellDontHave(piece)
	}
	s.sayUploadOnly()
}

// Close ends the swarm: trackers are told, as far as ctx allows, connections
// are closed, and all goroutines have ended when it returns.
func (s *Swarm) Close(ctx context.Context) {
	s.host.unregister(s)
	s.mu.Lock()
	s.closed = true
	s.book.Close()
	trackers, searches := s.trackers, s.searches
	conns := append([]*Conn(nil), s.conns...)
	s.mu.Unlock()
	s.cancel()
	for _, c := range conns {
		c.Close(ErrClosed)
	}
	s.sockets.closeAll()
	var wg sync.WaitGroup
	for _, t := range trackers {
		wg.Go(func() { t.Close(ctx) })
	}
	for _, x := range searches {
		wg.Go(x.Close)
	}
	wg.Wait()
	s.leaveLocally()
	s.wg.Wait()
}
