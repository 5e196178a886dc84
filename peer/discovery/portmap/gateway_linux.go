package portmap

import (
	"fmt"
	"net/netip"
	"os"
)

// defaultGateway is the router of the default route, of IPv4.
func defaultGateway() (netip.Addr, error) {
	table, err := os.ReadFile("/proc/net/route")
	if err != nil {
		return netip.Addr{}, fmt.Errorf("portmap: %w", err)
	}
	return parseRoutes(string(table))
}
