package main

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"encoding/pem"
	"io"
	"math/big"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// selfSigned writes a certificate for 127.0.0.1 and its key.
func selfSigned(t *testing.T) (certFile, keyFile string, pool *x509.CertPool) {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	template := &x509.Certificate{SerialNumber: big.NewInt(1), NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(time.Hour),
		IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)}}
	der, err := x509.CreateCertificate(rand.Reader, template, template, key.Public(), key)
	if err != nil {
		t.Fatal(err)
	}
	keyDER, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	certFile, keyFile = filepath.Join(dir, "cert.pem"), filepath.Join(dir, "key.pem")
	cert := pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der})
	for name, data := range map[string][]byte{certFile: cert, keyFile: pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: keyDER})} {
		if err := os.WriteFile(name, data, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	pool = x509.NewCertPool()
	pool.AppendCertsFromPEM(cert)
	return certFile, keyFile, pool
}

// The whole program over TLS, and what its denylist names goes while it runs.
func TestServeTLSAndDenylist(t *testing.T) {
	t.Parallel()
	s := newSwarm(t, 1, 24<<20, "film.bin", demoFile{nil, 1 << 20, noise(4)})
	certFile, keyFile, pool := selfSigned(t)
	list := filepath.Join(t.TempDir(), "deny")
	if err := os.WriteFile(list, []byte("# nothing\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	g := serveOn(t, t.TempDir(), "--tls-cert="+certFile, "--tls-key="+keyFile, "--denylist="+list, "--hide-cache-state", "--trusted-proxy=127.0.0.1")
	if !strings.HasPrefix(g.url, "https://") {
		t.Fatalf("it serves %s", g.url)
	}
	transport := &http.Transport{TLSClientConfig: &tls.Config{RootCAs: pool}, ForceAttemptHTTP2: true}
	defer transport.CloseIdleConnections()
	hash := s.torrent.Info.ID()
	fetch := func() (*http.Response, int) {
		t.Helper()
		answer, err := (&http.Client{Transport: transport}).Get(g.url + hash.Path() + "/film.bin?tr=" + s.announce)
		if err != nil {
			t.Fatal(err)
		}
		defer answer.Body.Close()
		n, err := io.Copy(io.Discard, answer.Body)
		if err != nil {
			t.Fatal(err)
		}
		return answer, int(n)
	}
	if answer, n := fetch(); answer.StatusCode != http.StatusOK || answer.ProtoMajor != 2 || n != 1<<20 || answer.Header.Get("Cache-Status") != "" {
		t.Errorf("%s %s, %d bytes, %v", answer.Proto, answer.Status, n, answer.Header)
	}
	if answer, _ := get(t, g.admin+"/api/v1/torrents/"+hash.String()); answer.StatusCode != http.StatusOK {
		t.Errorf("the API: %s", answer.Status)
	}
	if err := os.WriteFile(list, []byte(hash.Path()+" reason=legal\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	until(t, "what is denied is gone", func() bool {
		answer, _ := get(t, g.admin+"/api/v1/torrents/"+hash.String())
		return answer.StatusCode == http.StatusNotFound
	})
	if answer, _ := fetch(); answer.StatusCode != http.StatusUnavailableForLegalReasons {
		t.Errorf("a denied torrent: %s", answer.Status)
	}
}
