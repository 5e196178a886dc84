//go:build !linux

package peer

import (
	"net"
	"time"
)

// A quickAcker does nothing where there is no TCP_QUICKACK.
type quickAcker struct{}

func (quickAcker) init(net.Conn) {}
func (quickAcker) ack()          {}

// kernelRTT is not known where there is no TCP_INFO.
func kernelRTT(net.Conn) time.Duration { return 0 }

// boundUnsent does nothing where there is no TCP_NOTSENT_LOWAT.
func boundUnsent(net.Conn, int) {}
