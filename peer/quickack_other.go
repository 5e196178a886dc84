//go:build !linux

package peer

import "net"

// A quickAcker does nothing where there is no TCP_QUICKACK.
type quickAcker struct{}

func (quickAcker) init(net.Conn) {}
func (quickAcker) ack()          {}
