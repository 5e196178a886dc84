package portmap

import (
	"encoding/binary"
	"errors"
	"net/netip"
	"strconv"
	"strings"
)

var errNoGateway = errors.New("portmap: no default route is known")

// parseRoutes finds the router of the default route in a table as Linux has it
// in /proc/net/route: addresses are hexadecimal, in the order of a little-endian
// machine.
func parseRoutes(table string) (netip.Addr, error) {
	for line := range strings.Lines(table) {
		f := strings.Fields(line) // interface, destination, gateway, flags, ...
		if len(f) < 8 || f[1] != "00000000" || f[7] != "00000000" {
			continue
		}
		n, err := strconv.ParseUint(f[2], 16, 32)
		if err != nil || n == 0 {
			continue
		}
		var b [4]byte
		binary.LittleEndian.PutUint32(b[:], uint32(n))
		return netip.AddrFrom4(b), nil
	}
	return netip.Addr{}, errNoGateway
}
