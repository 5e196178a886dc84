// Package discovery finds the peers of a torrent by announcing to its trackers. It speaks
// HTTP and HTTPS (BEP 3, 7, 23, 31) and UDP (BEP 15, 41), in tiers (BEP 12). It scrapes a
// tracker that does not say how many peers there are (BEP 48).
//
// [Announcer] is shared by the torrents of a process: a [contact.Gate] that bounds the
// contacts with each host, and one UDP socket a family. [Trackers] holds the trackers of
// one torrent. Regular announces follow BEP 12 to the letter. They go to one tracker at a
// time, in order of tiers, and the one that answered moves to the front of its tier. When
// a reader waits, [Trackers.Announce] instead asks all tiers at once and hands on each
// answer as it comes.
//
// A tracker's name may have addresses of both families. Each family is an endpoint of its
// own for announces (BEP 7, BEP 15), with one key, since a tracker tells IPv6 peers only
// about announces that came over IPv6.
//
// Announce URLs hold passkeys (BEP 27). They leave this package in requests to their
// tracker and nowhere else. Logs, reports and errors name a tracker by its redacted URL.
// Texts of trackers are cleaned of everything that looks like a key.
//
// A tracker that a client named is a hint: it is used while that client waits
// (demand.go), and bounded by client (known.go). A failure of a host is known to all
// torrents.
package discovery
