package gateway

import (
	"bytes"
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
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

// writeCertificate makes a certificate for 127.0.0.1 with a serial number.
func writeCertificate(t *testing.T, dir string, serial int64) (certFile, keyFile string, pool *x509.CertPool) {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	template := &x509.Certificate{SerialNumber: big.NewInt(serial), Subject: pkix.Name{CommonName: "btgw"},
		NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(time.Hour), IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)}}
	der, err := x509.CreateCertificate(rand.Reader, template, template, key.Public(), key)
	if err != nil {
		t.Fatal(err)
	}
	keyDER, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		t.Fatal(err)
	}
	certFile, keyFile = filepath.Join(dir, "cert.pem"), filepath.Join(dir, "key.pem")
	for name, block := range map[string]*pem.Block{certFile: {Type: "CERTIFICATE", Bytes: der}, keyFile: {Type: "PRIVATE KEY", Bytes: keyDER}} {
		if err := os.WriteFile(name, pem.EncodeToMemory(block), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	pool = x509.NewCertPool()
	pool.AppendCertsFromPEM(pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der}))
	return certFile, keyFile, pool
}

// serveTLS starts a server that speaks TLS, with a certificate of the pool's.
func serveTLS(t *testing.T) (*gatewayTest, *x509.CertPool) {
	t.Helper()
	certFile, keyFile, pool := writeCertificate(t, t.TempDir(), 1)
	certificate, err := LoadCertificate(certFile, keyFile)
	if err != nil {
		t.Fatal(err)
	}
	return serve(t, func(cfg *Config) { cfg.TLS = certificate.TLS() }), pool
}

// Over TLS there are HTTP/2 and HTTP/1.1, and nothing in plain text.
func TestTLS(t *testing.T) {
	certFile, keyFile, pool := writeCertificate(t, t.TempDir(), 1)
	certificate, err := LoadCertificate(certFile, keyFile)
	if err != nil {
		t.Fatal(err)
	}
	g := serve(t, func(cfg *Config) { cfg.TLS = certificate.TLS() })
	hash, data := g.single(t, "film.mkv", 3<<20)
	for major, protocols := range map[int]func(*http.Protocols){
		1: func(p *http.Protocols) { p.SetHTTP1(true) },
		2: func(p *http.Protocols) { p.SetHTTP2(true) },
	} {
		transport := &http.Transport{Protocols: new(http.Protocols), TLSClientConfig: &tls.Config{RootCAs: pool}}
		protocols(transport.Protocols)
		client := &http.Client{Transport: transport}
		res, err := client.Get("https://" + g.addr + hash.Path() + "/film.mkv")
		if err != nil {
			t.Fatal(err)
		}
		body, err := io.ReadAll(res.Body)
		res.Body.Close()
		playlist, err2 := client.Get("https://" + g.addr + hash.Path() + "/?format=m3u8")
		if err2 != nil {
			t.Fatal(err2)
		}
		list, err2 := io.ReadAll(playlist.Body)
		playlist.Body.Close()
		if err2 != nil || !strings.Contains(string(list), "https://"+g.addr+hash.Path()+"/film.mkv") {
			t.Errorf("HTTP/%d: a playlist without the scheme: %s %v", major, list, err2)
		}
		client.CloseIdleConnections()
		if err != nil || res.ProtoMajor != major || res.StatusCode != 200 || !bytes.Equal(body, data) {
			t.Errorf("HTTP/%d: %s %d, %d bytes, %v", major, res.Proto, res.StatusCode, len(body), err)
		}
	}
	dir := t.TempDir()
	for _, args := range [][]string{{"--http2"}, {"--http1.1"}} {
		if code := curl(t, dir, append(args, "--cacert", certFile, "-o", "film", "-r", "1000-", "https://"+g.addr+hash.Path())...); code != 0 {
			t.Errorf("curl %v: exit %d", args, code)
		}
		wantFile(t, filepath.Join(dir, "film"), data[1000:])
	}
	if a := g.get(t, hash.Path()+"/film.mkv"); a.status != 400 {
		t.Errorf("in plain text: %d", a.status)
	}
}

// A handshake that does not go on holds up no other, and ends with the server.
func TestTLSHandshakeThatStops(t *testing.T) {
	g, pool := serveTLS(t)
	for range 3 {
		conn, err := net.Dial("tcp", g.addr)
		if err != nil {
			t.Fatal(err)
		}
		defer conn.Close()
		if _, err := conn.Write([]byte("\x16\x03\x01")); err != nil {
			t.Fatal(err)
		}
	}
	for _, protocol := range []string{"", "http/1.1", "h2"} {
		config := &tls.Config{RootCAs: pool}
		if protocol != "" {
			config.NextProtos = []string{protocol}
		}
		conn, err := tls.Dial("tcp", g.addr, config)
		if err != nil {
			t.Fatal(err)
		}
		got := conn.ConnectionState().NegotiatedProtocol
		conn.Close()
		if got != protocol {
			t.Errorf("%q was agreed on for %q", got, protocol)
		}
	}
	if conn, err := tls.Dial("tcp", g.addr, &tls.Config{RootCAs: pool, NextProtos: []string{"tea"}}); err == nil {
		conn.Close()
		t.Error("another protocol is spoken")
	}
	ctx, cancel := context.WithTimeout(context.Background(), readHeaderTimeout/2)
	defer cancel()
	if err := g.Shutdown(ctx); err != nil {
		t.Errorf("the end: %v", err)
	}
}

// A renewed certificate is taken without a restart, a broken one is not.
func TestCertificateReload(t *testing.T) {
	dir := t.TempDir()
	certFile, keyFile, _ := writeCertificate(t, dir, 1)
	c, err := LoadCertificate(certFile, keyFile)
	if err != nil {
		t.Fatal(err)
	}
	serial := func(fails bool) int64 {
		if _, err := c.Reload(false); (err != nil) != fails {
			t.Errorf("reloaded: %v", err)
		}
		pair, err := c.TLS().GetCertificate(nil)
		if err != nil {
			t.Fatal(err)
		}
		return pair.Leaf.SerialNumber.Int64()
	}
	writeCertificate(t, dir, 2)
	stamp := time.Now().Add(time.Second) // file systems' clocks are coarse
	if err := os.Chtimes(certFile, stamp, stamp); err != nil {
		t.Fatal(err)
	}
	if n := serial(false); n != 2 {
		t.Errorf("serial number %d after the renewal", n)
	}
	if err := os.WriteFile(keyFile, []byte("half a key"), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.Chtimes(keyFile, stamp.Add(time.Second), stamp.Add(time.Second)); err != nil {
		t.Fatal(err)
	}
	if n := serial(true); n != 2 {
		t.Errorf("serial number %d after a broken renewal", n)
	}
	if _, err := LoadCertificate(certFile, keyFile); err == nil {
		t.Error("a broken pair is loaded")
	}
}
