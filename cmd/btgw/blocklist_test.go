package main

import (
	"context"
	"log/slog"
	"net/netip"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/btgw/btgw/internal/bubble"
	"github.com/btgw/btgw/peer"
	"github.com/btgw/btgw/peer/netguard"
)

func TestBlocklistIsReadAgain(t *testing.T) {
	path := filepath.Join(t.TempDir(), "list")
	write := func(text string) {
		t.Helper()
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	write("192.0.2.1\n")
	s, err := serveSettings(t, "--blocklist="+path)
	if err != nil || !s.engine.blocked.Has(netip.MustParseAddr("192.0.2.1")) {
		t.Fatalf("%+v, %v", s.engine.blocked, err)
	}
	b := s.engine.blocklist
	if list, err := b.read(); list != nil || err != nil {
		t.Errorf("the same file: %v, %v", list, err)
	}
	bubble.Test(t, func(t *testing.T) {
		host, err := peer.NewHost(peer.HostConfig{Network: netguard.New(netguard.Policy{})})
		if err != nil {
			t.Fatal(err)
		}
		var logged strings.Builder
		ctx, cancel := context.WithCancel(t.Context())
		go b.watch(ctx, host, slog.New(slog.NewTextHandler(&logged, nil)))
		write("192.0.2.2\n192.0.2.3\nwhat\n")
		time.Sleep(blocklistInterval + 1)
		synctest.Wait()
		write("no list\n")
		time.Sleep(blocklistInterval)
		cancel()
		synctest.Wait()
		for _, want := range []string{"reloaded\" ranges=2 unread=1", "stays in force"} {
			if !strings.Contains(logged.String(), want) {
				t.Errorf("no %q in\n%s", want, logged.String())
			}
		}
		if err := host.Close(context.Background()); err != nil {
			t.Error(err)
		}
	})
	if _, err := serveSettings(t, "--blocklist="+path); err == nil || !strings.Contains(err.Error(), "--blocklist: ") {
		t.Errorf("a file that is no list: %v", err)
	}
}
