package clients

import "testing"

func anacrolixProgram() program { return partnerProgram("bin", "torrent") }

// anacrolixArgs are those of both directions. Peers come over TCP alone.
func anacrolixArgs(addr string, o PartnerOptions) []string {
	args := []string{
		"download", "--addr=" + addr, "--no-dht", "--no-utp-peers", "--no-webtorrent", "--no-port-forward", "--no-ipv6",
		"--no-progress", "--no-stats", "--no-piece-states", "--seed",
	}
	if !o.PEX {
		args = append(args, "--no-pex")
	}
	return args
}

// SeedAnacrolix seeds a payload by anacrolix/torrent's command. It checks it when it
// is asked for pieces.
func SeedAnacrolix(tb testing.TB, p *Payload, o PartnerOptions) *Partner {
	tb.Helper()
	o.Magnet = false
	return startAnacrolix(tb, p, p.Dir, o, "--verify")
}

// LeechAnacrolix begins to download a payload to dir.
func LeechAnacrolix(tb testing.TB, p *Payload, dir string, o PartnerOptions) *Partner {
	tb.Helper()
	return startAnacrolix(tb, p, dir, o)
}

func startAnacrolix(tb testing.TB, p *Payload, dir string, o PartnerOptions, more ...string) *Partner {
	tb.Helper()
	addr := loopback(FreePort(tb))
	args := append(append(anacrolixArgs(addr, o), more...), o.source(p))
	a := &Partner{process: newProcess(tb, anacrolixProgram(), dir, args...), addr: addr, payload: p, dir: dir}
	a.process.start()
	a.listens()
	return a
}
