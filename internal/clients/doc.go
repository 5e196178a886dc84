// Package clients starts real BitTorrent clients for tests: libtorrent,
// Transmission, aria2, qBittorrent and rTorrent as seeders and leechers,
// opentracker, aria2 as an HTTP client; and makes torrents for them, and
// connections as slow as those of the internet.
//
// Each client runs on 127.0.0.1 with a port and a folder of its own, talks to
// nobody but those that the test names (no DHT, no local discovery, no peer
// exchange unless it is asked for), and is ready when the function that starts it returns. It is
// killed, with all that it started, and waited for at the end of the test; what
// it printed is logged where the test has failed.
//
// Every failure ends the test, a missing program too: the message names its
// Debian package. So the functions have to be called from the goroutine of the
// test, except where their comment says otherwise.
//
// What these clients do that a test has to know:
//
//   - libtorrent 2.0.8 spares peers on local addresses its rate limits and its
//     choker. Here it is told to treat them like others.
//   - A libtorrent that seeds unverified (Seed with seedMode) hashes nothing that
//     it uploads: with Payload.Corrupt it is a liar.
//   - Transmission 3.00 never dials a loopback address: it has to be
//     dialled. It unchokes at a tick of 10 s.
//   - Transmission and rTorrent have one connection with an address, whatever the
//     ports: two peers of one test need two loopback addresses.
//   - rTorrent takes no torrent without a tracker while it has no DHT node, and
//     forgets the peers that it was told of when a magnet link is resolved.
//   - aria2 1.36 takes peers from trackers alone, not from magnet links, and
//     speaks to UDP trackers only where it runs a DHT node: here to none. It
//     asks HTTP trackers again every few seconds.
//   - opentracker serves the torrents of its whitelist alone.
package clients
