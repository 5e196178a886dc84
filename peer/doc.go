// Package peer talks to the peers of torrents: it finds, dials and accepts them, speaks
// the protocol, exchanges metadata, and uploads.
//
// There is one Host per process: the listening port, the peer id, the limits on
// connections, and the bans. There is one Swarm per torrent: the addresses known, the
// connections, the choker, the metadata while it is not known, the announces. A Conn is
// one peer.
//
// The caller decides what to download. It implements Demand, which is told what each
// peer has, allows and sends, and answers with requests. Demand also says where blocks
// go, so that their bytes are read from the socket into their place. Uploaded blocks
// come from a Supply. The caller measures how fast things are.
//
// A Host may be one gateway of a fleet (SiblingsConfig). It keeps links with the others
// (fleet.go). In each torrent one of them fetches from outside, and the others from it
// (siblings.go).
//
// # Goroutines
//
// A Conn has two. The reader parses the bytes of each read of the socket and reports
// them in one Update. The writer sends the queue, and reads from the Supply the blocks
// that the peer requested. A dial has one until it becomes a Conn's reader. A Swarm has
// one for timed work: choking rounds, redials, late metadata. A Host has one that
// accepts, and with siblings one that looks them up and two for each link. Close waits for all of them.
//
// # Locks
//
// There are three, taken in this order where they nest: Conn.dmu (the dialogue with
// Demand), Swarm.mu (connections, addresses, slots), Conn.wmu (the write queue).
// The fleet's mu is taken with none of these held. Host.mu comes last and is held for map operations only. No lock is held during I/O,
// nor while Supply is called. Demand is called with the Conn's dmu held.
package peer
