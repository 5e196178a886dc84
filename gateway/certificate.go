package gateway

import (
	"crypto/tls"
	"fmt"
	"os"
	"sync"
	"time"
)

// A Certificate is a certificate and its key in two PEM files. They are read
// anew after they change, so that a renewal needs no restart. It is safe for
// concurrent use.
type Certificate struct {
	certFile, keyFile string

	mu     sync.Mutex
	pair   *tls.Certificate // guarded by mu, as what follows
	time   [2]time.Time     // of the files' last change
	looked time.Time
}

// LoadCertificate reads the files.
func LoadCertificate(certFile, keyFile string) (*Certificate, error) {
	c := &Certificate{certFile: certFile, keyFile: keyFile}
	c.mu.Lock()
	defer c.mu.Unlock()
	if err := c.load(); err != nil {
		return nil, err
	}
	return c, nil
}

// load reads the files if they changed. mu is held.
func (c *Certificate) load() error {
	var times [2]time.Time
	for i, name := range []string{c.certFile, c.keyFile} {
		stat, err := os.Stat(name)
		if err != nil {
			return fmt.Errorf("certificate: %w", err)
		}
		times[i] = stat.ModTime()
	}
	if c.pair != nil && times == c.time {
		return nil
	}
	pair, err := tls.LoadX509KeyPair(c.certFile, c.keyFile)
	if err != nil {
		return fmt.Errorf("certificate: %w", err)
	}
	c.pair, c.time = &pair, times
	return nil
}

// get gives the certificate for a handshake. While the files are between two
// states, a new certificate with the old key for instance, it is the last one
// that was whole.
func (c *Certificate) get(*tls.ClientHelloInfo) (*tls.Certificate, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if now := time.Now(); now.Sub(c.looked) >= certificateInterval {
		c.looked = now
		_ = c.load() // tried again at the next look
	}
	return c.pair, nil
}

// TLS is what a server speaks that has the certificate.
func (c *Certificate) TLS() *tls.Config {
	return &tls.Config{GetCertificate: c.get, MinVersion: tls.VersionTLS12, NextProtos: []string{"h2", "http/1.1"}}
}
