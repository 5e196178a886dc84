package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"math"
	"net"
	"os"
	"path/filepath"
	"runtime/debug"
	"runtime/metrics"
	"strconv"
	"sync"
	"syscall"
	"time"

	"github.com/btgw/btgw/cache"
	"github.com/btgw/btgw/cache/object"
	"github.com/btgw/btgw/fetch"
	"github.com/btgw/btgw/gateway"
	"github.com/btgw/btgw/internal/cpushare"
	"github.com/btgw/btgw/internal/reload"
	"github.com/btgw/btgw/peer"
	"github.com/btgw/btgw/peer/book"
	"github.com/btgw/btgw/peer/contact"
	"github.com/btgw/btgw/peer/discovery/dht"
	"github.com/btgw/btgw/peer/netguard"
	"github.com/btgw/btgw/peer/webseed"
	"github.com/btgw/btgw/publish/names"
)

// engine is everything below HTTP: the cache, the connections to peers and the session that ties them. Each part uses only
// those above it here, so they start in this order and end in the opposite one.
type engine struct {
	dir      string // of the cache; "" keeps nothing on disk
	pool     *cache.Pool
	store    *cache.Store
	throttle *netguard.Throttle
	network  netguard.Network
	contacts *contact.Gate
	work     *cpushare.Gate
	host     *peer.Host
	web      *webseed.Client
	objects  *object.Store // nil: there is none
	session  *fetch.Session
	names    *names.Book     // nil: there is no DHT to ask
	reloads  *reload.Watcher // of the blocklist, and of what else the process reads anew
	unlimit  func()          // ends watching the heap
}

// newEngine starts the parts. An error means that none is left running.
func newEngine(s engineSettings, log *slog.Logger) (*engine, error) {
	parts := splitMemory(s.memory)
	e := &engine{
		dir:      s.cacheDir,
		pool:     cache.NewPool(int64(parts.idle)),
		throttle: netguard.NewThrottle(int64(s.downloadRate)),
		contacts: contact.NewGate(),
		work:     cpushare.New(),
		reloads:  reload.NewWatcher(log),
	}
	if err := s.checkBind(); err != nil { // before the cache is opened, which takes time
		return nil, errors.Join(err, e.close(context.Background()))
	}
	guard := s.guard(log)
	e.network = e.throttle.Network(guard)
	s.dht = datagrams(guard, s, log) && s.dht
	disk, err := s.cacheSize.in(s.cacheDir)
	if err != nil {
		return nil, errors.Join(err, e.close(context.Background()))
	}
	minFree, err := s.minFree.in(s.cacheDir)
	if err != nil {
		return nil, errors.Join(err, e.close(context.Background()))
	}
	e.store, err = cache.Open(cache.Config{
		Dir: s.cacheDir, DiskBytes: disk, MinFree: minFree, ScrubRate: int64(s.scrub), MemoryBytes: int64(parts.kept), OpenFiles: s.openFiles, OwnContent: s.ownContent, Pool: e.pool, Log: log,
	})
	if err != nil {
		return nil, errors.Join(cannotCache(s.cacheDir, err), e.close(context.Background()))
	}
	e.host, err = newHost(peer.HostConfig{
		Datagrams: s.datagrams, Siblings: s.siblings.config(s.stateFile(siblingStateName), log),
		PeersFile: s.stateFile(peersStateName), BansFile: s.stateFile(bansStateName),
		Network: e.network, Contacts: e.contacts, Listen: s.peerListen, Encryption: s.encryption, MaxConns: s.maxConns, MaxSwarmConns: s.torrentConns, MaxKnown: knownPeers(parts), DHT: s.dhtConfig(), MapPort: s.mapPort, LSD: s.lsd,
		UploadRate: int64(s.upload.rate), TorrentUploadRate: int64(s.upload.torrentRate),
		SeedTime: s.upload.seedTime, SeedRatio: s.upload.seedRatio, NoUpload: s.upload.off, Log: log,
	}, s.anyPeerPort)
	if err != nil {
		if gone := s.checkBind(); gone != nil { // it went meanwhile
			return nil, errors.Join(gone, e.close(context.Background()))
		}
		return nil, errors.Join(cannotListen("peer-listen", s.peerListen, err), e.close(context.Background()))
	}
	if s.blocklist != nil {
		block(s.blocklist, e.host, e.reloads, log)
	}
	s.siblings.watch(e.host, e.reloads, log)
	e.unlimit = limitMemory(s.memory)
	e.web = webseed.NewClient(netguard.Limit(e.network, cmp.Or(s.webConns, maxWebConns)), e.contacts)
	if s.objectStore != nil {
		if e.objects, err = object.Open(object.Config{Location: *s.objectStore, Log: log}); err != nil {
			return nil, errors.Join(fmt.Errorf("--object-store: %w", err), e.close(context.Background()))
		}
	}
	e.session, err = fetch.NewSession(fetch.Config{
		Host: e.host, Store: e.store, Pool: e.pool, WebSeeds: e.web, Objects: e.objects, Memory: int64(parts.flight), NoMediaHints: !s.mediaHints,
		MaxTorrents: s.maxTorrents, MaxReaders: s.maxReaders, Work: e.work, StateFile: s.stateFile(torrentsStateName), Log: log,
	})
	if err != nil {
		return nil, errors.Join(err, e.close(context.Background()))
	}
	if d := e.host.DHT(); d != nil {
		e.names, err = openNames(d, e.shelf(), s, log)
		if err != nil {
			return nil, errors.Join(err, e.close(context.Background()))
		}
	}
	return e, nil
}

// cannotCache says why the cache cannot be in a folder, and what to do unless descriptors are missing.
func cannotCache(dir string, err error) error {
	err = fmt.Errorf("the cache in %s: %w", dir, err)
	if errors.Is(err, syscall.EMFILE) || errors.Is(err, syscall.ENFILE) {
		return err
	}
	return fmt.Errorf("%w: name a folder of its own, that it may write to, by --cache-dir", err)
}

// checkBind says so where peers are to connect by an interface that is not there.
func (s *engineSettings) checkBind() error {
	if s.bind == nil || s.peerListen == "" {
		return nil
	}
	if err := s.bind.Check(); err != nil {
		return &listenError{fmt.Sprintf("--bind: %s is no interface or address of this machine now: is the VPN up?", s.bind), err}
	}
	return nil
}

// datagrams says by which way everything leaves, and reports whether that takes datagrams. Of a proxy that cannot be
// reached yet it is not known: it is asked until it answers.
func datagrams(guard *netguard.Guard, s engineSettings, log *slog.Logger) bool {
	if s.bind != nil {
		log.Info("everything leaves by one interface; no router is asked for a port, and no local network for peers", "bind", s.bind)
	}
	if s.proxy == nil {
		return true
	}
	err := guard.Datagrams(context.Background()) // netguard bounds it
	switch {
	case errors.Is(err, netguard.ErrNoDatagrams):
		log.Warn("the proxy passes no datagrams on: there is no DHT, and UDP trackers are not asked", "proxy", s.proxy, "error", err)
		return false
	case err != nil:
		log.Warn("the proxy cannot be reached: nothing is fetched until it is", "proxy", s.proxy, "error", err)
	default:
		log.Info("everything goes through the proxy, datagrams too", "proxy", s.proxy)
	}
	return true
}

// openNames begins to look names up.
func openNames(d *dht.DHT, shelf names.Shelf, s engineSettings, log *slog.Logger) (*names.Book, error) {
	if s.cacheDir == "" {
		return names.OpenBook(d, shelf, "", log), nil
	}
	dir := filepath.Join(s.cacheDir, namesDir)
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, fmt.Errorf("the folder of names: %w", err)
	}
	return names.OpenBook(d, shelf, filepath.Join(dir, "known"), log), nil
}

// shelf keeps names beside the content that they stand for; nil where there is none.
func (e *engine) shelf() names.Shelf {
	if e.objects == nil {
		return nil
	}
	return e.objects
}

// resolver is what knows names; nil where there is none.
func (e *engine) resolver() gateway.Names {
	if e.names == nil {
		return nil
	}
	return e.names
}

// newHost starts a host. Where any port will do, one that is in use is passed over: the next few are tried, then any.
func newHost(cfg peer.HostConfig, anyPort bool) (*peer.Host, error) {
	asked := cfg.Listen
	for tries := 1; ; tries++ {
		host, err := peer.NewHost(cfg)
		if !anyPort || !errors.Is(err, syscall.EADDRINUSE) || tries > peerPortTries {
			if err == nil && cfg.Listen != asked {
				cfg.Log.Info("the peer port is in use, another one was taken", "asked", asked, "port", host.Port())
			}
			return host, err
		}
		cfg.Listen = portAfter(asked, tries)
	}
}

// portAfter is the address with a port that is n higher; any free one at the last try.
func portAfter(listen string, n int) string {
	host, text, err := net.SplitHostPort(listen)
	port, err2 := strconv.Atoi(text)
	if err != nil || err2 != nil || n == peerPortTries || port+n > math.MaxUint16 {
		return net.JoinHostPort(host, "0")
	}
	return net.JoinHostPort(host, strconv.Itoa(port+n))
}

// dhtConfig returns the configuration of the DHT, nil if the host does not take part in
// it.
func (s *engineSettings) dhtConfig() *peer.DHTConfig {
	if !s.dht {
		return nil
	}
	return &peer.DHTConfig{Bootstrap: s.bootstrap, StateFile: s.stateFile(dhtStateName)}
}

// stateFile is a file of the cache folder; "" without one.
func (s *engineSettings) stateFile(name string) string {
	if s.cacheDir == "" {
		return ""
	}
	return filepath.Join(s.cacheDir, name)
}

// close ends the parts that were started: readers are cut, trackers hear "stopped" until ctx ends, and what was verified is
// on disk with its records.
func (e *engine) close(ctx context.Context) error {
	var errs []error
	e.reloads.Close() // what it tells is told to the others
	if e.names != nil {
		e.names.Close()
	}
	if e.session != nil {
		errs = append(errs, e.session.Close(ctx))
	}
	if e.objects != nil {
		e.objects.Close() // before the store whose pieces it reads
	}
	if e.web != nil {
		e.web.Close()
	}
	if e.unlimit != nil {
		e.unlimit()
	}
	if e.host != nil {
		errs = append(errs, e.host.Close(ctx))
	}
	if e.store != nil {
		errs = append(errs, e.store.Close())
	}
	return errors.Join(errs...)
}

// memoryParts is what --memory is spent on.
type memoryParts struct {
	flight ByteSize // torrents themselves, pieces in flight and in readers' windows
	kept   ByteSize // verified pieces kept for the next reader
	idle   ByteSize // buffers between two uses
}

// splitMemory divides memory: half for torrents and what readers wait for, an eighth for buffers between two uses, the rest for
// what may be read again.
func splitMemory(memory ByteSize) memoryParts {
	parts := memoryParts{flight: memory / 2, idle: memory / 8}
	parts.kept = memory - parts.flight - parts.idle
	return parts
}

// knownPeers is how many addresses of peers are kept: a quarter of the memory that torrents may take has room for
// them, and each swarm has some of its own.
func knownPeers(parts memoryParts) int { return int(parts.flight) / 8 / book.EntrySize }

// limitMemory tells the collector of garbage to stay within memory and what else a process needs, until the returned
// function is called. GOMEMLIMIT in the environment wins. Where more than that is in use the limit is raised: the collector
// would otherwise run all the time, and free nothing by it.
func limitMemory(memory ByteSize) (stop func()) {
	if _, set := os.LookupEnv("GOMEMLIMIT"); set {
		return func() {}
	}
	limit := int64(memory + memoryOverhead)
	debug.SetMemoryLimit(limit)
	ctx, cancel := context.WithCancel(context.Background())
	var watching sync.WaitGroup
	watching.Go(func() {
		tick := time.NewTicker(liveHeapEvery)
		defer tick.Stop()
		for {
			select {
			case <-ctx.Done():
				return
			case <-tick.C:
				debug.SetMemoryLimit(memoryLimit(limit, liveHeap()))
			}
		}
	})
	return func() { cancel(); watching.Wait() }
}

// memoryLimit is the limit for the collector where live bytes of the heap are in use: what it was told, or a quarter more
// than those.
func memoryLimit(limit, live int64) int64 { return max(limit, live+live/4) }

// liveHeap is how many bytes of the heap the last collection found in use.
func liveHeap() int64 {
	sample := []metrics.Sample{{Name: "/gc/heap/live:bytes"}}
	metrics.Read(sample)
	return int64(sample[0].Value.Uint64())
}

// listenError is an address that cannot be listened on, in a user's words.
type listenError struct {
	text  string
	cause error
}

// Error is what the user reads.
func (e *listenError) Error() string { return e.text }

// Unwrap gives what the system said.
func (e *listenError) Unwrap() error { return e.cause }

// cannotListen says why an address of the flag called name cannot be listened on.
func cannotListen(name, address string, err error) error {
	text := fmt.Sprintf("--%s: ", name)
	switch {
	case errors.Is(err, syscall.EADDRINUSE):
		text += address + " is in use: stop the program that has it (another btgw?), or choose another address"
	case errors.Is(err, syscall.EACCES):
		text += address + " needs a privilege that btgw does not have: choose a port above 1023"
	case errors.Is(err, syscall.EADDRNOTAVAIL):
		text += address + " is not an address of this machine"
	default:
		text += err.Error()
	}
	return &listenError{text: text, cause: err}
}
