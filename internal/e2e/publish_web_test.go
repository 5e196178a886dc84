package e2e

import (
	"context"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"os"
	"strings"
	"testing"

	"github.com/btgw/btgw/internal/clients"
	"github.com/btgw/btgw/metainfo"
)

// signalling has two peers of a torrent in a page find each other by a WebSocket tracker, with WebTorrent's messages and the
// WebRTC of the browser: one makes an offer, the other one answers it. It gives what each sent and what the other one got.
const signalling = `(async (tracker, hash) => {
	const bytes = hex => hex.match(/../g).map(b => String.fromCharCode(parseInt(b, 16))).join('')
	const peer = id => new Promise((ready, fail) => {
		const socket = new WebSocket(tracker), got = [], waiting = []
		socket.onmessage = e => {
			got.push(JSON.parse(e.data))
			for (const look of waiting) look()
		}
		socket.onerror = () => fail(new Error('no WebSocket'))
		socket.onopen = () => ready({
			id,
			send: m => socket.send(JSON.stringify({ action: 'announce', info_hash: bytes(hash), peer_id: id, ...m })),
			gets: is => new Promise(found => {
				const look = () => { const m = got.find(is); if (m) found(m) }
				waiting.push(look)
				look()
			}),
			close: () => socket.close(),
		})
	})
	const seed = await peer('-WW0000-aaaaaaaaaaaa'), leech = await peer('-WW0000-\u00ff\u0001"\\bbbbbbbb')
	seed.send({ event: 'started', left: 0, numwant: 0, offers: [] })
	const counted = await seed.gets(m => 'interval' in m)
	const from = new RTCPeerConnection(), to = new RTCPeerConnection()
	from.createDataChannel('torrent')
	const offer = await from.createOffer()
	await from.setLocalDescription(offer)
	leech.send({ event: 'started', left: 5, numwant: 1, offers: [{ offer_id: 'offer-of-twenty-byte', offer: { type: offer.type, sdp: offer.sdp } }] })
	const offered = await seed.gets(m => m.offer)
	await to.setRemoteDescription(offered.offer)
	const answer = await to.createAnswer()
	await to.setLocalDescription(answer)
	seed.send({ answer: { type: answer.type, sdp: answer.sdp }, to_peer_id: offered.peer_id, offer_id: offered.offer_id })
	const answered = await leech.gets(m => m.answer)
	await from.setRemoteDescription(answered.answer)
	const states = [from.signalingState, to.signalingState]
	from.close()
	to.close()
	seed.close()
	leech.close()
	return {
		counted: counted.complete + '/' + counted.incomplete,
		offer: offered.offer.sdp === offer.sdp && offered.offer.type === 'offer', from: offered.peer_id === leech.id && offered.offer_id === 'offer-of-twenty-byte',
		answer: answered.answer.sdp === answer.sdp && answered.answer.type === 'answer', by: answered.peer_id === seed.id && answered.offer_id === 'offer-of-twenty-byte',
		states: states.join(),
	}
})`

// TestPublishedIsTrackedForBrowsers has a browser's peers of what is published signal to each other through the WebSocket tracker
// that the .torrent names.
func TestPublishedIsTrackedForBrowsers(t *testing.T) {
	t.Parallel()
	g, all := published(t, metainfo.Hybrid, 1, "--no-dht")
	p := all[0]
	tracker := handedOut(t, g, p).Trackers[1][0]
	if !strings.HasPrefix(tracker, "ws://") {
		t.Fatal(tracker)
	}
	page := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "text/html")
		_, _ = w.Write([]byte("<!DOCTYPE html><title>a site of somebody else</title>"))
	}))
	defer page.Close()
	ctx, cancel := context.WithTimeout(t.Context(), leechTime)
	defer cancel()
	browser := clients.StartChromium(ctx, t)
	browser.Open(page.URL)
	arguments, err := json.Marshal([]string{tracker, p.Hash.String()})
	if err != nil {
		t.Fatal(err)
	}
	var got struct {
		Counted, States         string
		Offer, From, Answer, By bool
	}
	browser.Evaluate(signalling+"(..."+string(arguments)+")", &got)
	if got.Counted != "1/0" || got.States != "stable,stable" || !got.Offer || !got.From || !got.Answer || !got.By {
		t.Errorf("%+v", got)
	}
}

// TestPublishedIsTrackedForWebTorrent has two WebTorrents in node find each other through the WebSocket tracker alone: what one
// has, the other gets by WebRTC. It wants what scripts/install-partners puts into place, as make interop does.
func TestPublishedIsTrackedForWebTorrent(t *testing.T) {
	t.Parallel()
	if os.Getenv(clients.PartnersVariable) == "" {
		return
	}
	g, all := published(t, metainfo.V1, 1, "--no-dht")
	p := all[0]
	tracker := handedOut(t, g, p).Trackers[1][0]
	if !strings.HasPrefix(tracker, "ws://") {
		t.Fatal(tracker)
	}
	path, _ := only(t, p, tracker, "")
	clients.SeedWebTorrent(t, p, clients.PartnerOptions{File: path, WebRTC: true})
	dir := t.TempDir()
	leech := clients.LeechWebTorrent(t, p, dir, clients.PartnerOptions{File: path, WebRTC: true})
	ctx, cancel := context.WithTimeout(t.Context(), leechTime)
	defer cancel()
	leech.WaitFinished(ctx)
	p.CheckCopy(t, dir)
	if st := g.status(p.Hash); st.Uploaded != 0 {
		t.Errorf("btgw sent %d bytes: they did not find each other", st.Uploaded)
	}
}
