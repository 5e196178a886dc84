// Package clients starts real BitTorrent clients for tests. libtorrent, Transmission,
// aria2, qBittorrent and rTorrent seed and leech, opentracker tracks, and aria2 is an
// HTTP client too. The package also makes torrents for them, and connections as slow as
// those of the internet.
//
// Each client runs on 127.0.0.1 with a port and a folder of its own. It talks only to
// the peers and trackers that the test names: no DHT, no local discovery, and no peer
// exchange unless the test asks for it. It is ready when the function that starts it
// returns. At the end of the test it is killed, with all the processes that it started,
// and waited for. Its output is logged if the test failed.
//
// Every failure ends the test, a missing program too: the message names its Debian
// package. So the functions have to be called from the goroutine of the test, except
// where their comment says otherwise.
//
// A test has to know these habits of the clients:
//
//   - libtorrent 2.0.8 exempts peers on local addresses from its rate limits and its
//     choker. Here it is told to treat them like others.
//   - A libtorrent that seeds unverified (Seed with seedMode) does not hash what it
//     uploads: with Payload.Corrupt it is a liar.
//   - Transmission 3.00 never dials a loopback address: it has to be dialled. It
//     unchokes at a tick of 10 s.
//   - Transmission and rTorrent have one connection with an address, whatever the
//     ports: two peers of one test need two loopback addresses.
//   - rTorrent takes no torrent without a tracker while it has no DHT node. It forgets
//     the peers that it was told of when a magnet link is resolved.
//   - aria2 1.36 takes peers from trackers only, not from magnet links. It speaks to
//     UDP trackers only where it runs a DHT node, so here to none. It asks HTTP
//     trackers again every few seconds.
//   - opentracker serves the torrents of its whitelist only.
package clients
