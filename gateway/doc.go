// Package gateway serves torrents over HTTP. It knows URLs, ranges, headers, pages and limits; a
// [Backend] knows the swarm.
//
// A request for content goes through these files, in order:
//
//   - server.go: our own http.Server, and draining
//   - routes.go: gin, middleware
//   - hosts.go, path.go and hints.go: the torrent, the path and the hints
//   - denylist.go: whether it is denied
//   - limit/streams.go: whether there is a place
//   - content.go: the file or directory that the path names
//   - file.go: validators, ranges
//   - cachestate.go: how much of it is here
//   - send.go, over response.go: the body
//
// Ranges are taken of a source: a file, or an archive (tar.go). A failure becomes a problem
// (problem.go, fail.go) and a document or a page (answer.go). Listings are in listing.go.
//
// Three rules hold everywhere:
//
//   - A header is sent when the answer is certain: the metadata is known and the first bytes are
//     verified. Until then a failure has a status and a reason. After it a failure cuts the
//     connection, so that the client sees a short transfer.
//   - Nothing of a torrent reaches a header, a page or a log unescaped. Names are arbitrary bytes
//     chosen by strangers.
//   - limits.go bounds the cost of a request before the swarm is asked.
//
// The administration server (admin.go) belongs on a listener of its own.
package gateway
