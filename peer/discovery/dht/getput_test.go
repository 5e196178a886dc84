package dht

import (
	"context"
	"crypto/ed25519"
	"encoding/hex"
	"errors"
	"net/netip"
	"testing"
	"time"

	"github.com/btgw/btgw/internal/clients"
)

func unhex(t *testing.T, s string) []byte {
	t.Helper()
	b, err := hex.DecodeString(s)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func soon(t *testing.T) context.Context {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 2*awaitTime)
	t.Cleanup(cancel)
	return ctx
}

// An item is found by another node, in its newest form, and not under another salt.
func TestGetPut(t *testing.T) {
	all := startNodes(t, 6)
	var last Item
	for seq := range int64(3) {
		last = signItem(t, "name", seq, "d2:ih20:"+hash20+"e")
		taken, newer, err := all[1].Put(soon(t), last)
		if err != nil || newer != nil || taken == 0 {
			t.Fatalf("%d nodes took it, %v newer, %v", taken, newer, err)
		}
	}
	got, err := all[4].Get(soon(t), last.Key, []byte("name"), netip.Prefix{})
	if err != nil || got.Seq != 2 || string(got.Value) != string(last.Value) || !got.Valid() {
		t.Errorf("got %+v, %v", got, err)
	}
	if _, err := all[4].Get(soon(t), last.Key, []byte("other"), netip.Prefix{}); !errors.Is(err, ErrNoItem) {
		t.Errorf("another salt: %v", err)
	}
	if _, newer, err := all[2].Put(soon(t), signItem(t, "name", 1, "1:x")); err != nil || newer == nil || newer.Seq != 2 {
		t.Errorf("a put of what is old: %+v, %v", newer, err)
	}
	if _, newer, err := all[2].Put(soon(t), signItem(t, "name", 2, "1:x")); err != nil || newer == nil || string(newer.Value) != string(last.Value) {
		t.Errorf("a put of something else of the same number: %+v, %v", newer, err)
	}
	bad := last
	bad.Seq++
	if _, _, err := all[1].Put(soon(t), bad); !errors.Is(err, ErrItem) {
		t.Errorf("a put of what nobody signed: %v", err)
	}
}

// What btgw puts libtorrent gets, and the other way round, out of nodes of libtorrent.
func TestItemsOfLibtorrent(t *testing.T) {
	t.Parallel()
	nodes := clients.StartDHT(t, 12)
	d := startNode(t, Config{Bootstrap: nodes.Addrs()[:2]})
	l := clients.StartLibtorrent(t, clients.LibtorrentOptions{Settings: map[string]any{"enable_dht": true}})
	l.KnowNode(nodes.Addrs()[0])
	exchangeItems(t, d, l)
}

// Two libtorrents have one node between them, ours, which stores for both.
func TestItemsStoredForLibtorrent(t *testing.T) {
	t.Parallel()
	d := startNodes(t, 1)[0]
	var all []*clients.Libtorrent
	for range 2 {
		l := clients.StartLibtorrent(t, clients.LibtorrentOptions{Settings: map[string]any{"enable_dht": true}})
		l.KnowNode(d.addr())
		all = append(all, l)
	}
	public := testKey.Public().(ed25519.PublicKey)
	all[0].PutItem(testKey, []byte("salt"), "kept by a stranger")
	await(t, "the other one gets it", func() bool {
		text, _ := all[1].GetItem(public, []byte("salt"))
		return text == "'kept by a stranger'"
	})
}

func exchangeItems(t *testing.T, d *DHT, l *clients.Libtorrent) {
	t.Helper()
	public := testKey.Public().(ed25519.PublicKey)
	it := signItem(t, "ours", 41, "d2:ih20:"+hash20+"e")
	await(t, "nodes take an item", func() bool {
		taken, _, err := d.Put(soon(t), it)
		return err == nil && taken > 1
	})
	await(t, "libtorrent gets it", func() bool {
		text, seq := l.GetItem(public, []byte("ours"))
		return seq == 41 && text == "{ 'ih': '"+hash20+"' }"
	})
	l.PutItem(testKey, []byte("theirs"), "a text")
	await(t, "we get what libtorrent put", func() bool {
		got, err := d.Get(soon(t), it.Key, []byte("theirs"), netip.Prefix{})
		return err == nil && string(got.Value) == "6:a text" && got.Seq >= 1
	})
	begun := time.Now()
	if _, err := d.Get(soon(t), it.Key, []byte("ours"), netip.Prefix{}); err != nil {
		t.Error(err)
	}
	t.Logf("asked anew in %v", time.Since(begun))
}
