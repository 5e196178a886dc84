package h1

import (
	"bufio"
	"context"
	"io"
	"net"
	"net/http"
	"strconv"
	"strings"
	"sync/atomic"
	"testing"
	"time"
)

// A laneServer answers "slow" by net/http and "fast" in the fast lane.
type laneServer struct {
	addr    string
	fast    atomic.Int32  // answers of the fast lane
	offered atomic.Bool   // the last request that net/http answered
	idle    chan struct{} // one for each answer of net/http: it has come to rest
	answer  func(*Conn, *Head) Verdict
}

const fastAnswer = "HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nfast"

func startLane(t *testing.T, idle, fastIdle time.Duration) *laneServer {
	t.Helper()
	s := &laneServer{idle: make(chan struct{}, 100)}
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	s.addr = ln.Addr().String()
	server := &http.Server{ConnContext: ConnContext, IdleTimeout: idle, Protocols: new(http.Protocols),
		ConnState: func(c net.Conn, state http.ConnState) {
			if ConnState(c, state); state == http.StateIdle {
				s.idle <- struct{}{}
			}
		},
		Handler: http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			s.offered.Store(Handling(r) != nil && Handling(r).Offered())
			w.Header()["Date"] = nil
			_, _ = io.Copy(io.Discard, r.Body)
			_, _ = io.WriteString(w, "slow")
		})}
	server.Protocols.SetHTTP1(true)
	server.Protocols.SetUnencryptedHTTP2(true)
	lane := &FastLane{Idle: fastIdle, Answer: func(c *Conn, h *Head) Verdict {
		if s.answer != nil {
			return s.answer(c, h)
		}
		if string(h.Target) == "/slow" {
			return NotTaken
		}
		s.fast.Add(1)
		if _, err := c.WriteBoth([]byte(fastAnswer), nil); err != nil {
			return Cut
		}
		return Answered
	}}
	done := make(chan struct{})
	go func() {
		defer close(done)
		_ = server.Serve(Listener{Listener: ln, Fast: lane})
	}()
	t.Cleanup(func() {
		server.Close()
		<-done
	})
	return s
}

// A laneClient is one connection to it.
type laneClient struct {
	net.Conn
	in *bufio.Reader
}

func (s *laneServer) dial(t *testing.T) *laneClient {
	t.Helper()
	conn, err := net.Dial("tcp", s.addr)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { conn.Close() })
	_ = conn.SetDeadline(time.Now().Add(time.Minute))
	return &laneClient{conn, bufio.NewReader(conn)}
}

func (c *laneClient) send(t *testing.T, text string) {
	t.Helper()
	if _, err := io.WriteString(c, text); err != nil {
		t.Fatal(err)
	}
}

// ask sends a request and reads the answer. If that is net/http's, it waits until net/http is at rest: a request that comes
// earlier is net/http's too.
func (c *laneClient) ask(t *testing.T, s *laneServer, text string) string {
	t.Helper()
	c.send(t, text)
	got := c.read(t)
	if got == "slow" {
		<-s.idle
	}
	return got
}

// read reads one answer, and says what is in it.
func (c *laneClient) read(t *testing.T) string {
	t.Helper()
	answer, err := http.ReadResponse(c.in, nil)
	if err != nil {
		t.Fatal(err)
	}
	defer answer.Body.Close()
	body, err := io.ReadAll(answer.Body)
	if err != nil {
		t.Fatal(err)
	}
	return string(body)
}

func get(path string) string { return "GET " + path + " HTTP/1.1\r\nHost: h\r\n\r\n" }

// The lanes take turns on a connection, and net/http gets what the fast lane does not take as it came.
func TestFastLane(t *testing.T) {
	s := startLane(t, time.Minute, time.Minute)
	c := s.dial(t)
	for i, step := range []struct{ request, want string }{
		{get("/a"), "slow"}, // net/http is yet to come to rest
		{get("/a"), "fast"}, {get("/b"), "fast"}, {get("/slow"), "slow"}, {get("/a"), "fast"},
		{"POST /a HTTP/1.1\r\nHost: h\r\nContent-Length: 3\r\n\r\nabc", "slow"},
		{get("/a"), "slow"}, // it had a body
		{get("/a"), "fast"},
		{"GET /a b HTTP/1.1\r\nHost: h\r\n\r\n", "slow"}, {get("/a"), "fast"},
		{"GET /a HTTP/1.1\nHost: h\n\n", "slow"}, {get("/a"), "slow"}, {get("/a"), "fast"},
	} {
		if got := c.ask(t, s, step.request); got != step.want {
			t.Errorf("step %d: %s, not %s", i, got, step.want)
		}
	}
	if n := s.fast.Load(); n != 6 {
		t.Errorf("%d answers of the fast lane", n)
	}
	// A request is offered by its own head, whatever came before it.
	for _, step := range []struct {
		request string
		want    bool
	}{{get("/slow"), true}, {get("/a"), true}, {"GET /slow HTTP/1.1\r\nHost: h\r\nPrefer: c\r\n\r\n", false}} {
		c.ask(t, s, step.request)
		if got := s.offered.Load(); got != step.want {
			t.Errorf("%q: offered %t", step.request, got)
		}
	}
}

// What looks like a request within another one, or behind it, is never one for the fast lane.
func TestFastLaneUndeceived(t *testing.T) {
	inner := get("/inner")
	for name, parts := range map[string][]string{
		"pipelined":            {get("/slow") + inner},
		"a body":               {"POST / HTTP/1.1\r\nHost: h\r\nContent-Length: " + strconv.Itoa(len(inner)) + "\r\n\r\n", inner},
		"a body behind a head": {get("/slow") + "POST / HTTP/1.1\r\nHost: h\r\nContent-Length: " + strconv.Itoa(len(inner)) + "\r\n\r\n", inner},
		"chunks":               {"POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n" + strconv.FormatInt(int64(len(inner)), 16) + "\r\n", inner, "\r\n0\r\n\r\n"},
		"a line, then lines":   {get("/slow") + "GET /slow HTTP/1.1\r\n", inner},
		"half a line":          {get("/slow") + "GET /slow HTTP/1.1\r\nHost: h\r\nX: ", inner},
		"a byte early":         {get("/slow") + inner[:1], inner[1:]},
		"blank lines":          {get("/slow") + "GET /slow HTTP/1.1\nHost: h\n\n"},
	} {
		t.Run(name, func(t *testing.T) {
			for _, primed := range []bool{false, true} {
				s := startLane(t, time.Minute, time.Minute)
				s.answer = func(_ *Conn, h *Head) Verdict {
					if string(h.Target) == "/inner" {
						t.Error("the fast lane was asked for it")
					}
					return NotTaken
				}
				c := s.dial(t)
				if primed {
					c.ask(t, s, get("/slow"))
				}
				for i, part := range parts {
					c.send(t, part)
					if i == 0 && strings.HasPrefix(part, "GET") {
						c.read(t) // net/http has read all of the part
					}
				}
				_ = c.Conn.(*net.TCPConn).CloseWrite()
				_, _ = io.ReadAll(c.in)
			}
		})
	}
}

// HTTP/2 without TLS is not for the fast lane, whatever its frames have in them.
func TestFastLaneOverHTTP2(t *testing.T) {
	s := startLane(t, time.Minute, time.Minute)
	client := &http.Client{Transport: &http.Transport{Protocols: new(http.Protocols)}}
	client.Transport.(*http.Transport).Protocols.SetUnencryptedHTTP2(true)
	defer client.CloseIdleConnections()
	for range 3 {
		body := get("/inner") + strings.Repeat(" ", lineBuffer)
		answer, err := client.Post("http://"+s.addr+"/", "text/plain", strings.NewReader(body))
		if err != nil {
			t.Fatal(err)
		}
		got, _ := io.ReadAll(answer.Body)
		answer.Body.Close()
		if answer.ProtoMajor != 2 || string(got) != "slow" {
			t.Errorf("%s %q", answer.Proto, got)
		}
	}
	if n := s.fast.Load(); n != 0 {
		t.Errorf("%d answers of the fast lane", n)
	}
}

// After an answer of the fast lane a connection may wait for as long as the lane says, and its context ends with it.
func TestFastLaneIdle(t *testing.T) {
	s := startLane(t, time.Hour, 50*time.Millisecond)
	contexts := make(chan context.Context, 1)
	s.answer = func(c *Conn, _ *Head) Verdict {
		if c.Context().Err() != nil {
			t.Error("the context has ended before its connection")
		}
		contexts <- c.Context()
		_, _ = c.WriteBoth([]byte(fastAnswer), nil)
		return Answered
	}
	c := s.dial(t)
	for _, want := range []string{"slow", "fast"} {
		if got := c.ask(t, s, get("/")); got != want {
			t.Fatal(got)
		}
	}
	if _, err := c.in.ReadByte(); err != io.EOF {
		t.Errorf("the connection does not end: %v", err)
	}
	<-(<-contexts).Done()
}

// An answer that could not be ended ends the connection.
func TestFastLaneCuts(t *testing.T) {
	s := startLane(t, time.Minute, time.Minute)
	s.answer = func(c *Conn, _ *Head) Verdict {
		_, _ = c.WriteBoth([]byte(fastAnswer[:len(fastAnswer)-1]), nil)
		return Cut
	}
	c := s.dial(t)
	c.ask(t, s, get("/"))
	c.send(t, get("/"))
	if got, err := io.ReadAll(c.in); string(got) != fastAnswer[:len(fastAnswer)-1] || err != nil {
		t.Errorf("%q, %v", got, err)
	}
}

// The context of a connection ends when the client leaves while it is watched, and not when the watch stops. What the client sends
// meanwhile is its next request.
func TestWatch(t *testing.T) {
	s := startLane(t, time.Minute, time.Minute)
	watched, proceed := make(chan *Conn), make(chan struct{})
	s.answer = func(c *Conn, h *Head) Verdict {
		if string(h.Target) != "/watched" {
			_, _ = c.WriteBoth([]byte(fastAnswer), nil)
			return Answered
		}
		defer c.Watch()()
		watched <- c
		<-proceed
		if c.Context().Err() != nil {
			return Cut
		}
		_, _ = c.WriteBoth([]byte(fastAnswer), nil)
		return Answered
	}
	c := s.dial(t)
	c.ask(t, s, get("/")) // net/http's
	for i := range 10 {
		c.send(t, get("/watched"))
		<-watched
		early := i % 3 // bytes of the next request that come while this one is answered
		c.send(t, get("/next")[:early])
		proceed <- struct{}{}
		if got := c.read(t); got != "fast" {
			t.Fatalf("%s, not fast", got)
		}
		c.send(t, get("/next")[early:])
		if got := c.read(t); got == "slow" { // its bytes did not come at once
			<-s.idle
		}
		c.ask(t, s, get("/")) // one that net/http takes has it come to rest
	}
	c = s.dial(t)
	c.ask(t, s, get("/"))
	c.send(t, get("/watched"))
	conn := <-watched
	if err := c.Conn.(*net.TCPConn).CloseWrite(); err != nil {
		t.Fatal(err)
	}
	<-conn.Context().Done()
	proceed <- struct{}{}
	if got, err := io.ReadAll(c.in); len(got) > 0 || err != nil {
		t.Errorf("%q, %v after the client left", got, err)
	}
}

// net/http is at rest where it was given one request and nothing behind it, in one read, and that had no body.
func TestReading(t *testing.T) {
	whole, half := get("/"), get("/")[:10]
	for name, test := range map[string]struct {
		parts    []string
		body     bool
		buffered bool
		want     bool
	}{
		"one":                 {[]string{whole}, false, false, true},
		"nothing":             {nil, false, false, false},
		"in parts":            {[]string{half, whole[10:]}, false, false, false},
		"half":                {[]string{half}, false, false, false},
		"two":                 {[]string{whole + whole}, false, false, false},
		"and more":            {[]string{whole + "G"}, false, false, false},
		"with a byte early":   {[]string{whole, "G"}, false, false, false},
		"without CR":          {[]string{"GET / HTTP/1.1\n\n" + whole}, false, false, false},
		"with a body":         {[]string{whole}, true, false, false},
		"not all at net/http": {[]string{whole}, false, true, false},
	} {
		var r reading
		for range 2 { // nothing is left from one to the next
			for _, part := range test.parts {
				r.took([]byte(part))
			}
			r.bodiless = !test.body
			if r.rest(test.buffered); r.resting != test.want {
				t.Errorf("%s: at rest %t", name, r.resting)
			}
		}
	}
}
