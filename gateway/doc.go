// Package gateway serves torrents over HTTP. It knows URLs, ranges, headers,
// pages and limits; what a swarm is it leaves to a [Backend].
//
// A request for content goes through these files, in order: server.go (our own
// http.Server, draining), routes.go (gin, middleware), hosts.go, path.go and
// hints.go (what is asked for), denylist.go, limit (is there a place),
// content.go (what the path names), file.go (validators, ranges), cachestate.go
// (what of it is here), send.go (the body), with response.go under it. Ranges are
// taken of a source: a file, or an archive (tar.go). What goes wrong becomes a problem (problem.go,
// fail.go) and a document or a page (answer.go). Listings are in listing.go.
//
// Three rules hold everywhere:
//   - A header is sent when the answer is certain: the metadata is known and
//     the first bytes are verified. Until then a failure has a status and a
//     reason; after it a failure cuts the connection, so that the client sees a
//     short transfer.
//   - Nothing of a torrent reaches a header, a page or a log unescaped. Names
//     are arbitrary bytes chosen by strangers.
//   - What a request costs before the swarm is asked is bounded by limits.go.
//
// The administration server (admin.go) belongs on a listener of its own.
package gateway
