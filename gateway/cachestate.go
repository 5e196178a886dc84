package gateway

import (
	"errors"
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/btgw/btgw/gateway/httprange"

	"github.com/btgw/btgw/fetch"
)

// What an answer cost is told in two headers: Cache-Status (RFC 9211), whether
// it was here, and Server-Timing, what the first byte waited for. They tell what
// others watched too, so one switch (Config.HideCacheState) turns both off.

// errNotCached is what a request with only-if-cached gets for what is not here.
var errNotCached = errors.New("gateway: not cached")

// cacheStatus is the value of Cache-Status. What is fetched is stored, unless
// another reader has it fetched already.
func cacheStatus(held fetch.Held) string {
	if held.All {
		return "btgw; hit"
	}
	fwd := "btgw; fwd=uri-miss"
	if held.Any {
		fwd = "btgw; fwd=partial"
	}
	if held.Coming {
		return fwd + "; collapsed"
	}
	return fwd + "; stored"
}

// knew is what was here of an answer that needs the metadata alone.
func (v *visit) knew() fetch.Held { return fetch.Held{Any: v.known, All: v.known} }

// setCacheStatus tells what was here.
func (s *Server) setCacheStatus(v *visit, held fetch.Held) {
	responseOf(v.c).source = sourceOf(held)
	if s.hideCacheState {
		return
	}
	status := cacheStatus(held)
	if v.c.Request.Method == http.MethodHead { // which has nothing fetched
		status, _, _ = strings.Cut(status, "; stored")
		status, _, _ = strings.Cut(status, "; collapsed")
	}
	v.set("Cache-Status", status)
}

// setTiming adds a metric to Server-Timing, with what else there is to say of it.
func (s *Server) setTiming(v *visit, name string, took time.Duration, more string) {
	if s.hideCacheState {
		return
	}
	if v.timing != nil {
		v.timing = append(v.timing, ", "...)
	} else {
		v.timing = make([]byte, 0, 64)
	}
	v.timing = append(appendTiming(v.timing, name, took), more...)
	v.set("Server-Timing", string(v.timing))
}

// appendTiming appends a metric of Server-Timing.
func appendTiming(out []byte, name string, took time.Duration) []byte {
	out = append(append(out, name...), ";dur="...)
	return strconv.AppendFloat(out, float64(took)/float64(time.Millisecond), 'f', 3, 64)
}

// setWait tells what the first bytes of content waited for: for a peer to ask,
// if they were not here, and then for what it sends. peers is who was there when
// the wait began.
func (s *Server) setWait(v *visit, content fetch.Content, peers string, took time.Duration) {
	if peers != "" {
		lone := min(content.Lone(), took)
		s.setTiming(v, "peers", lone, peers)
		took -= lone
	}
	s.setTiming(v, "piece", took, "")
}

// peersThere tells who is there to be asked for what is not here, as a parameter
// of a metric.
func (s *Server) peersThere(v *visit) string {
	if s.hideCacheState || v.held.All {
		return ""
	}
	status, ok := s.backend.Status(v.target.hash)
	if !ok {
		return ""
	}
	return fmt.Sprintf(`;desc="%d connected, %d ready"`, status.Swarm.Connected, status.Unchoked)
}

// allHeld looks up how much of the ranges is here, for the header, for
// only-if-cached and for the client's budget of surplus. If one of these refuses
// the request it answers, and reports false.
func (s *Server) allHeld(a *fileAnswer, ranges ...httprange.Range) bool {
	a.held = fetch.Held{All: true}
	var surplus int64
	for _, r := range ranges {
		h := a.of.held(s, a.visit, r)
		if !h.All && !h.Coming {
			surplus += a.of.surplus(a.visit, r)
		}
		if a.held.All {
			a.held.Coming = h.Coming
		}
		a.held.All, a.held.Any = a.held.All && h.All, a.held.Any || h.Any
	}
	if a.cachedOnly && !a.held.All {
		s.fail(a.c, a.target.hash, errNotCached)
		return false
	}
	if surpluses := s.bounds.Load().Surpluses; !surpluses.Allow(responseOf(a.c).client, surplus) {
		s.problem(a.c, tooMuchSurplus(surpluses.Rate()))
		return false
	}
	s.setCacheStatus(a.visit, a.held)
	return true
}

// onlyIfCached reports whether a request's Cache-Control has only-if-cached (RFC
// 9111 section 5.2.1.7). no-cache and max-age=0 change nothing: content is
// certified by its hashes, and cannot be stale.
func onlyIfCached(h http.Header) bool {
	for _, line := range h["Cache-Control"] {
		for line != "" {
			var directive string
			directive, line = cutDirective(line)
			name, _, _ := strings.Cut(directive, "=")
			if strings.EqualFold(strings.TrimSpace(name), "only-if-cached") {
				return true
			}
		}
	}
	return false
}

// cutDirective takes the first item off a list whose items may hold quoted
// strings, with commas in them.
func cutDirective(list string) (item, rest string) {
	quoted := false
	for i := 0; i < len(list); i++ {
		switch c := list[i]; {
		case c == '"':
			quoted = !quoted
		case c == '\\' && quoted:
			i++
		case c == ',' && !quoted:
			return list[:i], list[i+1:]
		}
	}
	return list, ""
}
