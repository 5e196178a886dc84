package fetch

import "net/netip"

// users are the clients that asked for a torrent last, as many as it takes to know whether
// it is one client's alone.
type users struct {
	first netip.Prefix
	many  bool
	any   bool
}

// add says that a client asked. This process itself is not bounded by shares, so that what
// it asks for is nobody's alone.
func (u *users) add(client netip.Prefix) {
	switch {
	case !client.IsValid():
		u.many, u.any = true, true
	case !u.any:
		u.first, u.any = client, true
	case u.first != client:
		u.many = true
	}
}

// sole is the only client that asked; false where there were others.
func (u *users) sole() (netip.Prefix, bool) { return u.first, u.any && !u.many }
