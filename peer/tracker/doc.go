// Package tracker is a BitTorrent tracker. It tells the peers of a torrent of each other, over
// HTTP (BEP 3, 7, 23, 24, 48) and UDP (BEP 15, 41). Between WebTorrent's peers, which only a
// WebSocket reaches, it passes offers and answers.
//
// It opens no socket. The socket's owner hands over what came in, and sends the replies. The
// content server does so with the queries of /announce and /scrape, the peer port's owner with
// its datagrams.
//
// A peer is an address and a port. The address is the source of the announce, never an address
// that it names: nobody announces for others. Over UDP a connection id proves it, an HMAC of the
// address and the minute. So a forged address gets an answer that is no larger than the question,
// and costs no memory.
//
// Everything is in memory, and every count has a bound (limits.go). Where there is no place for a
// newcomer it gets an answer all the same, and the listed peers stay. An entry lives Lifetime
// from its last announce on.
package tracker
