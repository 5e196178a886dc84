package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/netip"
)

// healthCmd asks a running btgw whether it is ready. It is what the container's health check runs: the image has no shell
// and no other HTTP client.
type healthCmd struct {
	AdminListen string `default:"127.0.0.1:8081" placeholder:"ADDR" env:"BTGW_ADMIN_LISTEN" help:"The admin listener to ask (${default})."`
}

// Run succeeds where /readyz says 200.
func (c *healthCmd) Run(ctx context.Context, a *app) error {
	address := a.problems.listenAddr("admin-listen", c.AdminListen)
	if err := a.problems.err(); err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(ctx, healthTime)
	defer cancel()
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, "http://"+reachable(address)+"/readyz", nil)
	if err != nil {
		return err
	}
	transport := &http.Transport{DisableKeepAlives: true} // no proxy: it is this machine
	answer, err := (&http.Client{Transport: transport}).Do(request)
	if err != nil {
		return fmt.Errorf("not running, or no admin listener there: %w", err)
	}
	defer answer.Body.Close()
	body, err := io.ReadAll(io.LimitReader(answer.Body, 1<<10))
	if err != nil {
		return err
	}
	if answer.StatusCode != http.StatusOK {
		return errors.New("not ready: " + answer.Status + " " + string(body))
	}
	_, err = fmt.Fprintln(a.stdout, "ready")
	return err
}

// reachable turns an address to listen on into one to dial: all addresses become loopback. A socket on all IPv6 addresses
// takes IPv4 too.
func reachable(listen string) string {
	host, port, err := net.SplitHostPort(listen)
	if err != nil {
		return listen
	}
	if ip, err := netip.ParseAddr(host); host == "" || err == nil && ip.IsUnspecified() {
		host = "127.0.0.1"
	}
	return net.JoinHostPort(host, port)
}
