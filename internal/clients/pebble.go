package clients

import (
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"encoding/json"
	"encoding/pem"
	"errors"
	"fmt"
	"math/big"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"testing"
	"time"

	"golang.org/x/net/dns/dnsmessage"
)

var pebbleProgram = program{"pebble", "pebble"}

// Pebble is a certificate authority (RFC 8555) of Let's Encrypt's making, for tests.
// To it, every name is 127.0.0.1.
type Pebble struct {
	Directory string         // URL
	CAFile    string         // PEM of what its own server is known by
	Roots     *x509.CertPool // of the certificates that it gives
}

// StartPebble starts an authority that looks for the holder of a name at tlsPort.
func StartPebble(tb testing.TB, tlsPort int) *Pebble {
	tb.Helper()
	dir := tb.TempDir()
	caFile, keyFile, own := pebbleCertificate(tb, dir)
	api, management := loopback(FreePort(tb)), loopback(FreePort(tb))
	config, err := json.Marshal(map[string]any{"pebble": map[string]any{
		"listenAddress": api, "managementListenAddress": management, "certificate": caFile, "privateKey": keyFile,
		"httpPort": 1, "tlsPort": tlsPort,
	}})
	configFile := filepath.Join(dir, "pebble.json")
	if err == nil {
		err = os.WriteFile(configFile, config, 0o600)
	}
	if err != nil {
		tb.Fatal(err)
	}
	p := newProcess(tb, pebbleProgram, dir, "-config", configFile, "-strict", "-dnsserver", everyNameIsHere(tb))
	p.cmd.Env = append(os.Environ(), "PEBBLE_VA_NOSLEEP=1", "PEBBLE_WFE_NONCEREJECT=0")
	p.start()
	client := http.Client{Transport: &http.Transport{TLSClientConfig: &tls.Config{RootCAs: own}, DisableKeepAlives: true}}
	pb := &Pebble{Directory: "https://" + api + "/dir", CAFile: caFile, Roots: x509.NewCertPool()}
	ctx, cancel := context.WithTimeout(tb.Context(), readyTimeout)
	defer cancel()
	until(ctx, tb, p, "its root was known", func() (bool, string) {
		root, err := fetch(ctx, &client, "https://"+management+"/roots/0")
		return err == nil && pb.Roots.AppendCertsFromPEM(root), fmt.Sprint(err)
	})
	until(ctx, tb, p, "it answered", func() (bool, string) {
		_, err := fetch(ctx, &client, pb.Directory)
		return err == nil, fmt.Sprint(err)
	})
	return pb
}

// pebbleCertificate makes what an authority's own server shows.
func pebbleCertificate(tb testing.TB, dir string) (certFile, keyFile string, pool *x509.CertPool) {
	tb.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		tb.Fatal(err)
	}
	template := &x509.Certificate{SerialNumber: big.NewInt(1), NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(24 * time.Hour),
		IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)}}
	cert, err := x509.CreateCertificate(rand.Reader, template, template, key.Public(), key)
	if err != nil {
		tb.Fatal(err)
	}
	secret, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		tb.Fatal(err)
	}
	certFile, keyFile = filepath.Join(dir, "api.pem"), filepath.Join(dir, "api.key")
	chain := pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: cert})
	err = errors.Join(os.WriteFile(certFile, chain, 0o600),
		os.WriteFile(keyFile, pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: secret}), 0o600))
	if err != nil {
		tb.Fatal(err)
	}
	pool = x509.NewCertPool()
	pool.AppendCertsFromPEM(chain)
	return certFile, keyFile, pool
}

// everyNameIsHere answers DNS queries until the end of the test: the address of each
// name is 127.0.0.1, and there is nothing else. It returns where.
func everyNameIsHere(tb testing.TB) string {
	tb.Helper()
	conn, err := net.ListenPacket("udp", "127.0.0.1:0")
	if err != nil {
		tb.Fatal(err)
	}
	over := make(chan struct{})
	tb.Cleanup(func() { conn.Close(); <-over })
	go func() {
		defer close(over)
		b := make([]byte, 1500)
		for {
			n, from, err := conn.ReadFrom(b)
			if err != nil {
				return
			}
			var m dnsmessage.Message
			if m.Unpack(b[:n]) != nil || len(m.Questions) != 1 {
				continue
			}
			m.Response, m.Authoritative, m.Additionals = true, true, nil
			if q := m.Questions[0]; q.Type == dnsmessage.TypeA {
				m.Answers = []dnsmessage.Resource{{
					Header: dnsmessage.ResourceHeader{Name: q.Name, Class: q.Class, Type: q.Type},
					Body:   &dnsmessage.AResource{A: [4]byte{127, 0, 0, 1}},
				}}
			}
			if answer, err := m.Pack(); err == nil {
				_, _ = conn.WriteTo(answer, from)
			}
		}
	}()
	return conn.LocalAddr().String()
}

// fetch gets a document.
func fetch(ctx context.Context, client *http.Client, url string) ([]byte, error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, url, nil)
	if err != nil {
		return nil, err
	}
	resp, body, err := roundTripBy(client, req)
	if err == nil && resp.StatusCode != http.StatusOK {
		err = statusError(resp, body)
	}
	return body, err
}
