package portmap

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"time"
)

// searchGroup is the address at which UPnP devices hear searches (UPnP Device
// Architecture 1.1, section 1.3.2).
const searchGroup = "239.255.255.250:1900"

// gatewayTypes are the devices that forward ports.
var gatewayTypes = []string{
	"urn:schemas-upnp-org:device:InternetGatewayDevice:1",
	"urn:schemas-upnp-org:device:InternetGatewayDevice:2",
}

var errNoDevice = errors.New("portmap: no UPnP gateway answers")

// searchGateways sends a search for devices that forward ports to a host:port, and
// returns those that answered. Each is of the local network, and has its description at
// the address that its answer came from.
func searchGateways(ctx context.Context, at string) ([]*device, error) {
	to, err := net.ResolveUDPAddr("udp4", at)
	if err != nil {
		return nil, fmt.Errorf("portmap: search for UPnP gateways: %w", err)
	}
	var lc net.ListenConfig
	conn, err := lc.ListenPacket(ctx, "udp4", ":0")
	if err != nil {
		return nil, fmt.Errorf("portmap: search for UPnP gateways: %w", err)
	}
	defer conn.Close()
	if err := conn.SetReadDeadline(time.Now().Add(searchTime)); err != nil {
		return nil, fmt.Errorf("portmap: search for UPnP gateways: %w", err)
	}
	defer context.AfterFunc(ctx, func() { conn.Close() })()
	for range searchSends {
		for _, kind := range gatewayTypes {
			query := fmt.Sprintf("M-SEARCH * HTTP/1.1\r\nHOST: %s\r\nMAN: \"ssdp:discover\"\r\nMX: %d\r\nST: %s\r\n\r\n",
				at, searchTime/time.Second, kind)
			if _, err := conn.WriteTo([]byte(query), to); err != nil {
				return nil, fmt.Errorf("portmap: search for UPnP gateways: %w", err)
			}
		}
	}
	return answers(conn)
}

// answers reads what devices say until the deadline, or a moment after the first,
// or until enough did.
func answers(conn net.PacketConn) (found []*device, err error) {
	seen := make(map[string]bool)
	b := make([]byte, 2048)
	for range maxAnswers {
		n, from, err := conn.ReadFrom(b)
		if err != nil {
			break
		}
		d := parseAnswer(b[:n], from)
		if d == nil || seen[d.at.String()] {
			continue
		}
		seen[d.at.String()] = true
		if found = append(found, d); len(found) == maxDevices {
			break
		}
		if err := conn.SetReadDeadline(time.Now().Add(searchGrace)); err != nil {
			return nil, fmt.Errorf("portmap: search for UPnP gateways: %w", err)
		}
	}
	if len(found) == 0 {
		return nil, errNoDevice
	}
	return found, nil
}

// parseAnswer reads an answer; nil where it is none, is not of the local network
// or points elsewhere.
func parseAnswer(b []byte, from net.Addr) *device {
	ua, ok := from.(*net.UDPAddr)
	if !ok {
		return nil
	}
	resp, err := http.ReadResponse(bufio.NewReader(bytes.NewReader(b)), nil)
	if err != nil || resp.StatusCode != http.StatusOK {
		return nil
	}
	resp.Body.Close()
	addr := ua.AddrPort().Addr().Unmap()
	at, err := url.Parse(resp.Header.Get("Location"))
	if err != nil || at.Scheme != "http" || !local(addr) {
		return nil
	}
	if host, err := netip.ParseAddr(at.Hostname()); err != nil || host.Unmap() != addr {
		return nil
	}
	return &device{addr: addr, at: at}
}

// local reports whether an address is one of this machine or of a network that it
// may stand in.
func local(a netip.Addr) bool {
	return a.IsPrivate() || a.IsLinkLocalUnicast() || a.IsLoopback()
}
