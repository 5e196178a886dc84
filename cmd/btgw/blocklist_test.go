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
	"github.com/btgw/btgw/internal/reload"
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
	if err != nil {
		t.Fatal(err)
	}
	list := s.engine.blocklist
	bubble.Test(t, func(t *testing.T) {
		host, err := peer.NewHost(peer.HostConfig{Network: netguard.New(netguard.Policy{})})
		if err != nil {
			t.Fatal(err)
		}
		var logged strings.Builder
		log := slog.New(slog.NewTextHandler(&logged, nil))
		watcher := reload.NewWatcher(log)
		block(list, host, watcher, log)
		if !list.Load().Has(netip.MustParseAddr("192.0.2.1")) {
			t.Error("the first list is not in force")
		}
		write("192.0.2.2\n192.0.2.3\nwhat\n")
		time.Sleep(reload.Interval + 1)
		synctest.Wait()
		write("no list\n")
		time.Sleep(reload.Interval)
		synctest.Wait()
		watcher.Close()
		for _, want := range []string{"reloaded\" ranges=2 unread=1", "the version before stays"} {
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
