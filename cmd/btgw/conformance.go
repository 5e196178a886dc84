package main

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/btgw/btgw/gateway/conformance"
	"github.com/btgw/btgw/metainfo"
)

// conformanceCmd checks a gateway against the HTTP contract.
type conformanceCmd struct {
	URL      string `required:"" placeholder:"URL" help:"The gateway: http://host:port, with the path that it is below."`
	Infohash string `placeholder:"HASH" help:"A torrent that it can serve, with a file of 40 kB or more. Without one the rules that need a torrent are not run."`
	Hints    string `placeholder:"QUERY" help:"Hints that help the gateway to find the swarm, as in a URL: tr=…&x.pe=…"`

	SubdomainHost string   `placeholder:"HOST" help:"The gateway's --subdomain-host. Like the next three it lets more rules be run."`
	Name          string   `placeholder:"PATH" help:"A name that stands for the torrent, as /btpk/<public key>/<salt>."`
	Denied        []string `placeholder:"PATH" sep:"none" help:"What its denylist has, as /btih/<infohash> or /btih/<infohash>/<name>/<path>; may be given several times."`
	Dying         string   `placeholder:"PATH" help:"A file of which the beginning can be had and the end cannot: what it begins with is cached, or its only peer has that."`

	Pause time.Duration `placeholder:"TIME" help:"How long to leave a body unread, of a file of 12 MiB or more, before the rest of it is read."`

	Front bool `help:"The URL is that of a cache or balancer in front of a gateway. What it refuses by itself, as HTTP lets it, counts as right. Without TLS it need not speak HTTP/2."`

	Failures bool `help:"Print only the rules that fail."`
}

// Run prints the table; the status is 1 where a rule failed.
func (c *conformanceCmd) Run(ctx context.Context, a *app) error {
	cfg := conformance.Config{URL: strings.TrimSuffix(c.URL, "/"), Hints: c.Hints, Subdomains: c.SubdomainHost, Name: c.Name, Denied: c.Denied, Dying: c.Dying, Pause: c.Pause, Front: c.Front}
	if c.Infohash != "" {
		hash, err := metainfo.ParseInfoHash(c.Infohash)
		if err != nil {
			hash, err = metainfo.ParseMultihash(c.Infohash)
		}
		if err != nil {
			return withStatus(exitUsage, fmt.Errorf("--infohash: %q is not an infohash", c.Infohash))
		}
		cfg.InfoHash = hash
	}
	report, err := conformance.Run(ctx, cfg)
	if err != nil {
		return err
	}
	if err := report.Write(a.stdout, !c.Failures); err != nil {
		return err
	}
	if _, failed, _ := report.Count(); failed > 0 {
		return errors.New("the gateway does not conform")
	}
	return nil
}
