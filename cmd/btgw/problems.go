package main

import (
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/netip"
	"strconv"
	"strings"
	"time"

	"github.com/btgw/btgw/internal/command"
)

// problems collects everything that is wrong with the settings, each with the place where it was written, so that a user
// mends them in one go.
type problems struct {
	where map[string]string // flag name → where its value was written
	errs  []error
}

// newProblems learns from a command where each of its settings came from.
func newProblems(chosen *command.Command, file *fileSettings) *problems {
	p := &problems{where: make(map[string]string)}
	for _, flag := range chosen.Flags {
		switch flag.Source {
		case command.FromLine:
			p.where[flag.Name] = "--" + flag.Name
		case command.FromEnv:
			p.where[flag.Name] = flag.Env
		case command.FromFile:
			p.where[flag.Name] = file.path + ": " + flag.Name
		}
	}
	return p
}

// add reports that the setting called name is wrong. A nil err is none.
func (p *problems) add(name string, err error) {
	if err == nil {
		return
	}
	where, ok := p.where[name]
	if !ok {
		where = "--" + name
	}
	p.errs = append(p.errs, fmt.Errorf("%s: %w", where, err))
}

// err joins the problems into one that ends the program with exitUsage, nil where there is none.
func (p *problems) err() error {
	return withStatus(exitUsage, errors.Join(p.errs...))
}

// size parses a ByteSize within [low, high].
func (p *problems) size(name, text string, low, high ByteSize) ByteSize {
	size, err := ParseByteSize(text)
	if err == nil && (size < low || size > high) {
		err = fmt.Errorf("%s is not between %s and %s", size, low, high)
	}
	p.add(name, err)
	return size
}

// number parses a whole number within [low, high].
func (p *problems) number(name, text string, low, high int) int {
	n, err := strconv.Atoi(text)
	if err != nil || n < low || n > high {
		p.add(name, fmt.Errorf("%q is not a number from %d to %d", text, low, high))
	}
	return n
}

// bool parses a toggle.
func (p *problems) bool(name string, t toggle) bool {
	value, err := t.parse()
	p.add(name, err)
	return value
}

// oneOf checks that text is one of the choices.
func (p *problems) oneOf(name, text string, choices ...string) string {
	for _, c := range choices {
		if strings.EqualFold(text, c) {
			return c
		}
	}
	p.add(name, fmt.Errorf("%q is none of %s", text, strings.Join(choices, ", ")))
	return ""
}

// level parses a log level.
func (p *problems) level(name, text string) slog.Level {
	var level slog.Level
	if err := level.UnmarshalText([]byte(p.oneOf(name, text, "debug", "info", "warn", "error"))); err != nil {
		return slog.LevelInfo // reported by oneOf
	}
	return level
}

// duration parses a positive span of time.
func (p *problems) duration(name, text string) time.Duration {
	d, err := time.ParseDuration(text)
	if err != nil || d <= 0 {
		p.add(name, fmt.Errorf("%q is not a time above zero: write 30s or 5m", text))
	}
	return d
}

// listenAddr checks an address to listen on: "host:port", ":port" for all addresses, port 0 for any free one. The host is
// an IP address or localhost: a name could resolve to something else tomorrow.
func (p *problems) listenAddr(name, text string) string {
	host, port, err := net.SplitHostPort(text)
	if err != nil {
		p.add(name, fmt.Errorf("%q is not an address: write host:port, as 127.0.0.1:8080 or :8080", text))
		return text
	}
	if n, err := strconv.ParseUint(port, 10, 16); err != nil {
		p.add(name, fmt.Errorf("%q: the port is not a number from 0 to 65535", text))
	} else if host == "localhost" {
		return net.JoinHostPort("127.0.0.1", strconv.FormatUint(n, 10))
	}
	if _, err := netip.ParseAddr(host); host != "" && err != nil {
		p.add(name, fmt.Errorf("%q: the host is not an IP address of this machine", text))
	}
	return text
}

// loopback says whether nothing but this machine can reach the address.
func loopback(listen string) bool {
	host, _, err := net.SplitHostPort(listen)
	if err != nil {
		return false
	}
	ip, err := netip.ParseAddr(host)
	return err == nil && ip.Unmap().IsLoopback()
}
