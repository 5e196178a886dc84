package gateway

import (
	"crypto/tls"
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
	a, err := NewACME(ACMEConfig{Domains: []string{"gateway.example.org"}, CA: "https://127.0.0.1:1/dir", Dir: t.TempDir(), Listen: ln.Addr(), Log: slog.New(slog.DiscardHandler)})
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
		"": false, "127.0.0.1": false, "::1": false, "*.example.org": false, ".example.org": false, "a b": false, "gw.example.org:443": false, "gw.example.org/": false,
	} {
		if err := CheckACMEDomain(name); (err == nil) != good {
			t.Errorf("%q: %v", name, err)
		}
	}
}
