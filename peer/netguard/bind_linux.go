package netguard

import (
	"net"

	"golang.org/x/sys/unix"
)

// bindsDevice says that sockets can be tied to an interface. From Linux 5.7 on that needs no privilege.
const bindsDevice = true

func bindDevice(fd uintptr, _ string, device *net.Interface) error {
	return unix.BindToDevice(int(fd), device.Name)
}
