// Package tracker is a BitTorrent tracker: it tells the peers of a torrent of each other, over
// HTTP (BEP 3, 7, 23, 24, 48) and UDP (BEP 15, 41). To WebTorrent's peers, which only a WebSocket
// reaches, it hands the offers and answers of each other.
//
// It opens no socket. Whoever has one hands over what came in, and sends what comes back: the
// content server the queries of /announce and /scrape, the peer port's owner its datagrams.
//
// A peer is an address and a port. The address is where the announce came from, never what it
// says: nobody announces for others. Over UDP that is proved by a connection id, an HMAC of the
// address and the minute, so that a forged address gets an answer that is no larger than the
// question, and costs no memory.
//
// Everything is in memory, and every count has a bound (limits.go). Where there is no place for
// a newcomer it is answered all the same, and those that are there stay. An entry lives
// Lifetime from its last announce on.
package tracker
