package clients

import (
	"os"
	"strconv"
	"strings"
	"testing"
)

func rqbitProgram() program { return partnerProgram("rqbit", "bin", "rqbit") }

// SeedRqbit seeds a payload by rqbit. It returns when all is checked.
func SeedRqbit(tb testing.TB, p *Payload, o PartnerOptions) *Partner {
	tb.Helper()
	o.Magnet = false
	return startRqbit(tb, p, p.Dir, o)
}

// LeechRqbit begins to download a payload to dir.
func LeechRqbit(tb testing.TB, p *Payload, dir string, o PartnerOptions) *Partner {
	tb.Helper()
	return startRqbit(tb, p, dir, o)
}

func startRqbit(tb testing.TB, p *Payload, dir string, o PartnerOptions) *Partner {
	tb.Helper()
	port, api := FreePort(tb), FreePort(tb)
	args := []string{
		"--listen-port=" + strconv.Itoa(port), "--announce-port=" + strconv.Itoa(port), "--listen-ip=127.0.0.1", "--http-api-listen-addr=" + loopback(api),
		"--disable-upnp-port-forward", "--disable-lsd",
	}
	if o.DHT == nil {
		args = append(args, "--disable-dht")
	} else {
		args = append(args, "--disable-dht-persistence", "--dht-bootstrap-addrs="+strings.Join(o.DHT.Addrs()[:3], ","))
	}
	args = append(args, "download", "--overwrite", "--output-folder="+dir, o.source(p))
	r := &Partner{process: newProcess(tb, rqbitProgram(), dir, args...), addr: loopback(port), payload: p, dir: dir}
	r.process.cmd.Env = append(os.Environ(), "HOME="+tb.TempDir())
	r.process.start()
	r.listens()
	return r
}
