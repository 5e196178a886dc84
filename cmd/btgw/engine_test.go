package main

import (
	"context"
	"errors"
	"log/slog"
	"net"
	"strings"
	"syscall"
	"testing"

	"github.com/btgw/btgw/peer"
	"github.com/btgw/btgw/peer/netguard"
)

// hostOn starts a host on an address of loopback, with a node of the DHT.
func hostOn(t *testing.T, address string, anyPort bool) (port int, log string, err error) {
	t.Helper()
	var lines lockedBuffer
	host, err := newHost(peer.HostConfig{
		Network: netguard.New(netguard.Policy{AllowPrivate: true}), Listen: address,
		DHT: &peer.DHTConfig{}, Log: slog.New(slog.NewTextHandler(&lines, nil)),
	}, anyPort)
	if err != nil {
		return 0, lines.String(), err
	}
	if err := host.Close(context.Background()); err != nil {
		t.Error(err)
	}
	return host.Port(), lines.String(), nil
}

// A peer port that nobody asked for gives way to what has it: TCP, or UDP, of which the
// DHT has the same port.
func TestPeerPortGivesWay(t *testing.T) {
	t.Parallel()
	tcp, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer tcp.Close()
	udp, err := net.ListenPacket("udp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer udp.Close()
	for name, address := range map[string]string{"TCP": tcp.Addr().String(), "UDP": udp.LocalAddr().String()} {
		t.Run(name, func(t *testing.T) {
			_, _, err := hostOn(t, address, false)
			if !errors.Is(err, syscall.EADDRINUSE) {
				t.Errorf("asked for: %v", err)
			}
			port, log, err := hostOn(t, address, true)
			if _, taken, _ := net.SplitHostPort(address); err != nil || port == 0 || !strings.Contains(log, "asked="+address) || !strings.Contains(log, "port=") {
				t.Errorf("in place of port %s: %d, %v, %q", taken, port, err, log)
			}
		})
	}
}

func TestPortAfter(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		listen string
		n      int
		want   string
	}{
		{":22069", 1, ":22070"},
		{"[::1]:22069", 2, "[::1]:22071"},
		{":22069", peerPortTries, ":0"},
		{"127.0.0.1:65535", 1, "127.0.0.1:0"},
	} {
		if got := portAfter(test.listen, test.n); got != test.want {
			t.Errorf("%s, %d: %s, want %s", test.listen, test.n, got, test.want)
		}
	}
}
