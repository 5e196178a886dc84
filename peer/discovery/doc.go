// Package discovery finds the peers of a torrent by announcing to its trackers:
// HTTP and HTTPS (BEP 3, 7, 23, 31), UDP (BEP 15, 41), in tiers (BEP 12); one that
// does not say how many peers there are is scraped (BEP 48).
//
// [Announcer] is what the torrents of a process share: a [contact.Gate] that bounds how
// often a host is turned to, and one UDP socket a family. [Trackers] is all of it for one
// torrent. Regular announces follow BEP 12 to
// the letter: one tracker at a time, in order of tiers, the one that answered
// moves to the front of its tier. When a reader waits, [Trackers.Announce] asks
// all tiers at once instead and hands on each answer as it comes.
//
// A tracker's name may have addresses of both families. Each family is an
// endpoint that is announced to on its own (BEP 7, BEP 15), with one key, since
// a tracker tells IPv6 peers about those that came over IPv6 only.
//
// Announce URLs hold passkeys (BEP 27). They leave this package in requests to
// their tracker and nowhere else: what is logged, reported or returned as an
// error names a tracker by its redacted URL, and texts of trackers are cleaned
// of what looks like a key.
//
// What a client has named is a hint: it is used while that client waits (demand.go), and
// bounded by client (known.go). A failure of a host is known to all torrents.
package discovery
