package conformance

import (
	"bufio"
	"bytes"
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/textproto"
	"net/url"
	"strconv"
	"strings"
	"time"
)

// An answer is a response as it came over the wire.
type answer struct {
	path    string // what was asked for
	proto   string
	status  int
	header  http.Header
	body    []byte
	chunked bool
	took    time.Duration // to the end of the body
	ahead   int           // bytes of the body that begin read after those it gives
}

func (a *answer) get(name string) string { return a.header.Get(name) }

// A request is one to be written as it is. Header lines are in the order given.
type request struct {
	method, path string
	proto        string // "HTTP/1.1" if empty
	host         string // the gateway's if empty; "-" for none
	lines        []string
	keep         bool // no "Connection: close"
	body         string
}

func (r *request) write(w io.Writer, host string) error {
	proto := r.proto
	if proto == "" {
		proto = "HTTP/1.1"
	}
	if r.host != "" {
		host = r.host
	}
	head := r.method + " " + r.path + " " + proto + "\r\n"
	if host != "-" {
		head += "Host: " + host + "\r\n"
	}
	if !r.keep && proto == "HTTP/1.1" {
		head += "Connection: close\r\n"
	}
	for _, line := range r.lines {
		head += line + "\r\n"
	}
	if r.body != "" {
		head += "Content-Length: " + strconv.Itoa(len(r.body)) + "\r\n"
	}
	_, err := io.WriteString(w, head+"\r\n"+r.body)
	return err
}

// A dialer reaches one gateway.
type dialer struct {
	url    *url.URL
	prefix string // the path of url: what rules know of paths begins after it
	tls    *tls.Config

	subdomains string // as in Config
}

// below is a request with the gateway's prefix in front of its path. Torrents' own hosts have none.
func (d *dialer) below(r request) request {
	if own := d.subdomains != "" && strings.Contains(r.host, "."+d.subdomains); !own && strings.HasPrefix(r.path, "/") {
		r.path = d.prefix + r.path
	}
	return r
}

// above takes the prefix off the paths in the header of an answer. A path without it stays as no path
// that a rule expects.
func (d *dialer) above(a *answer) {
	for _, name := range []string{"Location", "Content-Location"} {
		if path := a.get(name); d.prefix != "" && strings.HasPrefix(path, "/") {
			rest, ok := strings.CutPrefix(path, d.prefix)
			if !ok {
				rest = "not below " + d.prefix + ": " + path
			}
			a.header.Set(name, rest)
		}
	}
}

func (d *dialer) dial(ctx context.Context) (net.Conn, error) {
	addr := d.url.Host
	if d.url.Port() == "" {
		addr = net.JoinHostPort(d.url.Hostname(), map[string]string{"http": "80", "https": "443"}[d.url.Scheme])
	}
	if d.url.Scheme == "https" {
		return (&tls.Dialer{Config: d.tls}).DialContext(ctx, "tcp", addr)
	}
	return (&net.Dialer{}).DialContext(ctx, "tcp", addr)
}

// exchange sends requests over one connection, all before the first answer is
// read, and reads the answers in order.
func (d *dialer) exchange(ctx context.Context, requests ...request) ([]*answer, error) {
	ctx, cancel := context.WithTimeout(ctx, exchangeTime)
	defer cancel()
	conn, err := d.dial(ctx)
	if err != nil {
		return nil, err
	}
	defer conn.Close()
	defer context.AfterFunc(ctx, func() { conn.Close() })()
	begun := time.Now()
	for i := range requests {
		// The gateway may have answered and closed before it read all.
		r := d.below(requests[i])
		if err := r.write(conn, d.url.Host); err != nil && i > 0 {
			return nil, err
		}
	}
	in := bufio.NewReader(io.LimitReader(conn, maxAnswer))
	answers := make([]*answer, 0, len(requests))
	for i := range requests {
		a, err := readAnswer(in, requests[i].method)
		if err != nil {
			return answers, err
		}
		d.above(a)
		a.path, a.took = requests[i].path, time.Since(begun)
		answers = append(answers, a)
	}
	return answers, nil
}

var errShort = errors.New("the body is shorter than its Content-Length")

// readAnswer reads one answer to a request of a method.
func readAnswer(in *bufio.Reader, method string) (*answer, error) {
	a, err := readHead(in)
	if err != nil {
		return nil, err
	}
	length, err := strconv.ParseInt(a.get("Content-Length"), 10, 64)
	switch {
	case method == http.MethodHead, a.status == http.StatusNotModified, a.status == http.StatusNoContent:
		return a, nil
	case err == nil:
		a.body = make([]byte, 0, min(length, maxAnswer))
		var body bytes.Buffer
		n, err := io.Copy(&body, io.LimitReader(in, length))
		a.body = body.Bytes()
		if err == nil && n < length {
			err = errShort
		}
		return a, err
	}
	a.body, err = io.ReadAll(in) // framed by the end of the connection, or chunks as they came
	return a, err
}

// readHead reads an answer up to its body.
func readHead(in *bufio.Reader) (*answer, error) {
	text := textproto.NewReader(in)
	line, err := text.ReadLine()
	if err != nil {
		return nil, fmt.Errorf("no answer: %w", err)
	}
	proto, rest, _ := strings.Cut(line, " ")
	code, _, _ := strings.Cut(rest, " ")
	a := &answer{proto: proto}
	if a.status, err = strconv.Atoi(code); err != nil || !strings.HasPrefix(proto, "HTTP/1.") {
		return nil, fmt.Errorf("status line %q", line)
	}
	header, err := text.ReadMIMEHeader()
	if err != nil {
		return nil, fmt.Errorf("header: %w", err)
	}
	a.header = http.Header(header)
	a.chunked = a.get("Transfer-Encoding") != ""
	return a, nil
}

// begin sends a request and reads the first n bytes of its answer's body. The
// connection is the caller's, which may leave the rest unread for as long as it likes.
func (d *dialer) begin(ctx context.Context, r request, n int) (*answer, net.Conn, error) {
	waited, cancel := context.WithTimeout(ctx, exchangeTime)
	defer cancel()
	conn, err := d.dial(waited)
	if err != nil {
		return nil, nil, err
	}
	defer context.AfterFunc(waited, func() { conn.Close() })()
	r = d.below(r)
	a, err := (*answer)(nil), r.write(conn, d.url.Host)
	if err == nil {
		in := bufio.NewReader(conn)
		if a, err = readHead(in); err == nil {
			a.body = make([]byte, n)
			_, err = io.ReadFull(in, a.body)
			a.ahead = in.Buffered()
		}
	}
	if err != nil {
		conn.Close()
		return nil, nil, err
	}
	return a, conn, nil
}
