package tracker

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"strings"
	"testing"
	"time"

	"github.com/coder/websocket"
)

// webServer is a tracker behind an HTTP server, as a gateway has it.
func webServer(t *testing.T, cfg Config, from func(*http.Request) netip.Addr) (*Tracker, string) {
	t.Helper()
	tr := New(cfg)
	t.Cleanup(tr.Close)
	srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { tr.ServeWebSocket(w, r, from(r)) }))
	t.Cleanup(srv.Close)
	return tr, "ws" + strings.TrimPrefix(srv.URL, "http")
}

func fromLoopback(*http.Request) netip.Addr { return netip.MustParseAddr("127.0.0.1") }

// webClient is one end of a WebSocket.
type webClient struct {
	t    *testing.T
	ctx  context.Context
	conn *websocket.Conn
}

func dialWeb(t *testing.T, url string) *webClient {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 30*time.Second)
	t.Cleanup(cancel)
	conn, _, err := websocket.Dial(ctx, url, nil)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { conn.CloseNow() })
	return &webClient{t, ctx, conn}
}

func (c *webClient) send(text string) {
	c.t.Helper()
	if err := c.conn.Write(c.ctx, websocket.MessageText, []byte(text)); err != nil {
		c.t.Fatal(err)
	}
}

// next is the next message, as a map.
func (c *webClient) next() (m map[string]any) {
	c.t.Helper()
	_, text, err := c.conn.Read(c.ctx)
	if err != nil {
		c.t.Fatal(err)
	}
	if err := json.Unmarshal(text, &m); err != nil {
		c.t.Fatal(err)
	}
	return m
}

const webHash = "h\\u00ff234567890123456789" // 20 bytes, one of them no ASCII

func webAnnounce(id string, more string) string {
	return fmt.Sprintf(`{"action":"announce","info_hash":"%s","peer_id":"%s","numwant":5,"uploaded":0%s}`, webHash, id, more)
}

// Two peers find each other: an offer goes to the other one, its answer comes back, and both are counted.
func TestWebSignalling(t *testing.T) {
	tr, url := webServer(t, Config{}, fromLoopback)
	const idA, idB = "AAAAAAAAAAAAAAAAAAAA", "BBBBBBBBBBBBBBBBBBBB"
	a, b := dialWeb(t, url), dialWeb(t, url)
	a.send(webAnnounce(idA, `,"left":0,"event":"started","offers":[]`))
	if m := a.next(); m["complete"] != 1.0 || m["incomplete"] != 0.0 || m["interval"] != float64(webInterval) || m["info_hash"] != "h\u00ff234567890123456789" {
		t.Errorf("%v", m)
	}
	b.send(webAnnounce(idB, `,"left":5,"offers":[{"offer_id":"oooooooooooooooooooo","offer":{"type":"offer","sdp":"v=0","evil":1}},{"offer_id":"2","offer":{"type":"offer","sdp":"x"}}]`))
	if m := b.next(); m["complete"] != 1.0 || m["incomplete"] != 1.0 {
		t.Errorf("%v", m)
	}
	m := a.next()
	if offer := m["offer"].(map[string]any); m["peer_id"] != idB || m["offer_id"] != "oooooooooooooooooooo" || offer["sdp"] != "v=0" || len(offer) != 2 {
		t.Errorf("%v", m)
	}
	a.send(webAnnounce(idA, `,"to_peer_id":"`+idB+`","offer_id":"oooooooooooooooooooo","answer":{"type":"answer","sdp":"v=1"}`))
	m = b.next()
	if answer, _ := m["answer"].(map[string]any); m["peer_id"] != idA || answer["sdp"] != "v=1" {
		t.Errorf("%v", m)
	}
	b.send(`{"action":"scrape","info_hash":["` + webHash + `"]}`)
	files := b.next()["files"].(map[string]any)
	if f := files["h\u00ff234567890123456789"].(map[string]any); f["complete"] != 1.0 || f["incomplete"] != 1.0 {
		t.Errorf("%v", files)
	}
	// Another socket is not the peer whose id it sends.
	c := dialWeb(t, url)
	c.send(webAnnounce(idA, `,"left":5,"offers":[]`))
	if m := c.next(); m["failure reason"] == nil {
		t.Errorf("%v", m)
	}
	a.conn.CloseNow()
	for m = nil; m["complete"] != 0.0; time.Sleep(10 * time.Millisecond) {
		b.send(webAnnounce(idB, `,"left":5,"offers":[]`))
		m = b.next()
	}
	b.send(webAnnounce(idB, `,"event":"stopped"`))
	for stats := tr.Stats(); len(tr.swarmsOfWeb()) > 0; time.Sleep(5 * time.Millisecond) {
		if stats.WebPeers == 0 {
			t.Fatal("a peer that stopped is known")
		}
	}
}

// swarmsOfWeb is the torrents that have peers.
func (t *Tracker) swarmsOfWeb() (all [][20]byte) {
	t.web.mu.Lock()
	defer t.web.mu.Unlock()
	for hash := range t.web.swarms {
		all = append(all, hash)
	}
	return all
}

// What makes no sense is refused in words, and costs nothing that lasts.
func TestWebRefuses(t *testing.T) {
	tr, url := webServer(t, Config{Allowed: func(hash [20]byte) bool { return hash[0] == 'h' }}, fromLoopback)
	c := dialWeb(t, url)
	for _, text := range []string{
		`nonsense`, `[]`, `{}`, `{"action":"announce"}`, `{"action":"announce","info_hash":"short","peer_id":"AAAAAAAAAAAAAAAAAAAA"}`,
		`{"action":"announce","info_hash":"\u0123234567890123456789","peer_id":"AAAAAAAAAAAAAAAAAAAA"}`,
		`{"action":"announce","info_hash":"xxxxxxxxxxxxxxxxxxxx","peer_id":"AAAAAAAAAAAAAAAAAAAA","left":1}`,
		`{"action":"scrape"}`, `{"action":"scrape","info_hash":[]}`, `{"action":"scrape","info_hash":["x"]}`, `{"action":"dance"}`,
	} {
		c.send(text)
		if m := c.next(); m["failure reason"] == nil {
			t.Errorf("%s: %v", text, m)
		}
	}
	if n := len(tr.swarmsOfWeb()); n != 0 {
		t.Errorf("%d torrents", n)
	}
}

// Sockets, torrents of one, and messages a second are bounded.
func TestWebBounds(t *testing.T) {
	tr, url := webServer(t, Config{}, fromLoopback)
	var all []*webClient
	for range MaxPerAddress {
		all = append(all, dialWeb(t, url))
	}
	if _, answer, err := websocket.Dial(t.Context(), url, nil); err == nil || answer == nil || answer.StatusCode != http.StatusServiceUnavailable {
		t.Errorf("one more of an address: %v, %v", answer, err)
	}
	c, refused := all[0], 0
	for i := range maxWebTorrents + 5 {
		c.send(fmt.Sprintf(`{"action":"announce","info_hash":"%020d","peer_id":"AAAAAAAAAAAAAAAAAAAA","left":1}`, i))
		if c.next()["failure reason"] != nil {
			refused++
		}
	}
	if n := len(tr.swarmsOfWeb()); n != maxWebTorrents || refused != 5 {
		t.Errorf("%d torrents of a socket, %d refused", n, refused)
	}
	for range 2 * webMessageBurst {
		if err := c.conn.Write(c.ctx, websocket.MessageText, []byte(`{}`)); err != nil {
			break
		}
	}
	for {
		if _, _, err := c.conn.Read(c.ctx); err != nil {
			if c.ctx.Err() != nil {
				t.Error("a flood is borne")
			}
			break
		}
	}
	d := all[1]
	_ = d.conn.Write(d.ctx, websocket.MessageText, make([]byte, maxWebMessage+1))
	if _, _, err := d.conn.Read(d.ctx); err == nil || d.ctx.Err() != nil {
		t.Errorf("a message of %d bytes: %v", maxWebMessage+1, err)
	}
	tr.Close() // ends the others
	if stats := tr.Stats(); stats.WebPeers != 0 || len(tr.swarmsOfWeb()) != 0 || tr.web.queued.Load() != 0 {
		t.Errorf("%+v, %d bytes queued", stats, tr.web.queued.Load())
	}
}

func FuzzWebMessage(f *testing.F) {
	for _, text := range []string{webAnnounce("AAAAAAAAAAAAAAAAAAAA", `,"left":0,"offers":[{"offer_id":"o","offer":{"type":"offer","sdp":"v"}}]`),
		webAnnounce("AAAAAAAAAAAAAAAAAAAA", `,"to_peer_id":"B","offer_id":"o","answer":{}`), `{"action":"scrape","info_hash":["` + webHash + `"]}`} {
		f.Add([]byte(text))
	}
	tr := New(Config{})
	f.Cleanup(tr.Close)
	f.Fuzz(func(t *testing.T, text []byte) {
		p := &webPeer{t: tr, members: make(map[[20]byte]*member), send: func(b []byte) {
			if !json.Valid(b) {
				t.Errorf("%q", b)
			}
		}}
		p.receive(text)
		if len(p.members) > 1 {
			t.Error("one message, several torrents")
		}
		tr.web.drop(p)
		if len(tr.swarmsOfWeb()) != 0 {
			t.Error("something is left")
		}
	})
}
