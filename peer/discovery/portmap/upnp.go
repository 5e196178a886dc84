package portmap

import (
	"context"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"time"

	"github.com/huin/goupnp"
	"github.com/huin/goupnp/dcps/internetgateway2"
	"github.com/huin/goupnp/soap"
)

// upnp finds the gateways that answer a search, and of each the services that
// forward ports.
func (m *Mapper) upnp(ctx context.Context) (routers []router, err error) {
	devices, err := searchGateways(ctx, m.cfg.search)
	if err != nil {
		return nil, err
	}
	var errs []error
	for _, d := range devices {
		services, err := d.services(ctx)
		if err != nil {
			errs = append(errs, err)
		}
		for _, s := range services {
			routers = append(routers, &upnpRouter{device: d, service: s})
		}
	}
	return routers, errors.Join(errs...)
}

// device is one that answered a search.
type device struct {
	addr netip.Addr
	at   *url.URL // of its description, at addr
}

// service is what of a service of goupnp's is used: WANIPConnection, versions 1
// and 2, and WANPPPConnection have it.
type service interface {
	AddPortMappingCtx(ctx context.Context, remoteHost string, external uint16, protocol string, internal uint16,
		client string, enabled bool, description string, lease uint32) error
	DeletePortMappingCtx(ctx context.Context, remoteHost string, external uint16, protocol string) error
	GetServiceClient() *goupnp.ServiceClient
}

// services reads the device's description.
func (d *device) services(ctx context.Context) ([]service, error) {
	ctx, cancel := context.WithTimeout(ctx, soapTime)
	defer cancel()
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, d.at.String(), nil)
	if err != nil {
		return nil, fmt.Errorf("portmap: UPnP at %s: %w", d.addr, err)
	}
	resp, err := d.client().Do(req)
	if err != nil {
		return nil, fmt.Errorf("portmap: UPnP at %s: %w", d.addr, err)
	}
	defer resp.Body.Close()
	root := new(goupnp.RootDevice)
	decoder := xml.NewDecoder(resp.Body)
	decoder.DefaultSpace = goupnp.DeviceXMLNamespace
	if err := decoder.Decode(root); err != nil {
		return nil, fmt.Errorf("portmap: UPnP at %s: its description: %w", d.addr, err)
	}
	base := d.at
	if u, err := url.Parse(root.URLBaseStr); err == nil && root.URLBaseStr != "" {
		base = u
	}
	root.SetURLBase(base)
	return d.forwarders(root), nil
}

// forwarders gives the services of a description that forward ports, which are
// asked at the device alone.
func (d *device) forwarders(root *goupnp.RootDevice) (all []service) {
	v2, _ := internetgateway2.NewWANIPConnection2ClientsFromRootDevice(root, d.at) // an error is that there is none
	for _, c := range v2 {
		all = append(all, c)
	}
	v1, _ := internetgateway2.NewWANIPConnection1ClientsFromRootDevice(root, d.at)
	for _, c := range v1 {
		all = append(all, c)
	}
	ppp, _ := internetgateway2.NewWANPPPConnection1ClientsFromRootDevice(root, d.at)
	for _, c := range ppp {
		all = append(all, c)
	}
	all = all[:min(len(all), maxDevices)]
	for _, s := range all {
		s.GetServiceClient().SOAPClient.HTTPClient = *d.client()
	}
	return all
}

// client is an HTTP client that reaches the device and nobody else, follows no
// redirect, and keeps no connection.
func (d *device) client() *http.Client {
	return &http.Client{
		Timeout:       soapTime,
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
		Transport: bounded{&http.Transport{
			DisableKeepAlives:  true,
			DisableCompression: true,
			DialContext: func(ctx context.Context, network, address string) (net.Conn, error) {
				ap, err := netip.ParseAddrPort(address)
				if err != nil || ap.Addr().Unmap() != d.addr {
					return nil, fmt.Errorf("%s is not at the gateway", address)
				}
				var dialer net.Dialer
				return dialer.DialContext(ctx, network, address)
			},
		}},
	}
}

// bounded bounds what is read of a response.
type bounded struct{ http.RoundTripper }

// RoundTrip implements http.RoundTripper.
func (b bounded) RoundTrip(req *http.Request) (*http.Response, error) {
	resp, err := b.RoundTripper.RoundTrip(req)
	if err != nil {
		return nil, err
	}
	resp.Body = struct {
		io.Reader
		io.Closer
	}{io.LimitReader(resp.Body, maxDocument), resp.Body}
	return resp, nil
}

// upnpRouter is a gateway's service that forwards ports.
type upnpRouter struct {
	device  *device
	service service
}

var _ router = (*upnpRouter)(nil)

// Faults of AddPortMapping (WANIPConnection:1, section 2.4.16).
const (
	faultConflict      = 718 // the port is another's
	faultSamePorts     = 724 // internal and external ports have to be the same
	faultPermanentOnly = 725 // leases are not for a time
)

// add implements router.
func (r *upnpRouter) add(ctx context.Context, protocol string, internal, external int) (int, time.Duration, error) {
	client, err := r.localAddr(ctx)
	if err != nil {
		return 0, 0, err
	}
	life := lease
	for range portTries {
		ctx, cancel := context.WithTimeout(ctx, soapTime)
		err = r.service.AddPortMappingCtx(ctx, "", uint16(external), protocol, uint16(internal), client, true,
			"btgw", uint32(life/time.Second))
		cancel()
		switch fault(err) {
		case 0:
			if err == nil && life == 0 {
				return external, lease, nil // renewed all the same: the router may be another by then
			}
			if err == nil {
				return external, life, nil
			}
			return 0, 0, fmt.Errorf("portmap: %s: %w", r, err)
		case faultPermanentOnly:
			life = 0
		case faultConflict:
			external = minExternal + rand.N(1<<16-minExternal)
		case faultSamePorts:
			external = internal
		default:
			return 0, 0, fmt.Errorf("portmap: %s: %w", r, err)
		}
	}
	return 0, 0, fmt.Errorf("portmap: %s: %w", r, err)
}

// fault gives the number of a fault; 0 for any other error, or none.
func fault(err error) int {
	var f *soap.SOAPFaultError
	if errors.As(err, &f) {
		return f.Detail.UPnPError.Errorcode
	}
	return 0
}

// localAddr is our address on the way to the device. Connecting a UDP socket
// sends nothing.
func (r *upnpRouter) localAddr(ctx context.Context) (string, error) {
	var dialer net.Dialer
	conn, err := dialer.DialContext(ctx, "udp", netip.AddrPortFrom(r.device.addr, 1900).String())
	if err != nil {
		return "", fmt.Errorf("portmap: %s: %w", r, err)
	}
	defer conn.Close()
	host, _, err := net.SplitHostPort(conn.LocalAddr().String())
	return host, err
}

// remove implements router.
func (r *upnpRouter) remove(ctx context.Context, protocol string, _, external int) error {
	ctx, cancel := context.WithTimeout(ctx, soapTime)
	defer cancel()
	if err := r.service.DeletePortMappingCtx(ctx, "", uint16(external), protocol); err != nil {
		return fmt.Errorf("portmap: %s: %w", r, err)
	}
	return nil
}

// String says who it is.
func (r *upnpRouter) String() string { return "UPnP at " + r.device.addr.String() }
