package gateway

import (
	"crypto/rand"
	"net/http"
	"strings"

	"github.com/btgw/btgw/fetch"
	"github.com/btgw/btgw/gateway/httprange"
)

// A part is one range of a multipart/byteranges body with what stands before
// it.
type part struct {
	httprange.Range
	head string
}

// parts lays out a body of several ranges (RFC 9110 section 14.6). The length
// is exact, so that a body cut short never looks whole.
func parts(ranges []httprange.Range, size int64, mediaType, boundary string) (list []part, tail string, length int64) {
	list = make([]part, 0, len(ranges))
	for i, r := range ranges {
		var head strings.Builder
		if i > 0 {
			head.WriteString("\r\n")
		}
		head.WriteString("--" + boundary + "\r\nContent-Type: " + mediaType +
			"\r\nContent-Range: " + r.ContentRange(size) + "\r\n\r\n")
		list = append(list, part{r, head.String()})
		length += int64(head.Len()) + r.N
	}
	tail = "\r\n--" + boundary + "--\r\n"
	return list, tail, length + int64(len(tail))
}

// sendParts sends several ranges in the order they were asked for. The first
// has its bytes before the header goes out; each later one is opened while the
// one before it is sent, so that its swarm is not idle.
func (s *Server) sendParts(a *fileAnswer, ranges []httprange.Range) {
	boundary := rand.Text() // 128 bits: nothing in the file can be it
	list, tail, length := parts(ranges, a.size, a.kind, boundary)
	if !s.allHeld(a, ranges...) {
		return
	}
	current, ok := s.begin(a, list[0].Range)
	if !ok {
		return
	}
	var next fetch.Content
	defer func() {
		for _, content := range []fetch.Content{current, next} {
			if content != nil {
				content.Close()
			}
		}
	}()
	a.setHeader(s)
	a.c.Writer.Header()["Content-Type"] = []string{"multipart/byteranges; boundary=" + boundary}
	a.setLength(length)
	s.header(a.c, http.StatusPartialContent)
	out := s.streamer(a)
	defer out.end()
	for i, p := range list {
		if i+1 < len(list) {
			var err error
			if next, err = a.of.open(s, a.visit, list[i+1].Range); err != nil {
				out.cut(reasonRead, err)
			}
		}
		out.text(p.head)
		out.body(current, p.N, i == 0)
		current.Close()
		current, next = next, nil
	}
	out.text(tail)
}
