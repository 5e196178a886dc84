package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/netip"

	"github.com/btgw/btgw/internal/reload"
	"github.com/btgw/btgw/internal/statefile"
	"github.com/btgw/btgw/peer"
	"github.com/btgw/btgw/peer/netguard"
	"github.com/btgw/btgw/peer/sibling"
)

// fleetFlags make a gateway one of a fleet.
type fleetFlags struct {
	Siblings          []string `placeholder:"NAME" sep:"," env:"BTGW_SIBLINGS" help:"The other gateways of a fleet: HOST:PORT, whose addresses are looked up every 10 seconds, or the name of a service (_btgw._tcp.example.org, SRV); repeat or separate by commas. What one of them fetches, all have."`
	SiblingSecretFile string   `placeholder:"FILE" env:"BTGW_SIBLING_SECRET_FILE" help:"The secret that the gateways of a fleet share, 16 bytes or more on a line. A second line is taken too, while the secret is replaced. Changes are seen within seconds, and at SIGHUP."`
}

// siblingSettings say where the other gateways of the fleet are; nil: there are none.
type siblingSettings struct {
	names   []sibling.Name
	secrets *reload.File[*sibling.Secrets]
}

// siblings checks the flags of the fleet.
func (c *fleetFlags) settings(p *problems, e *engineSettings) *siblingSettings {
	switch {
	case len(c.Siblings) == 0 && c.SiblingSecretFile == "":
		return nil
	case len(c.Siblings) == 0:
		p.add("sibling-secret-file", errors.New("of whom? --siblings is missing"))
		return nil
	case c.SiblingSecretFile == "":
		p.add("siblings", errors.New("--sibling-secret-file is missing: siblings prove to each other that they have the same secret"))
		return nil
	case e.proxy != nil || e.bind != nil:
		p.add("siblings", errors.New("with --proxy and --bind everything leaves by one way, and siblings are inside: leave it out"))
		return nil
	}
	var s siblingSettings
	var err error
	for _, text := range c.Siblings {
		name, err := sibling.ParseName(text)
		p.add("siblings", err)
		s.names = append(s.names, name)
	}
	s.secrets, err = reload.Open(c.SiblingSecretFile, maxSecretFile, sibling.ParseSecrets)
	p.add("sibling-secret-file", err)
	return &s
}

// watch has the host take the secrets of each version of their file.
func (s *siblingSettings) watch(host *peer.Host, w *reload.Watcher, log *slog.Logger) {
	if s == nil {
		return
	}
	w.Add(s.secrets, func() {
		host.SetSiblingSecrets(s.secrets.Load())
		log.Info("secrets of the fleet reloaded")
	})
}

// config is what the host of peers is told of them. Siblings are reached wherever they
// are: their addresses are the operator's.
func (s *siblingSettings) config(stateFile string, log *slog.Logger) *peer.SiblingsConfig {
	if s == nil {
		return nil
	}
	return &peer.SiblingsConfig{
		Secrets: s.secrets.Load(),
		Lookup:  s.lookup,
		Network: netguard.New(netguard.Policy{AllowPrivate: true}),
		Node:    keptNode(stateFile, log),
	}
}

// lookup returns the addresses of all names. It fails where one of them does: nobody is to
// be forgotten for that.
func (s *siblingSettings) lookup(ctx context.Context) (all []netip.AddrPort, err error) {
	for _, name := range s.names {
		some, failed := name.Lookup(ctx, net.DefaultResolver)
		all, err = append(all, some...), errors.Join(err, failed)
	}
	return all, err
}

// keptNode is our name on the ring: that of earlier runs, or a new one.
func keptNode(path string, log *slog.Logger) (n sibling.Node) {
	file := statefile.File{Path: path, Kind: "sibling", Version: 1, MaxSize: 256}
	content, _, err := file.Load()
	if err == nil && len(content) == len(n) {
		return sibling.Node(content)
	}
	nonce := sibling.NewNonce()
	copy(n[:], nonce[:])
	if err == nil {
		err = file.Save(n[:])
	}
	if err != nil {
		log.Warn("our place among the siblings is not kept: other torrents are ours after a restart", "err", fmt.Errorf("%s: %w", path, err))
	}
	return n
}
