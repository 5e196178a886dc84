// Package peer talks to the peers of torrents: it finds, dials and accepts
// them, speaks the protocol, exchanges metadata, and uploads.
//
// A Host is one per process: the listening port, the peer id, the limits on
// connections, and the bans. A Swarm is one per torrent: the addresses known,
// the connections, the choker, the metadata while it is not known, the
// announces. A Conn is one peer.
//
// What to download is not decided here. A Demand, implemented by the caller, is
// told what each peer has, allows and sends, and answers with requests; where
// blocks go it says too, so that their bytes are read from the socket into their
// place. What is uploaded comes from a Supply. How fast things are is for the
// caller to measure.
//
// # Goroutines
//
// A Conn has two: the reader parses what each read of the socket brought and
// reports it in one Update; the writer sends what was queued, and reads from the
// Supply the blocks that the peer asked for. A dial has one until it becomes a
// Conn's reader. A Swarm has one for what time brings: choking rounds, redials,
// late metadata. A Host has one that accepts. Close waits for all of them.
//
// # Locks
//
// Three, taken in this order where they nest: Conn.dmu (the dialogue with
// Demand), Swarm.mu (connections, addresses, slots), Conn.wmu (the write queue).
// Host.mu comes last and is held for map operations alone. No lock is held
// during I/O, nor while Supply is called; Demand is called with the Conn's dmu
// held.
package peer
