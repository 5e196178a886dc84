package gateway

import (
	"crypto/tls"
	"fmt"
	"os"
	"sync"
	"sync/atomic"
	"time"

	"github.com/btgw/btgw/internal/reload"
)

// A Certificate is a certificate and its key in two PEM files. As a [reload.Source] it
// is read anew after they change, so that a renewal needs no restart. While the files
// are between two states, a new certificate with the old key for instance, the last
// one that was whole stays in force. It is safe for concurrent use.
type Certificate struct {
	certFile, keyFile string
	pair              atomic.Pointer[tls.Certificate]

	mu   sync.Mutex
	time [2]time.Time // guarded by mu: of the last change of the files that pair is from
}

var _ reload.Source = (*Certificate)(nil)

// LoadCertificate reads the files.
func LoadCertificate(certFile, keyFile string) (*Certificate, error) {
	c := &Certificate{certFile: certFile, keyFile: keyFile}
	if _, err := c.Reload(true); err != nil {
		return nil, err
	}
	return c, nil
}

// Name implements [reload.Source].
func (c *Certificate) Name() string { return c.certFile }

// Reload implements [reload.Source].
func (c *Certificate) Reload(force bool) (changed bool, err error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	var times [2]time.Time
	for i, name := range []string{c.certFile, c.keyFile} {
		stat, err := os.Stat(name)
		if err != nil {
			return false, fmt.Errorf("certificate: %w", err)
		}
		times[i] = stat.ModTime()
	}
	if !force && times == c.time {
		return false, nil
	}
	pair, err := tls.LoadX509KeyPair(c.certFile, c.keyFile)
	if err != nil {
		return false, fmt.Errorf("certificate: %w", err)
	}
	c.pair.Store(&pair)
	c.time = times
	return true, nil
}

// TLS is what a server speaks that has the certificate.
func (c *Certificate) TLS() *tls.Config {
	get := func(*tls.ClientHelloInfo) (*tls.Certificate, error) { return c.pair.Load(), nil }
	return &tls.Config{GetCertificate: get, MinVersion: tls.VersionTLS12, NextProtos: []string{"h2", "http/1.1"}}
}
