package wayout

import (
	"fmt"
	"os/exec"
	"strings"
)

// The interfaces of this namespace, and what is where.
const (
	open   = "open0" // the default route
	tunnel = "tun0"  // leads to the swarm

	tunnelAddr = "54.0.0.2"
	farAddr    = "54.0.0.1" // the proxies, at the other end of the tunnel
	swarmAddr  = "53.0.0.1"
	namesAddr  = "53.0.0.53"
	nodePort   = "6881" // of a node of the DHT
	dante      = "1080" // passes datagrams on
	microsocks = "1081" // does not, and wants a user
)

// makeNetwork configures this namespace, and lays a tunnel to that of a process.
func makeNetwork(far int) error {
	return ip(
		"link set lo up",
		"link add "+open+" type veth peer name drop0",
		"link set drop0 up",
		"addr add 198.51.100.2/24 dev "+open,
		"-6 addr add 2a00:100::2/64 dev "+open+" nodad",
		"link set "+open+" up",
		"route add default via 198.51.100.1 dev "+open,
		"-6 route add default via 2a00:100::1 dev "+open,
		// Packets leave to a router that is not there: the other end drops what is for another's address.
		"neigh add 198.51.100.1 lladdr 02:00:00:00:00:99 dev "+open+" nud permanent",
		"-6 neigh add 2a00:100::1 lladdr 02:00:00:00:00:99 dev "+open+" nud permanent",
		fmt.Sprintf("link add %s type veth peer name far0 netns %d", tunnel, far),
		"addr add "+tunnelAddr+"/24 dev "+tunnel,
		"-6 addr add fd09::2/64 dev "+tunnel+" nodad",
		"link set "+tunnel+" up",
		"route add default via "+farAddr+" dev "+tunnel+" metric 1000",
		"-6 route add default via fd09::1 dev "+tunnel+" metric 4000",
	)
}

// makeFar configures the namespace of the swarm.
func makeFar() error {
	return ip(
		"link set lo up",
		"addr add "+swarmAddr+"/32 dev lo",
		"addr add "+namesAddr+"/32 dev lo",
		"-6 addr add 2a00:53::1/128 dev lo",
		"addr add "+farAddr+"/24 dev far0",
		"-6 addr add fd09::1/64 dev far0 nodad",
		"link set far0 up",
	)
}

// ip runs commands of ip, which configures the network.
func ip(commands ...string) error {
	for _, c := range commands {
		if out, err := exec.Command("ip", strings.Fields(c)...).CombinedOutput(); err != nil {
			return fmt.Errorf("ip %s: %w: %s (Debian package iproute2)", c, err, out)
		}
	}
	return nil
}
