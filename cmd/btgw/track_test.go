package main

import (
	"net/netip"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestReadTrackList(t *testing.T) {
	t.Parallel()
	const v1, v2 = "0123456789abcdef0123456789abcdef01234567", "1220ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff"
	list, err := readTrackList(strings.NewReader("# ours\n\n" + v1 + " # the first\n" + strings.ToUpper(v1) + "\n" + v2 + "\n"))
	if _, ok := list[[20]byte{0x01, 0x23, 0x45, 0x67, 0x89, 0xab, 0xcd, 0xef, 0x01, 0x23, 0x45, 0x67, 0x89, 0xab, 0xcd, 0xef, 0x01, 0x23, 0x45, 0x67}]; err != nil || !ok || len(list) != 2 {
		t.Errorf("%v, %v", list, err)
	}
	if _, err := readTrackList(strings.NewReader(v1 + "\nnone\n")); err == nil || !strings.Contains(err.Error(), "line 2") {
		t.Error(err)
	}
}

// TestTrackFlag asks a btgw for each kind of torrent.
func TestTrackFlag(t *testing.T) {
	t.Parallel()
	const hash = "0123456789abcdef0123456789abcdef01234567"
	file := filepath.Join(t.TempDir(), "list")
	if err := os.WriteFile(file, []byte(hash), 0o600); err != nil {
		t.Fatal(err)
	}
	for value, want := range map[string]string{"own": "not tracked", "open": "8:completei0e", file: "8:completei0e", "off": ""} {
		g := serveOn(t, t.TempDir(), "--track="+value, "--no-dht")
		answer, body := get(t, g.url+"/announce?port=1&left=1&info_hash="+hash)
		if status := map[bool]int{true: 404, false: 200}[value == "off"]; answer.StatusCode != status || !strings.Contains(string(body), want) {
			t.Errorf("--track=%s: %s, %q", value, answer.Status, body)
		}
	}
}

func TestTrackingPeer(t *testing.T) {
	t.Parallel()
	tr := &tracking{self: []netip.Addr{netip.MustParseAddr("192.0.2.1"), netip.MustParseAddr("2001:db8::1")}}
	tr.port.Store(7)
	for client, want := range map[string]string{"127.0.0.1": "127.0.0.1:7", "198.51.100.1": "192.0.2.1:7", "2001:db8::9": "[2001:db8::1]:7"} {
		if got := tr.peer(netip.MustParseAddr(client)); got.String() != want {
			t.Errorf("%s reaches us at %s, want %s", client, got, want)
		}
	}
	tr.self = tr.self[:1]
	if got := tr.peer(netip.MustParseAddr("2001:db8::9")); got.Port() != 0 {
		t.Errorf("%s", got)
	}
}
