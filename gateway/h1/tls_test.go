package h1

import (
	"crypto/tls"
	"crypto/x509"
	"errors"
	"net"
	"net/http/httptest"
	"syscall"
	"testing"
	"time"
)

// A faultyListener fails before it accepts.
type faultyListener struct {
	net.Listener
	errs []error
}

func (l *faultyListener) Accept() (net.Conn, error) {
	if len(l.errs) > 0 {
		err := l.errs[0]
		l.errs = l.errs[1:]
		return nil, err
	}
	return l.Listener.Accept()
}

// Errors come to who accepts, which goes on after those that pass; connections come as what is
// spoken; and Close ends it, with one that nobody has asked for.
func TestTLSListener(t *testing.T) {
	server := httptest.NewTLSServer(nil) // for its certificate
	defer server.Close()
	pool := x509.NewCertPool()
	pool.AddCert(server.Certificate())
	config := server.TLS.Clone()
	config.NextProtos = []string{"h2", "http/1.1"}
	tcp, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	errs := []error{syscall.EMFILE, syscall.ECONNABORTED}
	ln := NewTLS(Listener{Listener: &faultyListener{tcp, errs}}, config, 10*time.Second)
	for _, want := range errs {
		if _, err := ln.Accept(); !errors.Is(err, want) {
			t.Errorf("%v, not %v", err, want)
		}
	}
	dial := func(protocols ...string) {
		t.Helper()
		conn, err := tls.Dial("tcp", tcp.Addr().String(), &tls.Config{RootCAs: pool, NextProtos: protocols})
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { conn.Close() })
	}
	for _, protocol := range []string{"http/1.1", "h2"} {
		dial(protocol)
		conn, err := ln.Accept()
		if err != nil {
			t.Fatal(err)
		}
		defer conn.Close()
		if _, one := conn.(*tlsConn); one != (protocol == "http/1.1") {
			t.Errorf("%s is a %T", protocol, conn)
		}
	}
	dial("h2")
	if err := ln.Close(); err != nil {
		t.Errorf("Close: %v", err)
	}
	if _, err := ln.Accept(); !errors.Is(err, net.ErrClosed) {
		t.Errorf("after Close: %v", err)
	}
}
