package h1

import "bytes"

// A Head is that of a request which the fast lane may answer: GET or HEAD by HTTP/1.1, without a body, with no
// header field but those that fastFields has. Its texts are bytes of the connection's buffer.
type Head struct {
	Alone   bool   // HEAD: the header alone is asked for
	Target  []byte // as it came: a path, and a query
	Host    []byte
	Range   []byte // nil: none
	IfRange []byte // nil: none
	Agent   []byte // User-Agent
	Referer []byte

	Authorization []byte
	Cookie        []byte // of one line

	// What proxies add, which counts as far as they are trusted. nil: none
	ForwardedFor    []byte // X-Forwarded-For
	ForwardedPrefix []byte // X-Forwarded-Prefix
	Forwarded       []byte
	Loop            []byte // CDN-Loop
}

// A fieldUse says what the fast lane does with a header field.
type fieldUse uint8

const (
	notKnown fieldUse = iota // the request is net/http's
	ignored                  // no answer with bytes of a file depends on it
	isHost
	isRange
	isIfRange
	isAgent
	isReferer
	isAuthorization
	isCookie
	isForwardedFor
	isForwardedPrefix
	isForwarded
	isLoop
	isConnection   // has to be "keep-alive"
	isCacheControl // has to be what changes nothing for content that is certified by its hashes
)

// useOf is what is done with a field, by its name in lower case.
func useOf(name []byte) fieldUse {
	switch string(name) {
	case "accept", "accept-encoding", "accept-language", "dnt", "origin", "pragma", "priority", "save-data", "sec-ch-ua", "sec-ch-ua-mobile",
		"sec-ch-ua-platform", "sec-fetch-dest", "sec-fetch-mode", "sec-fetch-site", "sec-fetch-user", "sec-gpc", "upgrade-insecure-requests":
		return ignored
	case "cf-connecting-ip", "cf-ipcountry", "cf-ray", "cf-visitor", "fastly-client-ip", "true-client-ip", "via", "x-amz-cf-id",
		"x-forwarded-host", "x-forwarded-port", "x-forwarded-proto", "x-forwarded-server", "x-real-ip", "x-request-id", "x-varnish":
		return ignored // which proxies add
	case "host":
		return isHost
	case "range":
		return isRange
	case "if-range":
		return isIfRange
	case "user-agent":
		return isAgent
	case "referer":
		return isReferer
	case "authorization":
		return isAuthorization
	case "cookie":
		return isCookie
	case "x-forwarded-for":
		return isForwardedFor
	case "x-forwarded-prefix":
		return isForwardedPrefix
	case "forwarded":
		return isForwarded
	case "cdn-loop":
		return isLoop
	case "connection":
		return isConnection
	case "cache-control":
		return isCacheControl
	}
	return notKnown
}

// read reads a head that is all of p, and reports whether it is one for the fast lane. On any doubt it is not: lines
// end with CR LF, a blank follows each colon, and values are printable ASCII without blanks around them.
func (h *Head) read(p []byte) bool {
	*h = Head{}
	line, rest, ok := cutLine(p)
	if !ok || !h.readRequest(line) {
		return false
	}
	seen := uint(0)
	for {
		if line, rest, ok = cutLine(rest); !ok {
			return false
		}
		if len(line) == 0 {
			return len(rest) == 0 && h.Host != nil
		}
		use, value := field(line)
		if use == notKnown || use != ignored && seen&(1<<use) != 0 || !h.set(use, value) {
			return false
		}
		seen |= 1 << use
	}
}

// cutLine takes the first line off p.
func cutLine(p []byte) (line, rest []byte, ok bool) {
	end := bytes.IndexByte(p, '\n')
	if end < 1 || p[end-1] != '\r' {
		return nil, nil, false
	}
	return p[:end-1], p[end+1:], true
}

// readRequest reads the first line.
func (h *Head) readRequest(line []byte) bool {
	method, rest, _ := bytes.Cut(line, []byte(" "))
	switch string(method) {
	case "GET":
	case "HEAD":
		h.Alone = true
	default:
		return false
	}
	h.Target, _ = bytes.CutSuffix(rest, []byte(" HTTP/1.1"))
	return len(h.Target) < len(rest) && len(h.Target) > 0 && h.Target[0] == '/' && within(h.Target, '!')
}

// field reads a header line.
func field(line []byte) (use fieldUse, value []byte) {
	colon := bytes.IndexByte(line, ':')
	var buf [maxFieldName]byte
	if colon < 1 || colon > len(buf) || len(line) < colon+3 || line[colon+1] != ' ' {
		return notKnown, nil
	}
	name := buf[:colon]
	for i, c := range line[:colon] {
		if 'A' <= c && c <= 'Z' {
			c += 'a' - 'A'
		}
		name[i] = c
	}
	value = line[colon+2:]
	if value[0] == ' ' || value[len(value)-1] == ' ' || !within(value, ' ') {
		return notKnown, nil
	}
	return useOf(name), value
}

// within reports whether all bytes are printable ASCII from lowest on.
func within(p []byte, lowest byte) bool {
	for _, c := range p {
		if c < lowest || c > '~' {
			return false
		}
	}
	return true
}

// set takes a field, and reports whether its value leaves the request in the fast lane.
func (h *Head) set(use fieldUse, value []byte) bool {
	switch use {
	case isHost:
		h.Host = value
	case isRange:
		h.Range = value
	case isIfRange:
		h.IfRange = value
	case isAgent:
		h.Agent = value
	case isReferer:
		h.Referer = value
	case isAuthorization:
		h.Authorization = value
	case isCookie:
		h.Cookie = value
	case isForwardedFor:
		h.ForwardedFor = value
	case isForwardedPrefix:
		h.ForwardedPrefix = value
	case isForwarded:
		h.Forwarded = value
	case isLoop:
		h.Loop = value
	case isConnection:
		return bytes.EqualFold(value, []byte("keep-alive"))
	case isCacheControl:
		return string(value) == "no-cache" || string(value) == "max-age=0"
	}
	return true
}
