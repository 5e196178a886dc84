package netguard

import (
	"net"
	"strings"

	"golang.org/x/sys/unix"
)

// bindsDevice says that sockets can be tied to an interface.
const bindsDevice = true

func bindDevice(fd uintptr, network string, device *net.Interface) error {
	if strings.HasSuffix(network, "4") {
		return unix.SetsockoptInt(int(fd), unix.IPPROTO_IP, unix.IP_BOUND_IF, device.Index)
	}
	return unix.SetsockoptInt(int(fd), unix.IPPROTO_IPV6, unix.IPV6_BOUND_IF, device.Index)
}
