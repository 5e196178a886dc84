package portmap

import (
	"context"
	"errors"
	"log/slog"
	"maps"
	"net"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"strings"
	"sync/atomic"
	"testing"
	"time"
)

// awaitTime is how long something may take that should happen at once.
const awaitTime = 20 * time.Second

func await(t *testing.T, what string, holds func() bool) {
	t.Helper()
	for end := time.Now().Add(awaitTime); !holds(); time.Sleep(5 * time.Millisecond) {
		if time.Now().After(end) {
			t.Fatalf("in vain: that %s", what)
		}
	}
}

// at is a default route through addr; "" is none.
func at(addr string) func() (netip.Addr, error) {
	return func() (netip.Addr, error) {
		if addr == "" {
			return netip.Addr{}, errNoGateway
		}
		return netip.ParseAddr(addr)
	}
}

// startMapper forwards port 7001, until the end of the test.
func startMapper(t *testing.T, cfg Config) *Mapper {
	t.Helper()
	cfg.Port = 7001
	m := Start(cfg)
	t.Cleanup(func() { m.Close(t.Context()) })
	return m
}

func TestNATPMP(t *testing.T) {
	p := newPorts(7001)
	m := startMapper(t, Config{gateway: at(fakeNATPMP(t, 3600, p))})
	await(t, "both ports are forwarded", func() bool { return m.TCP() == 7002 && m.UDP() == 7002 })
	want := map[string]string{"TCP 7002": "7001", "UDP 7002": "7001"}
	if got := p.copy(); !maps.Equal(got, want) {
		t.Errorf("the router forwards %v, want %v", got, want)
	}
	m.Close(context.Background())
	if got := p.copy(); len(got) != 0 {
		t.Errorf("after the end the router forwards %v", got)
	}
}

func TestUPnP(t *testing.T) {
	for name, c := range map[string]struct {
		taken, permanentOnly bool
	}{
		"as asked":              {},
		"port of another":       {taken: true},
		"leases without an end": {permanentOnly: true},
		"both":                  {taken: true, permanentOnly: true},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			p := newPorts()
			p.taken[7001] = c.taken // nobody asks yet
			search := fakeUPnP(t, p, c.permanentOnly, func(base string) string { return base + "/root.xml" })
			m := startMapper(t, Config{gateway: at(""), search: search})
			await(t, "both ports are forwarded", func() bool { return m.TCP() != 0 && m.UDP() != 0 })
			if c.taken == (m.TCP() == 7001) {
				t.Errorf("external port %d", m.TCP())
			}
			for mapped, to := range p.copy() {
				if to != "127.0.0.1:7001" {
					t.Errorf("%s goes to %s", mapped, to)
				}
			}
			if seconds := p.leased(); (seconds == 0) != c.permanentOnly {
				t.Errorf("the lease is %d s", seconds)
			}
			m.Close(context.Background())
			if got := p.copy(); len(got) != 0 {
				t.Errorf("after the end the router forwards %v", got)
			}
		})
	}
}

// What is forwarded is asked for again before its lease ends. The time is the
// clock's, so that it is the least there is: half of a lease of two minutes.
func TestRenewal(t *testing.T) {
	m := &Mapper{cfg: Config{Port: 7001}, log: slog.New(slog.DiscardHandler), mappings: map[string]mapping{}}
	for life, want := range map[time.Duration]time.Duration{2 * time.Minute: time.Minute, time.Second: minRenew, time.Hour: maxRenew, 9 * time.Hour: maxRenew} {
		r := &fakeRouter{life: life}
		if wait, err := m.ask(t.Context(), r); err != nil || wait != want {
			t.Errorf("a lease of %v is renewed after %v, %v", life, wait, err)
		}
	}
	if m.TCP() != 7001 || m.UDP() != 7001 {
		t.Errorf("forwarded: %d, %d", m.TCP(), m.UDP())
	}
	if _, err := m.ask(t.Context(), &fakeRouter{err: errNoDevice}); !errors.Is(err, errNoDevice) || m.TCP() != 0 {
		t.Errorf("after a failure: %d, %v", m.TCP(), err)
	}
}

// fakeRouter grants what it is asked for.
type fakeRouter struct {
	life time.Duration
	err  error
}

func (r *fakeRouter) add(_ context.Context, _ string, _, external int) (int, time.Duration, error) {
	return external, r.life, r.err
}
func (r *fakeRouter) remove(context.Context, string, int, int) error { return r.err }
func (r *fakeRouter) String() string                                 { return "fake" }

// A router that answers neither is left alone, and asked again later.
func TestNoRouter(t *testing.T) {
	silent, err := net.ListenPacket("udp4", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer silent.Close()
	var asked atomic.Int64
	m := startMapper(t, Config{search: silent.LocalAddr().String(), first: time.Millisecond, gateway: func() (netip.Addr, error) {
		asked.Add(1)
		return netip.Addr{}, errNoGateway
	}})
	await(t, "it is tried again", func() bool { return asked.Load() > 1 })
	if m.TCP() != 0 || m.UDP() != 0 {
		t.Errorf("forwarded: %d, %d", m.TCP(), m.UDP())
	}
}

// A device that points elsewhere is not followed (SECURITY T1).
func TestElsewhere(t *testing.T) {
	var hits atomic.Int64
	victim := httptest.NewUnstartedServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { hits.Add(1) }))
	l, err := net.Listen("tcp", "127.0.0.2:0")
	if err != nil {
		t.Fatal(err)
	}
	victim.Listener.Close()
	victim.Listener = l
	victim.Start()
	defer victim.Close()
	search := fakeUPnP(t, newPorts(), false, func(string) string { return victim.URL + "/root.xml" })
	if d, err := searchGateways(t.Context(), search); !errors.Is(err, errNoDevice) {
		t.Errorf("devices %v, %v", d, err)
	}
	d := &device{addr: netip.MustParseAddr("127.0.0.1")}
	if _, err := d.client().Get(victim.URL); err == nil || !strings.Contains(err.Error(), "is not at the gateway") {
		t.Errorf("the client reaches others: %v", err)
	}
	if hits.Load() != 0 {
		t.Errorf("%d requests came", hits.Load())
	}
}

func TestParseRoutes(t *testing.T) {
	const head = "Iface\tDestination\tGateway \tFlags\tRefCnt\tUse\tMetric\tMask\t\tMTU\tWindow\tIRTT\n"
	for table, want := range map[string]string{
		head + "eth0\t0000A8C0\t00000000\t0001\t0\t0\t0\t00FFFFFF\t0\t0\t0\neth0\t00000000\t0101A8C0\t0003\t0\t0\t0\t00000000\t0\t0\t0\n": "192.168.1.1",
		head: "",
		head + "tun0\t00000000\t00000000\t0001\t0\t0\t0\t00000000\t0\t0\t0\n": "",
		"garbage":                              "",
		"a 00000000 zzzzzzzz 3 0 0 0 00000000": "",
	} {
		got, err := parseRoutes(table)
		if want == "" && err == nil || want != "" && got.String() != want {
			t.Errorf("%q has %v, %v", table, got, err)
		}
	}
}

func FuzzSearchAnswer(f *testing.F) {
	f.Add([]byte("HTTP/1.1 200 OK\r\nST: x\r\nLOCATION: http://127.0.0.1:80/root.xml\r\n\r\n"))
	from := net.UDPAddrFromAddrPort(netip.MustParseAddrPort("127.0.0.1:1900"))
	f.Fuzz(func(t *testing.T, b []byte) {
		if d := parseAnswer(b, from); d != nil && d.at.Hostname() != "127.0.0.1" {
			t.Errorf("it points to %s", d.at)
		}
	})
}
