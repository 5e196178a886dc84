// Package conformance checks what an HTTP gateway to BitTorrent swarms owes its clients and
// the caches in front of it. It knows a gateway by its URL alone, so it runs against any, and
// is the test of our own. Run requests one torrent's files, and compares every answer with a
// rule. Each rule names its source: a section of an RFC, or of docs/http.md ("http.md").
//
// Requests are written to the socket as they are, and answers read as they came: an HTTP
// client would hide how they were framed. Bodies are compared with the first whole answer,
// whose length the listing told.
//
// Some rules do not run, and the report says so of each. A rule may need a file that the
// torrent does not have (an empty file, a directory), or a torrent where none was named. It
// may also need a setting of the gateway that was not told: torrents' own hosts, a name, a denylist,
// or a swarm without all of a file.
package conformance
