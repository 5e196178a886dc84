// Package lsd finds the peers of torrents on the local network (BEP 14): who has
// a torrent says so to a multicast group, every few minutes.
//
// It tells everybody on the network which torrents we have, and takes addresses
// from whoever is there: for networks that are trusted. Private torrents (BEP
// 27) must never be given to it.
package lsd
