// Package dht finds the peers of torrents in the distributed hash table (BEP 5, BEP
// 32), and announces there which torrents we have.
//
// A [DHT] is one node a family, on the UDP port that has the number of the TCP port for
// peers. A [Search] follows one torrent: it looks for peers at once, hands each answer
// on as it comes, and announces us. It repeats this as long as the torrent is in use.
// Private torrents (BEP 27) must never be given to it.
//
// [DHT.Get] and [DHT.Put] find and store mutable items (BEP 44): the last statement of
// a key's owner. Our nodes store those of others, within bounds.
//
// The routing table, the transactions and the answers to queries are those of
// github.com/anacrolix/dht. That library believes in its network. A query without
// arguments ends the process. It keeps the name of each unknown method for good, logs
// malformed packets, and has one limit of packets for the whole process. So there is a
// [gate] between it and the socket. The gate parses and bounds each packet that comes,
// and the library reads only what the gate encoded. Packets that leave go through the
// guard of addresses and a limit of our own.
//
// A node that strangers cannot reach asks, and is not asked (BEP 43). It learns from
// the nodes that it asks how its address looks from outside, and takes a node id that
// belongs to it (BEP 42). The nodes that answered are kept over restarts.
package dht
