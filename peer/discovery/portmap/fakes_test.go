package portmap

import (
	"encoding/binary"
	"encoding/xml"
	"fmt"
	"io"
	"maps"
	"net"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"strings"
	"sync"
	"testing"

	"github.com/btgw/btgw/internal/clients"
)

// ports is what a fake router forwards, external to internal: "TCP 6881" to
// "127.0.0.1:7001".
type ports struct {
	mu    sync.Mutex
	m     map[string]string
	taken map[int]bool // external ports of others
	lease uint32       // of the last, in seconds
}

// newPorts has nothing forwarded, and external ports that are taken.
func newPorts(taken ...int) *ports {
	p := &ports{m: map[string]string{}, taken: map[int]bool{}}
	for _, port := range taken {
		p.taken[port] = true
	}
	return p
}

func (p *ports) copy() map[string]string {
	p.mu.Lock()
	defer p.mu.Unlock()
	return maps.Clone(p.m)
}

// leased is the lease of the last mapping by UPnP, in seconds.
func (p *ports) leased() uint32 {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.lease
}

// fakeNATPMP is a router that speaks NAT-PMP (RFC 6886) on port 5351, at an address
// of the loopback network that it gives and that no other test has.
func fakeNATPMP(t *testing.T, life uint32, p *ports) (addr string) {
	t.Helper()
	n := clients.FreePort(t)
	addr = fmt.Sprintf("127.77.%d.%d", n>>8, n&255)
	conn, err := net.ListenPacket("udp", netip.AddrPortFrom(netip.MustParseAddr(addr), 5351).String())
	if err != nil {
		t.Fatal(err)
	}
	var done sync.WaitGroup
	t.Cleanup(func() {
		conn.Close()
		done.Wait()
	})
	done.Go(func() {
		b := make([]byte, 64)
		for {
			n, from, err := conn.ReadFrom(b)
			if err != nil {
				return
			}
			if n == 12 && b[0] == 0 && (b[1] == 1 || b[1] == 2) {
				conn.WriteTo(p.natPMP(b[:n], life), from)
			}
		}
	})
	return addr
}

func (p *ports) natPMP(q []byte, life uint32) []byte {
	p.mu.Lock()
	defer p.mu.Unlock()
	be := binary.BigEndian
	protocol := map[byte]string{1: "UDP", 2: "TCP"}[q[1]]
	internal, external := be.Uint16(q[4:]), be.Uint16(q[6:])
	if be.Uint32(q[8:]) == 0 {
		for k, v := range p.m {
			if strings.HasPrefix(k, protocol) && v == fmt.Sprint(internal) {
				delete(p.m, k)
			}
		}
		life = 0
	} else {
		for p.taken[int(external)] {
			external++
		}
		p.m[fmt.Sprintf("%s %d", protocol, external)] = fmt.Sprint(internal)
	}
	a := []byte{0, q[1] | 0x80, 0, 0, 0, 0, 0, 1}
	a = be.AppendUint16(a, internal)
	a = be.AppendUint16(a, external)
	return be.AppendUint32(a, life)
}

// fakeUPnP is an Internet Gateway Device on loopback. It gives where it is
// searched for.
func fakeUPnP(t *testing.T, p *ports, permanentOnly bool, location func(base string) string) (search string) {
	t.Helper()
	mux := http.NewServeMux()
	mux.HandleFunc("/root.xml", func(w http.ResponseWriter, _ *http.Request) { io.WriteString(w, description) })
	mux.HandleFunc("/control", func(w http.ResponseWriter, r *http.Request) { p.soap(w, r, permanentOnly) })
	srv := httptest.NewServer(mux)
	t.Cleanup(srv.Close)
	conn, err := net.ListenPacket("udp4", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	var done sync.WaitGroup
	t.Cleanup(func() {
		conn.Close()
		done.Wait()
	})
	done.Go(func() {
		b := make([]byte, 2048)
		for {
			n, from, err := conn.ReadFrom(b)
			if err != nil {
				return
			}
			if query := string(b[:n]); strings.HasPrefix(query, "M-SEARCH * HTTP/1.1\r\n") && strings.Contains(query, "ST: "+gatewayTypes[0]+"\r\n") {
				fmt.Fprintf(writerTo{conn, from}, "HTTP/1.1 200 OK\r\nST: %s\r\nUSN: uuid:1\r\nLOCATION: %s\r\n\r\n", gatewayTypes[0], location(srv.URL))
			}
		}
	})
	return conn.LocalAddr().String()
}

type writerTo struct {
	conn net.PacketConn
	to   net.Addr
}

func (w writerTo) Write(b []byte) (int, error) { return w.conn.WriteTo(b, w.to) }

const description = `<?xml version="1.0"?>
<root xmlns="urn:schemas-upnp-org:device-1-0"><specVersion><major>1</major><minor>0</minor></specVersion>
<device><deviceType>urn:schemas-upnp-org:device:InternetGatewayDevice:1</deviceType><deviceList>
<device><deviceType>urn:schemas-upnp-org:device:WANDevice:1</deviceType><deviceList>
<device><deviceType>urn:schemas-upnp-org:device:WANConnectionDevice:1</deviceType><serviceList><service>
<serviceType>urn:schemas-upnp-org:service:WANIPConnection:1</serviceType><serviceId>urn:upnp-org:serviceId:WANIPConn1</serviceId>
<controlURL>/control</controlURL><eventSubURL>/event</eventSubURL><SCPDURL>/scpd.xml</SCPDURL></service></serviceList></device>
</deviceList></device></deviceList></device></root>`

// soap answers AddPortMapping and DeletePortMapping.
func (p *ports) soap(w http.ResponseWriter, r *http.Request, permanentOnly bool) {
	var call struct {
		Body struct {
			Add, Delete struct {
				External int    `xml:"NewExternalPort"`
				Protocol string `xml:"NewProtocol"`
				Internal int    `xml:"NewInternalPort"`
				Client   string `xml:"NewInternalClient"`
				Lease    uint32 `xml:"NewLeaseDuration"`
			}
		}
	}
	body, _ := io.ReadAll(r.Body)
	// The names of the actions become those of the fields.
	text := strings.NewReplacer("u:AddPortMapping", "Add", "u:DeletePortMapping", "Delete").Replace(string(body))
	if err := xml.Unmarshal([]byte(text), &call); err != nil {
		http.Error(w, err.Error(), http.StatusBadRequest)
		return
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	add, del := call.Body.Add, call.Body.Delete
	switch {
	case strings.HasSuffix(r.Header.Get("SOAPAction"), `#DeletePortMapping"`):
		delete(p.m, fmt.Sprintf("%s %d", del.Protocol, del.External))
	case permanentOnly && add.Lease != 0:
		soapFault(w, faultPermanentOnly)
		return
	case p.taken[add.External]:
		soapFault(w, faultConflict)
		return
	default:
		p.lease = add.Lease
		p.m[fmt.Sprintf("%s %d", add.Protocol, add.External)] = fmt.Sprintf("%s:%d", add.Client, add.Internal)
	}
	io.WriteString(w, `<s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/"><s:Body><u:R xmlns:u="urn:x"/></s:Body></s:Envelope>`)
}

func soapFault(w http.ResponseWriter, code int) {
	w.WriteHeader(http.StatusInternalServerError)
	fmt.Fprintf(w, `<s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/"><s:Body><s:Fault><faultcode>s:Client</faultcode>`+
		`<faultstring>UPnPError</faultstring><detail><UPnPError xmlns="urn:schemas-upnp-org:control-1-0"><errorCode>%d</errorCode>`+
		`<errorDescription>no</errorDescription></UPnPError></detail></s:Fault></s:Body></s:Envelope>`, code)
}
