// Package sibling says who the siblings of a gateway are: the gateways of one fleet, which
// share a secret. It knows no socket, no clock and no torrent.
//
// A Name is where the siblings are looked up. A Secret proves, both ways, that the other
// end has it too. A ring has the owner of each torrent: the one gateway that fetches it
// from outside. The messages are those of a link, the connection that two siblings keep.
package sibling
