// Package lsd finds the peers of torrents on the local network (BEP 14). Each peer
// announces its torrents to a multicast group, every few minutes.
//
// It tells everybody on the network which torrents we have, and takes addresses from
// every host there. So it is for trusted networks. Private torrents (BEP 27) must never
// be given to it.
package lsd
