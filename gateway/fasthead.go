package gateway

import (
	"bytes"
	"net/http"
	"strconv"
	"time"

	"github.com/btgw/btgw/fetch"
	"github.com/btgw/btgw/gateway/httprange"
)

// A fileHead is the head of an answer with a file's bytes, as net/http wrote it once, without what differs from one
// answer to the next. It does not change.
type fileHead struct {
	before []byte // the lines in front of Cache-Control, if that is a grant's; else those in front of Content-Length
	kept   []byte // those behind Cache-Control, in front of Content-Length
	middle []byte // those behind it, in front of Content-Range
	after  []byte // those from Content-Type on
	last   []byte // those behind Server-Timing
	timed  bool   // there is a Server-Timing

	granted bool // there is a Cache-Control that a grant limits
}

var crlf = []byte("\r\n")

// newFileHead reads a head that was written for bytes that were all here, by a grant or without. It returns nil where that
// has lines that are not known, or has them in another order than that of their names, with Date at the end.
func newFileHead(head []byte, granted bool) *fileHead {
	status, rest, _ := bytes.Cut(head, crlf)
	if s := string(status); s != statusOK && s != statusPartial {
		return nil
	}
	f := &fileHead{}
	at, ranged := &f.before, false
	for {
		line, more, ok := bytes.Cut(rest, crlf)
		if rest = more; !ok {
			return nil
		}
		name, value, _ := bytes.Cut(line, []byte(": "))
		switch string(name) {
		case "Date":
			if (at != &f.after || f.timed) && at != &f.last || string(rest) != "\r\n" {
				return nil
			}
			return f
		case "Cache-Control":
			if granted {
				if at != &f.before {
					return nil
				}
				at, f.granted = &f.kept, true
				continue
			}
		case "Content-Length":
			if at != &f.before && at != &f.kept || granted != f.granted {
				return nil
			}
			at = &f.middle
			continue
		case "Content-Range":
			if at != &f.middle || ranged {
				return nil
			}
			ranged = true
			continue
		case "Content-Type":
			if at != &f.middle {
				return nil
			}
			at = &f.after
		case "Server-Timing":
			if at != &f.after {
				return nil
			}
			at, f.timed = &f.last, true
			continue
		case "Cache-Status":
			if string(value) != cacheStatus(fetch.Held{All: true}) {
				return nil
			}
		case "", "Connection", "Transfer-Encoding", "Set-Cookie":
			return nil
		default:
			if at == &f.middle && (ranged || string(name) > "Content-Range") {
				return nil
			}
		}
		*at = append(append(*at, line...), crlf...)
	}
}

const (
	statusOK      = "HTTP/1.1 200 OK"
	statusPartial = "HTTP/1.1 206 Partial Content"
)

// headValues are what differs from one answer to the next.
type headValues struct {
	status int    // 200 or 206
	cache  string // Cache-Control, where a grant limits that
	r      httprange.Range
	size   int64         // of the file
	body   bool          // it is not for HEAD
	took   time.Duration // until the bytes were ready
	date   []byte        // of now
}

// A dateText is the text of the Date of the last answer, which most have again.
type dateText struct {
	second int64 // Unix
	text   []byte
}

// of returns the text of a time, until the next call.
func (d *dateText) of(now time.Time) []byte {
	if second := now.Unix(); second != d.second || d.text == nil {
		d.second, d.text = second, now.UTC().AppendFormat(d.text[:0], http.TimeFormat)
	}
	return d.text
}

// append appends a head.
func (f *fileHead) append(out []byte, v *headValues) []byte {
	status := statusOK
	if v.status == http.StatusPartialContent {
		status = statusPartial
	}
	out = append(append(append(out, status...), crlf...), f.before...)
	if f.granted {
		out = append(append(append(append(out, "Cache-Control: "...), v.cache...), crlf...), f.kept...)
	}
	out = append(out, "Content-Length: "...)
	out = append(append(strconv.AppendInt(out, v.r.N, 10), crlf...), f.middle...)
	if v.status == http.StatusPartialContent {
		out = append(v.r.AppendContentRange(append(out, "Content-Range: "...), v.size), crlf...)
	}
	out = append(out, f.after...)
	if f.timed {
		out = appendTiming(append(out, "Server-Timing: "...), "metadata", 0)
		if v.body {
			out = appendTiming(append(out, ", "...), "piece", v.took)
		}
		out = append(append(out, crlf...), f.last...)
	}
	out = append(append(out, "Date: "...), v.date...)
	return append(out, "\r\n\r\n"...)
}
