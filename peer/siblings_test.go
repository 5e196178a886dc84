package peer

import (
	"context"
	"errors"
	"io"
	"net"
	"net/netip"
	"os"
	"slices"
	"testing"
	"time"

	"github.com/btgw/btgw/internal/bubble"
	"github.com/btgw/btgw/internal/simnet"
	"github.com/btgw/btgw/metainfo"
	"github.com/btgw/btgw/peer/sibling"
	"github.com/btgw/btgw/peer/wire"
)

// A pair is two linked siblings, of which the first has a torrent.
type pair struct {
	t      *testing.T
	net    *simnet.Network
	nets   [2]*simnet.Host
	hosts  [2]*Host
	tor    *metainfo.Torrent
	swarm  *Swarm
	secret *sibling.Secret
}

func newPair(t *testing.T) *pair {
	p := &pair{t: t, net: simnet.New(simnet.Config{RTT: 10 * time.Millisecond})}
	var err error
	if p.secret, err = sibling.NewSecret([]byte("a secret of the fleet")); err != nil {
		t.Fatal(err)
	}
	secrets := secretsOf(t, p.secret)
	list := make([]netip.AddrPort, 2)
	for i := range p.nets {
		p.nets[i] = p.net.Host(simnet.HostConfig{})
		list[i] = p.nets[i].AddrPort(6881)
	}
	for i, n := range p.nets {
		p.hosts[i] = newTestHost(t, HostConfig{
			Network: n, Listen: ":6881", UploadRate: 16 << 10,
			Siblings: &SiblingsConfig{Secrets: secrets, Node: sibling.Node{byte(i)}, Lookup: func(context.Context) ([]netip.AddrPort, error) { return list, nil }},
		})
	}
	for range 30 {
		time.Sleep(time.Second)
	}
	for _, h := range p.hosts {
		if n := h.Fleet().Siblings; n != 1 {
			t.Fatalf("%d siblings", n)
		}
	}
	tor, data := content(t, 1<<20, 256<<10)
	p.tor = tor
	p.swarm = swarm(t, p.hosts[0], tor, seed(tor.Info, data))
	return p
}

func secretsOf(t *testing.T, all ...*sibling.Secret) *sibling.Secrets {
	t.Helper()
	secrets, err := sibling.NewSecrets(all...)
	if err != nil {
		t.Fatal(err)
	}
	return secrets
}

// A fakeSibling is a connection of somebody who says to be the second of a pair.
type fakeSibling struct {
	t        *testing.T
	nc       net.Conn
	hello    wire.Handshake
	ext      wire.ExtendedHandshake // the other's
	proof    []byte                 // likewise
	unchoked bool
	told     []netip.AddrPort // by peer exchange
	wishes   []wire.Wish      // that it told last
}

// dial connects to the first of the pair from a host, for an infohash.
func (p *pair) dial(from *simnet.Host, hash [20]byte) *fakeSibling {
	p.t.Helper()
	return p.dialAs(from, hash, p.hosts[1].PeerID())
}

// dialAs is dial with a peer id that may be another one than the second's.
func (p *pair) dialAs(from *simnet.Host, hash, id [20]byte) *fakeSibling {
	p.t.Helper()
	nc, err := from.DialContext(context.Background(), "tcp", p.nets[0].AddrPort(6881).String())
	if err != nil {
		p.t.Fatal(err)
	}
	p.t.Cleanup(func() { nc.Close() })
	f := &fakeSibling{t: p.t, nc: nc}
	f.send(wire.AppendHandshake(nil, wire.NewHandshake(hash, id)))
	if _, f.hello, err = readHandshake(nc, make([]byte, wire.HandshakeLen), time.Now().Add(time.Second)); err != nil {
		p.t.Fatal(err)
	}
	return f
}

func (f *fakeSibling) send(b []byte) {
	f.t.Helper()
	if _, err := f.nc.Write(b); err != nil {
		f.t.Fatal(err)
	}
}

// listen reads messages for a while. It returns the error that ended that: the deadline's,
// or the connection's.
func (f *fakeSibling) listen(d time.Duration) error {
	f.nc.SetReadDeadline(time.Now().Add(d))
	for {
		var head [4]byte
		if _, err := io.ReadFull(f.nc, head[:]); err != nil {
			return err
		}
		b := make([]byte, int(head[0])<<24|int(head[1])<<16|int(head[2])<<8|int(head[3]))
		if _, err := io.ReadFull(f.nc, b); err != nil {
			return err
		}
		if len(b) > 0 && b[0] == byte(wire.Unchoke) {
			f.unchoked = true
		}
		if len(b) < 2 || b[0] != byte(wire.Extended) {
			continue
		}
		switch id, body := wire.ParseExtended(b[1:]); id {
		case wire.ExtHandshake:
			f.ext, _ = f.ext.Continue(body)
		case 8:
			m, err := wire.ParsePEX(body)
			if err != nil {
				return err
			}
			for _, added := range m.Added {
				f.told = append(f.told, added.Addr)
			}
		case 9: // as describe says
			m, err := wire.ParseSibling(body)
			if err == nil && m.Proof != nil {
				f.proof = m.Proof
			}
			if err == nil && m.Wishing {
				f.wishes = m.Wishes
			}
		}
	}
}

// describe says that we take proofs, over a nonce.
func (f *fakeSibling) describe(nonce sibling.Nonce) {
	f.send(wire.AppendExtendedHandshake(nil, &wire.ExtendedHandshake{Sibling: 9, Nonce: nonce}))
}

// prove is the right proof of the second of the pair, over its nonce and that of the first.
func (p *pair) prove(f *fakeSibling, nonce sibling.Nonce) []byte {
	x := &sibling.Exchange{
		InfoHash: f.hello.InfoHash, Dialler: sibling.Greeting{PeerID: p.hosts[1].PeerID(), Said: nonce[:]},
		Acceptor: sibling.Greeting{PeerID: f.hello.PeerID, Said: f.ext.Nonce[:]},
	}
	proof := p.secret.Prove(x, sibling.Dialler)
	return proof[:]
}

// ended reports whether the connection was closed by the other end.
func ended(err error) bool { return !errors.Is(err, os.ErrDeadlineExceeded) }

// A stranger who takes a sibling's peer id learns nothing, and gets nothing.
func TestStrangerIsNoSibling(t *testing.T) {
	bubble.Test(t, func(t *testing.T) {
		p := newPair(t)
		f := p.dial(p.net.Host(simnet.HostConfig{}), p.tor.Info.Hashes()[0].Wire())
		f.describe(sibling.Nonce{1})
		if err := f.listen(15 * time.Second); ended(err) {
			t.Errorf("a peer like any other was cut off: %v", err)
		}
		if f.ext.ReqQ == 0 || f.ext.Sibling != 0 || f.ext.Nonce != (sibling.Nonce{}) || f.proof != nil {
			t.Errorf("a stranger was told %+v, proof %x", f.ext, f.proof)
		}
		f.send(wire.AppendSibling(nil, wire.ExtSibling, wire.SiblingMessage{Proof: make([]byte, sibling.ProofLen), Pulls: true}))
		if err := f.listen(time.Second); ended(err) || p.hosts[0].Fleet().WrongProofs != 0 {
			t.Errorf("%v, %+v", err, p.hosts[0].Fleet())
		}
	})
}

// At a sibling's address, with its peer id, only the secret makes a sibling.
func TestSiblingProofs(t *testing.T) {
	bubble.Test(t, func(t *testing.T) {
		p := newPair(t)
		hash := p.tor.Info.Hashes()[0].Wire()
		var recorded []byte
		nonce := sibling.Nonce{1}
		for _, tt := range []struct {
			name  string
			proof func(f *fakeSibling) []byte
			ok    bool
		}{
			{"right", func(f *fakeSibling) []byte { recorded = p.prove(f, nonce); return recorded }, true},
			{"replayed", func(*fakeSibling) []byte { return recorded }, false},
			{"reflected", func(f *fakeSibling) []byte { return f.proof }, false},
		} {
			f := p.dial(p.nets[1], hash)
			f.describe(nonce)
			if err := f.listen(time.Second); ended(err) || len(f.proof) != sibling.ProofLen {
				t.Fatalf("%s: %v, proof %x", tt.name, err, f.proof)
			}
			f.send(wire.AppendSibling(nil, wire.ExtSibling, wire.SiblingMessage{Proof: tt.proof(f)}))
			if err := f.listen(15 * time.Second); ended(err) == tt.ok {
				t.Errorf("%s: %v", tt.name, err)
			}
			if n := p.swarm.Stats().Siblings; (n == 1) != tt.ok {
				t.Errorf("%s: %d siblings", tt.name, n)
			}
			f.nc.Close()
			time.Sleep(time.Second)
		}
		if n := p.hosts[0].Fleet().WrongProofs; n != 2 {
			t.Errorf("%d wrong proofs were counted, of 2", n)
		}
		f := p.dial(p.nets[1], hash)
		f.describe(nonce)
		if err := f.listen(12 * time.Second); !ended(err) {
			t.Error("a sibling that never proved itself is still connected")
		}
	})
}

// Who knows the channel, and not the secret, gets no link; what was recorded is of no use.
func TestLinkProofs(t *testing.T) {
	bubble.Test(t, func(t *testing.T) {
		p := newPair(t)
		asked := 0
		p.hosts[0].OnSeek(func(sibling.Seek) { asked++ })
		hello := sibling.Hello{Nonce: sibling.Nonce{1}, Node: sibling.Node{9}}
		for _, tt := range []struct {
			name   string
			greet  []byte
			proof  func(theirs []byte) []byte
			counts int64
		}{
			{"a wrong proof", hello.Append(nil), func([]byte) []byte { return make([]byte, sibling.ProofLen) }, 1},
			{"their own", hello.Append(nil), func(theirs []byte) []byte { return theirs }, 1},
			{"no greeting", []byte("nonsense"), nil, 0},
			{"a message of 4 GiB", nil, nil, 0},
		} {
			before := p.hosts[0].Fleet().WrongProofs
			f := p.dial(p.net.Host(simnet.HostConfig{}), p.secret.Channel())
			if tt.greet == nil {
				f.send([]byte{0xff, 0xff, 0xff, 0xff, byte(wire.Extended), wire.ExtSibling})
			} else if err := writeFrame(f.nc, tt.greet); err != nil {
				t.Fatal(err)
			}
			f.nc.SetReadDeadline(time.Now().Add(time.Second))
			if tt.proof != nil {
				if _, err := readFrame(f.nc, maxGreeting); err != nil {
					t.Fatal(err)
				}
				b, err := readFrame(f.nc, maxGreeting)
				if err != nil {
					t.Fatal(err)
				}
				theirs, err := sibling.ParseProof(b)
				if err != nil {
					t.Fatal(err)
				}
				if err := writeFrame(f.nc, sibling.AppendProof(nil, [sibling.ProofLen]byte(tt.proof(theirs)))); err != nil {
					t.Fatal(err)
				}
				if err := writeFrame(f.nc, (&sibling.Seek{InfoHash: p.tor.Info.Hashes()[0]}).Append(nil)); err != nil {
					t.Fatal(err)
				}
			}
			if err := f.listen(15 * time.Second); !ended(err) {
				t.Errorf("%s: the connection is still there", tt.name)
			}
			if st := p.hosts[0].Fleet(); st.Siblings != 1 || st.WrongProofs-before != tt.counts {
				t.Errorf("%s: %+v", tt.name, st)
			}
		}
		if asked != 0 {
			t.Errorf("strangers had us look for %d torrents", asked)
		}
	})
}

// A secret is replaced while gateways are linked: nothing is cut off, and from then on the old
// one is of no use.
func TestSiblingSecretsAreReplaced(t *testing.T) {
	bubble.Test(t, func(t *testing.T) {
		p := newPair(t)
		other := leech(p.tor.Info)
		s := swarm(t, p.hosts[1], p.tor, other)
		s.SetWanted(true)
		other.wait(t, 30*time.Second)
		fresh, err := sibling.NewSecret([]byte("the next secret of the fleet"))
		if err != nil {
			t.Fatal(err)
		}
		conns := append(siblingConnsOf(p.swarm), siblingConnsOf(s)...)
		links := append(linksOf(p.hosts[0]), linksOf(p.hosts[1])...)
		if len(conns) != 2 || len(links) < 2 {
			t.Fatalf("%d connections, %d links", len(conns), len(links))
		}
		for _, step := range []struct {
			host    int
			secrets *sibling.Secrets
		}{
			{0, secretsOf(t, fresh, p.secret)},
			{1, secretsOf(t, fresh, p.secret)},
			{0, secretsOf(t, fresh)},
			{1, secretsOf(t, fresh)},
		} {
			p.hosts[step.host].SetSiblingSecrets(step.secrets)
			time.Sleep(time.Second)
		}
		time.Sleep(time.Minute)
		if now := append(siblingConnsOf(p.swarm), siblingConnsOf(s)...); !slices.Equal(now, conns) {
			t.Error("a connection with a sibling was cut off")
		}
		if now := append(linksOf(p.hosts[0]), linksOf(p.hosts[1])...); !slices.Equal(now, links) {
			t.Error("a link was cut off")
		}
		old := p.secret
		for _, secret := range []*sibling.Secret{old, fresh} {
			nc, err := p.nets[1].DialContext(context.Background(), "tcp", p.nets[0].AddrPort(6881).String())
			if err != nil {
				t.Fatal(err)
			}
			f := &fakeSibling{t: t, nc: nc}
			f.send(wire.AppendHandshake(nil, wire.NewHandshake(secret.Channel(), p.hosts[1].PeerID())))
			if _, _, err := readHandshake(nc, make([]byte, wire.HandshakeLen), time.Now().Add(time.Second)); (err == nil) != (secret == fresh) {
				t.Errorf("the old secret %v: the handshake ended with %v", secret == old, err)
			}
			nc.Close()
		}
	})
}

// Who has shown a secret that is taken back is cut off at once.
func TestSiblingSecretIsTakenBack(t *testing.T) {
	bubble.Test(t, func(t *testing.T) {
		p := newPair(t)
		other := leech(p.tor.Info)
		s := swarm(t, p.hosts[1], p.tor, other)
		s.SetWanted(true)
		other.wait(t, 30*time.Second)
		fresh, err := sibling.NewSecret([]byte("the next secret of the fleet"))
		if err != nil {
			t.Fatal(err)
		}
		p.hosts[0].SetSiblingSecrets(secretsOf(t, fresh))
		time.Sleep(time.Second)
		for i, h := range p.hosts {
			if n := h.Fleet().Siblings; n != 0 {
				t.Errorf("gateway %d has %d siblings", i, n)
			}
		}
		if n := p.swarm.Stats().Siblings; n != 0 {
			t.Errorf("%d siblings are connected", n)
		}
		p.hosts[1].SetSiblingSecrets(secretsOf(t, fresh))
		time.Sleep(30 * time.Second)
		for i, h := range p.hosts {
			if n := h.Fleet().Siblings; n != 1 {
				t.Errorf("gateway %d has %d siblings", i, n)
			}
		}
	})
}

// siblingConnsOf are a swarm's connections with siblings, linksOf a Host's links.
func siblingConnsOf(s *Swarm) (all []*Conn) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, c := range s.conns {
		if c.sibling() {
			all = append(all, c)
		}
	}
	return all
}

func linksOf(h *Host) []*fleetLink {
	h.fleet.mu.Lock()
	defer h.fleet.mu.Unlock()
	return slices.Clone(h.fleet.links)
}

// Siblings are sent what they ask for whatever the limits of uploads are, and are in no
// choking slot.
func TestSiblingsHaveNoLimits(t *testing.T) {
	bubble.Test(t, func(t *testing.T) {
		p := newPair(t)
		st := leech(p.tor.Info)
		s := swarm(t, p.hosts[1], p.tor, st)
		start := time.Now()
		s.SetWanted(true)
		st.wait(t, 30*time.Second)
		if d := time.Since(start); d > 5*time.Second {
			t.Errorf("1 MiB took %v where others have 16 KiB a second", d)
		}
		if got := p.swarm.Stats(); got.Siblings != 1 || got.Unchoking != 0 || got.ToSiblings != 1<<20 || got.Uploaded != 1<<20 {
			t.Errorf("%+v", got)
		}
		if got := s.Stats(); got.FromSiblings != 1<<20 || got.Downloaded != 1<<20 {
			t.Errorf("%+v", got)
		}
		if n := p.hosts[0].Stats().Conns; n != 0 {
			t.Errorf("siblings take %d of the connections", n)
		}
	})
}
