// Package dht finds the peers of torrents in the distributed hash table (BEP 5,
// BEP 32), and says there which torrents we have.
//
// A [DHT] is one node a family, on the UDP port that has the number of the TCP
// port for peers. A [Search] follows one torrent: it looks for peers at once,
// hands each answer on as it comes, announces us, and does so again as long as
// the torrent is in use. Private torrents (BEP 27) must never be given to it.
//
// [DHT.Get] and [DHT.Put] find and store mutable items (BEP 44): what the owner of a
// key said last. Our nodes store those of others, within bounds.
//
// The routing table, the transactions and the answers to queries are
// github.com/anacrolix/dht's. That library believes in its network: a query
// without arguments ends the process, the name of each unknown method is kept
// for good, malformed packets go to a log, and its limit of packets is the
// process's. So there is a [gate] between it and the socket. What comes is
// parsed and bounded here, and what the library reads was encoded here; what
// leaves goes through the guard of addresses and a limit of our own.
//
// A node that strangers cannot reach asks, and is not asked (BEP 43). It learns
// from those that it asks what its address looks like from outside, and takes a
// node id that belongs to it (BEP 42). The nodes that answered are kept over
// restarts.
package dht
