//go:build !linux && !darwin

package netguard

import "net"

// bindsDevice says that sockets can be tied to an interface. Where they cannot, they are bound to an address
// of it. Windows sends what is from that address through its interface alone.
const bindsDevice = false

func bindDevice(uintptr, string, *net.Interface) error { return nil }
