package main

import (
	"crypto/tls"
	"fmt"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"github.com/btgw/btgw/internal/clients"
)

// A certificate is got from an authority for two names, and served; after a restart
// it is still there. The authority is Pebble, which looks for who holds a name.
func TestServeACME(t *testing.T) {
	const name, second = "gateway.example.org", "films.example.org"
	port := clients.FreePort(t)
	authority := clients.StartPebble(t, port)
	t.Setenv("SSL_CERT_FILE", authority.CAFile)
	dir := t.TempDir()
	args := []string{fmt.Sprintf("--listen=127.0.0.1:%d", port), "--acme-domain=" + name + "," + second, "--acme-ca=" + authority.Directory}

	// ask gets /robots.txt by a name.
	ask := func(server string) (*http.Response, error) {
		transport := &http.Transport{
			TLSClientConfig: &tls.Config{RootCAs: authority.Roots, ServerName: server}, ForceAttemptHTTP2: true, DisableKeepAlives: true,
		}
		answer, err := (&http.Client{Transport: transport}).Do(request(t, port, server))
		if err == nil {
			answer.Body.Close()
		}
		return answer, err
	}
	g := serveOn(t, dir, args...)
	if !strings.HasPrefix(g.url, "https://") {
		t.Fatalf("it serves %s", g.url)
	}
	serials := make(map[string]string)
	for _, server := range []string{name, second} {
		var answer *http.Response
		until(t, "a certificate for "+server, func() bool {
			var err error
			answer, err = ask(server)
			return err == nil
		})
		leaf := answer.TLS.PeerCertificates[0]
		if answer.StatusCode != http.StatusOK || answer.ProtoMajor != 2 || leaf.VerifyHostname(server) != nil || !strings.Contains(leaf.Issuer.CommonName, "Pebble") {
			t.Errorf("%s %s with the certificate of %v by %v", answer.Proto, answer.Status, leaf.DNSNames, leaf.Issuer)
		}
		serials[server] = leaf.SerialNumber.String()
	}
	if _, err := ask("other.example.org"); err == nil {
		t.Error("it has a certificate for a name that nobody configured")
	}
	if found, _ := filepath.Glob(filepath.Join(dir, acmeDir, "certificates", "*", "*", "*.key")); len(found) != 2 {
		t.Errorf("keys: %v", found)
	}
	if folder, err := os.Stat(filepath.Join(dir, acmeDir)); err != nil || folder.Mode().Perm() != 0o700 {
		t.Errorf("the folder of the keys: %v, %v", folder, err)
	}
	g.signal(syscall.SIGTERM)
	if status := g.status(); status != 0 {
		t.Errorf("exit status %d", status)
	}

	serveOn(t, dir, args...)
	for server, serial := range serials {
		var answer *http.Response
		until(t, "the certificate for "+server, func() bool {
			var err error
			answer, err = ask(server)
			return err == nil
		})
		if got := answer.TLS.PeerCertificates[0].SerialNumber.String(); got != serial {
			t.Errorf("another certificate for %s after a restart", server)
		}
	}
}

// request is for the gateway at a port, by its name.
func request(t *testing.T, port int, host string) *http.Request {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, fmt.Sprintf("https://%s/robots.txt", net.JoinHostPort("127.0.0.1", fmt.Sprint(port))), nil)
	if err != nil {
		t.Fatal(err)
	}
	r.Host = host
	return r
}
