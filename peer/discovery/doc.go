// Package discovery finds the peers of a torrent: it announces to HTTP, HTTPS
// and UDP trackers (BEP 3, 7, 12, 15, 23) and hands on the addresses they
// return.
package discovery
