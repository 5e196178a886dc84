// Package webseed fetches a torrent's bytes from web servers (BEP 19).
//
// A [Seed] is one URL of one torrent. The scheduler talks to it as to a peer.Conn
// that has everything: it takes peer.Commands and answers by peer.Events. What was
// asked is put together into runs of contiguous blocks, each a range request a file, and
// handed on block by block as it comes. Where the server asks for patience or fails, the
// seed chokes until it tries again.
//
// All of a process's seeds share a [Client]. Each of its connections goes through one
// netguard.Network. Its requests carry a mark, so that a gateway knows its own and does not
// fetch from itself.
//
// Locks: a Seed's dmu, the dialogue with its peer.Download, comes before the locks that the
// Download takes, those before the Seed's mu, and that before the one of its queue.
package webseed
