package netguard

import (
	"context"
	"net"
	"testing"
	"time"
)

// A socket on which a name was asked for closes when nobody waits for the answer any more.
func TestLookupEndsWithItsClient(t *testing.T) {
	silent, err := net.ListenPacket("udp4", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer silent.Close()
	r := newResolver()
	if r.Dial == nil {
		return // the system's library looks names up here
	}
	dial := r.Dial
	sockets := make(chan net.Conn, 10)
	r.Dial = func(ctx context.Context, _, _ string) (net.Conn, error) {
		nc, err := dial(ctx, "udp4", silent.LocalAddr().String())
		if err == nil {
			sockets <- nc
		}
		return nc, err
	}
	ctx, cancel := context.WithCancel(t.Context())
	ended := make(chan error, 1)
	go func() {
		_, err := New(Policy{Resolver: r}).LookupNetIP(ctx, "ip4", "silent.test")
		ended <- err
	}()
	nc := <-sockets
	cancel()
	if err := <-ended; err == nil {
		t.Error("an answer")
	}
	for end := time.Now().Add(4 * time.Second); ; time.Sleep(time.Millisecond) {
		if err := nc.SetDeadline(time.Time{}); err != nil {
			return // it is closed
		}
		if time.Now().After(end) {
			t.Fatal("the socket is open after its client left")
		}
	}
}
