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
	server  *http.Server
	lane    *FastLane
}

const fastAnswer = "HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nfast"

func startLane(t *testing.T, change func(*http.Server, *FastLane)) *laneServer {
	t.Helper()
	s := &laneServer{idle: make(chan struct{}, 100)}
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	s.addr = ln.Addr().String()
	s.server = &http.Server{ConnContext: ConnContext, IdleTimeout: time.Minute, ReadHeaderTimeout: time.Minute, Protocols: new(http.Protocols),
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
	s.server.Protocols.SetHTTP1(true)
	s.server.Protocols.SetUnencryptedHTTP2(true)
	s.lane = &FastLane{Idle: time.Minute, Head: time.Minute, Answer: func(c *Conn, h *Head) Verdict {
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
	if change != nil {
		change(s.server, s.lane)
	}
	done := make(chan struct{})
	go func() {
		defer close(done)
		_ = s.server.Serve(Listener{Listener: ln, Fast: s.lane})
	}()
	t.Cleanup(func() {
		s.server.Close()
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
	s := startLane(t, nil)
	c := s.dial(t)
	c.ask(t, s, "GET /slow HTTP/1.1\r\nHost: h\r\nPrefer: c\r\n\r\n")
	for i, step := range []struct{ request, want string }{
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
				s := startLane(t, nil)
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
	s := startLane(t, nil)
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

// first has a test for the first request of a connection, and for one behind an answer of net/http's.
func first(t *testing.T, s *laneServer, test func(t *testing.T, c *laneClient)) {
	for name, behind := range map[string]bool{"first": false, "next": true} {
		t.Run(name, func(t *testing.T) {
			c := s.dial(t)
			if behind {
				c.ask(t, s, get("/slow"))
			}
			test(t, c)
		})
	}
}

// After an answer of the fast lane a connection may wait for as long as the lane says, and its context ends with it.
func TestFastLaneIdle(t *testing.T) {
	s := startLane(t, func(_ *http.Server, lane *FastLane) { lane.Idle = 50 * time.Millisecond })
	contexts := make(chan context.Context, 1)
	s.answer = func(c *Conn, h *Head) Verdict {
		if string(h.Target) == "/slow" {
			return NotTaken
		}
		if c.Context().Err() != nil {
			t.Error("the context has ended before its connection")
		}
		contexts <- c.Context()
		_, _ = c.WriteBoth([]byte(fastAnswer), nil)
		return Answered
	}
	first(t, s, func(t *testing.T, c *laneClient) {
		if got := c.ask(t, s, get("/")); got != "fast" {
			t.Fatal(got)
		}
		if _, err := c.in.ReadByte(); err != io.EOF {
			t.Errorf("the connection does not end: %v", err)
		}
		<-(<-contexts).Done()
	})
	if n := s.hidden(); n != 0 {
		t.Errorf("%d connections are left", n)
	}
}

// hidden is how many connections net/http takes for new, though requests were answered on them. It waits for those whose
// client has seen their end already.
func (s *laneServer) hidden() (n int) {
	for range 1000 {
		s.lane.mu.Lock()
		n = len(s.lane.unseen)
		s.lane.mu.Unlock()
		if n == 0 {
			break
		}
		time.Sleep(time.Millisecond)
	}
	return n
}

// The head of a request has as long as net/http says, whichever it is, and whatever was answered before.
func TestFastLaneSlowHeads(t *testing.T) {
	const short = 50 * time.Millisecond
	for name, test := range map[string]struct {
		before []string
		change func(*http.Server, *FastLane)
	}{
		"the first":             {nil, func(server *http.Server, _ *FastLane) { server.ReadHeaderTimeout = short }},
		"behind an answer":      {[]string{"/fast"}, func(_ *http.Server, lane *FastLane) { lane.Head = short }},
		"behind both":           {[]string{"/fast", "/slow"}, func(server *http.Server, _ *FastLane) { server.ReadHeaderTimeout = short }},
		"behind both and again": {[]string{"/slow", "/fast"}, func(server *http.Server, _ *FastLane) { server.ReadHeaderTimeout = short }},
	} {
		for _, part := range []string{get("/")[:1], "P", "PR", get("/")[:10], get("/")[:len(get("/"))-1], "PRI"} {
			if len(part) < 4 && len(test.before) == 2 {
				continue // behind an answer of its own net/http waits for four bytes as for none
			}
			t.Run(name+" "+part, func(t *testing.T) {
				t.Parallel()
				s := startLane(t, test.change)
				c := s.dial(t)
				for _, path := range test.before {
					if got := c.ask(t, s, get(path)); got != path[1:] {
						t.Fatalf("%s is answered %s", path, got)
					}
				}
				c.send(t, part)
				if _, err := io.Copy(io.Discard, c.in); err != nil {
					t.Errorf("the connection does not end: %v", err)
				}
			})
		}
	}
}

// A preface of HTTP/2 begins a connection: behind an answer of the fast lane it ends it, however it comes.
func TestFastLaneThenHTTP2(t *testing.T) {
	const preface = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"
	for at := 1; at < len(preface); at++ {
		s := startLane(t, nil)
		c := s.dial(t)
		c.ask(t, s, get("/"))
		c.send(t, preface[:at])
		time.Sleep(time.Millisecond) // most often the parts come apart
		_, _ = io.WriteString(c, preface[at:]+"\x00\x00\x00\x04\x00\x00\x00\x00\x00")
		if got, err := io.ReadAll(c.in); len(got) > 0 {
			t.Fatalf("parted at %d: %q, %v", at, got, err)
		}
	}
	// Other methods that begin so are net/http's.
	s := startLane(t, nil)
	for _, method := range []string{"P", "PR", "PRIX", "PROPFIND", "POST"} {
		c := s.dial(t)
		c.ask(t, s, get("/"))
		c.send(t, method[:1])
		if got := c.ask(t, s, method[1:]+" / HTTP/1.1\r\nHost: h\r\n\r\n"); got != "slow" {
			t.Errorf("%s is answered %s", method, got)
		}
	}
}

// What begins a connection and is not for the fast lane comes to net/http byte for byte, wherever it is parted.
func TestFastLaneUnread(t *testing.T) {
	body := strings.Repeat("0123456789", 1000)
	request := "POST /a HTTP/1.1\r\nHost: h\r\nX-Long: " + strings.Repeat("x", 300) + "\r\nContent-Length: " + strconv.Itoa(len(body)) + "\r\n\r\n" + body
	s := startLane(t, nil)
	got := make(chan string, 1)
	s.server.Handler = http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		got <- r.Method + r.URL.Path + r.Header.Get("X-Long") + string(body)
		w.Header()["Date"] = nil
		_, _ = io.WriteString(w, "slow")
	})
	want := "POST/a" + strings.Repeat("x", 300) + body
	for _, at := range []int{0, 1, 2, 3, 4, 5, 13, 14, 15, 16, 17, 24, 100, 330, len(request) - len(body), lineBuffer - 1, lineBuffer, lineBuffer + 1, len(request) - 1} {
		for _, behind := range []bool{false, true} {
			c := s.dial(t)
			if behind {
				c.send(t, get("/fast"))
				c.read(t)
			}
			c.send(t, request[:at])
			if at > 0 {
				time.Sleep(time.Millisecond) // most often the parts come apart
			}
			c.send(t, request[at:])
			if r := <-got; r != want {
				t.Errorf("parted at %d: net/http has %d bytes, not %d, or others", at, len(r), len(want))
			}
			if a := c.read(t); a != "slow" {
				t.Errorf("parted at %d: %s", at, a)
			}
			c.send(t, get("/fast"))
			if a := c.read(t); a != "fast" && a != "slow" {
				t.Errorf("behind it: %s", a)
			} else if a == "slow" {
				<-got
			}
		}
	}
}

// Shutdown does not wait for connections that were answered in the fast lane alone: CloseIdle ends them, and those whose
// first answer is out after that.
func TestFastLaneCloseIdle(t *testing.T) {
	s := startLane(t, nil)
	idle, seen := s.dial(t), s.dial(t)
	idle.ask(t, s, get("/"))
	seen.ask(t, s, get("/"))
	seen.ask(t, s, get("/slow"))
	if n := len(s.lane.unseen); n != 1 {
		t.Errorf("%d connections are hidden", n)
	}
	proceed := make(chan struct{})
	s.answer = func(c *Conn, _ *Head) Verdict {
		<-proceed
		_, _ = c.WriteBoth([]byte(fastAnswer), nil)
		return Answered
	}
	late := s.dial(t)
	late.send(t, get("/"))
	s.lane.CloseIdle()
	s.lane.CloseIdle()
	if _, err := idle.in.ReadByte(); err != io.EOF {
		t.Errorf("an idle connection: %v", err)
	}
	close(proceed)
	if got := late.read(t); got != "fast" {
		t.Errorf("%s, not fast", got)
	}
	if _, err := late.in.ReadByte(); err != io.EOF {
		t.Errorf("a connection with its answer: %v", err)
	}
	ctx, cancel := context.WithTimeout(t.Context(), 4*time.Second) // net/http keeps a new connection for 5 s
	defer cancel()
	if err := s.server.Shutdown(ctx); err != nil {
		t.Error(err)
	}
	if _, err := seen.in.ReadByte(); err != io.EOF {
		t.Errorf("a connection that net/http knows of: %v", err)
	}
}

// An answer that could not be ended ends the connection.
func TestFastLaneCuts(t *testing.T) {
	s := startLane(t, nil)
	s.answer = func(c *Conn, h *Head) Verdict {
		if string(h.Target) == "/slow" {
			return NotTaken
		}
		_, _ = c.WriteBoth([]byte(fastAnswer[:len(fastAnswer)-1]), nil)
		return Cut
	}
	first(t, s, func(t *testing.T, c *laneClient) {
		c.send(t, get("/"))
		if got, err := io.ReadAll(c.in); string(got) != fastAnswer[:len(fastAnswer)-1] || err != nil {
			t.Errorf("%q, %v", got, err)
		}
	})
}

// The context of a connection ends when the client leaves while it is watched, and not when the watch stops. What the client sends
// meanwhile is its next request.
func TestWatch(t *testing.T) {
	s := startLane(t, nil)
	watched, proceed := make(chan *Conn), make(chan struct{})
	s.answer = func(c *Conn, h *Head) Verdict {
		switch string(h.Target) {
		case "/slow":
			return NotTaken
		case "/watched":
		default:
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
	first(t, s, func(t *testing.T, c *laneClient) {
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
	})
	first(t, s, func(t *testing.T, c *laneClient) {
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
	})
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
