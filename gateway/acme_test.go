package gateway

import (
	"context"
	"crypto/tls"
	"errors"
	"log/slog"
	"net"
	"slices"
	"sync"
	"testing"
)

// An authority that cannot be reached holds nothing up, and nothing is left of it.
func TestACMEWithoutAuthority(t *testing.T) {
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer ln.Close()
	a, err := NewACME(ACMEConfig{Domains: []string{"gateway.example.org"}, CA: "https://" + freeAddr(t) + "/dir", Dir: t.TempDir(), Listen: ln.Addr(), Log: slog.New(slog.DiscardHandler)})
	if err != nil {
		t.Fatal(err)
	}
	cfg := a.TLS()
	if !slices.Equal(cfg.NextProtos, []string{"h2", "http/1.1", "acme-tls/1"}) || cfg.MinVersion != tls.VersionTLS12 {
		t.Errorf("it speaks %v from %#x", cfg.NextProtos, cfg.MinVersion)
	}
	a.Manage()
	client, server := net.Pipe()
	defer client.Close()
	var work sync.WaitGroup
	work.Go(func() {
		defer server.Close()
		if err := tls.Server(server, cfg).HandshakeContext(t.Context()); err == nil {
			t.Error("a handshake without a certificate")
		}
	})
	if err := tls.Client(client, &tls.Config{ServerName: "gateway.example.org"}).HandshakeContext(t.Context()); err == nil {
		t.Error("a certificate from nowhere")
	}
	work.Wait()
	a.Close()
}

func TestCheckACMEDomain(t *testing.T) {
	for name, good := range map[string]bool{
		"gateway.example.org": true, "gw": true, "xn--bcher-kva.example": true,
		"": false, "127.0.0.1": false, "::1": false, "*.example.org": false, ".example.org": false, "a b": false, "gw.example.org:443": false, "gw.example.org/": false, "localhost": false, "gw.localhost": false,
	} {
		if err := CheckACMEDomain(name); (err == nil) != good {
			t.Errorf("%q: %v", name, err)
		}
	}
}

// A lock is one holder's at a time, and who waits for it may give up.
func TestACMEStorageLocks(t *testing.T) {
	s := newACMEStorage(t.TempDir())
	if err := s.Lock(t.Context(), "a"); err != nil {
		t.Fatal(err)
	}
	if err := s.Lock(t.Context(), "b"); err != nil {
		t.Errorf("another name: %v", err)
	}
	ended, end := context.WithCancel(t.Context())
	end()
	if err := s.Lock(ended, "a"); !errors.Is(err, context.Canceled) {
		t.Errorf("a lock that is held: %v", err)
	}
	var work sync.WaitGroup
	holders := 1 // guarded by the lock
	for range 8 {
		work.Go(func() {
			if err := s.Lock(t.Context(), "a"); err != nil {
				t.Error(err)
				return
			}
			if holders++; holders != 1 {
				t.Errorf("%d hold it", holders)
			}
			holders--
			if err := s.Unlock(t.Context(), "a"); err != nil {
				t.Error(err)
			}
		})
	}
	holders--
	if err := s.Unlock(t.Context(), "a"); err != nil {
		t.Error(err)
	}
	work.Wait()
}
