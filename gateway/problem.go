package gateway

import (
	"encoding/json"
	"fmt"
	"net/http"

	"github.com/btgw/btgw/gateway/httprange"
	"github.com/btgw/btgw/gateway/limit"
	"github.com/btgw/btgw/metainfo"
)

// A problem is an answer that is not content: its status, and what a person and
// a program need to know (RFC 9457). It is a value and not an error: a handler
// that has one ends with it.
type problem struct {
	status int
	slug   string // the last part of the type; also the error.type of telemetry
	title  string // of the kind
	detail string // of this case; never text of a stranger

	cache      string // Cache-Control; no-store if empty
	retryAfter int    // seconds; 0: none
	refused    string // which bound refused the request; "" for none
	tried      []count
	stage      string // what was waited for, of 502 and 504
	hash       string // the infohash, once it is known
	torrent    string // path of the torrent, where it has something else
	header     http.Header
	xml        string             // the body for clients of WebDAV; "" for none of its own
	dropped    []metainfo.Dropped // hints of the request that were left out
}

// A count is one line of what was tried.
type count struct {
	Name  string
	Key   string
	Value int64
}

// problemType is the prefix of every type. The types identify, they are not
// pages.
const problemType = "urn:btgw:problem:"

func badRequest(format string, args ...any) *problem {
	return &problem{status: http.StatusBadRequest, slug: "bad-request", title: "Bad request", detail: fmt.Sprintf(format, args...)}
}

func noSuchPage() *problem {
	return &problem{status: http.StatusNotFound, slug: "no-such-page", title: "No such page", cache: cacheMissing,
		detail: "Content is under /btih/<infohash>/ and /btmh/<v2 infohash>/; / explains the forms."}
}

func noSuchPath() *problem {
	return &problem{status: http.StatusNotFound, slug: "no-such-path", title: "No such path", cache: cacheMissing,
		detail: "The torrent has no file or directory of this name."}
}

func methodNotAllowed(allow string) *problem {
	return &problem{status: http.StatusMethodNotAllowed, slug: "method-not-allowed", title: "Method not allowed",
		detail: "Content can be read only.", header: http.Header{"Allow": {allow}}}
}

func preconditionFailed(etag string) *problem {
	return &problem{status: http.StatusPreconditionFailed, slug: "precondition-failed", title: "Precondition failed",
		detail: "If-Match names another version; what an infohash stands for has one only.", header: http.Header{"Etag": {etag}}}
}

func notSatisfiable(etag string, size int64) *problem {
	return &problem{status: http.StatusRequestedRangeNotSatisfiable, slug: "range-not-satisfiable", title: "Range not satisfiable",
		detail: fmt.Sprintf("The Range header is not one, asks for nothing within the %d bytes of this file, or for more than %d separate ranges.", size, httprange.MaxRanges),
		header: http.Header{"Content-Range": {fmt.Sprintf("bytes */%d", size)}, "Etag": {etag}}}
}

func misdirected() *problem {
	return &problem{status: http.StatusMisdirectedRequest, slug: "misdirected", title: "Unknown host",
		detail: "This server does not answer to the name in the Host header. The operator can add the name with --host."}
}

func loopDetected() *problem {
	return &problem{status: http.StatusLoopDetected, slug: "loop", title: "Loop detected",
		detail: "This request comes from this server itself: a web seed of a torrent leads back here."}
}

// What refused a request, as telemetry counts it.
const (
	refusedClientRequests = "client_requests"
	refusedClientSurplus  = "client_surplus"
	refusedBusy           = "busy" // torrents or readers of the engine
	refusedDraining       = "draining"
	refusedLink           = "link" // it has none that holds
	refusedKey            = "key"  // likewise
	refusedUser           = "user" // over a limit of the user's
)

func tooManyStreams(refused string, most int) *problem {
	return &problem{status: http.StatusTooManyRequests, slug: "too-many-streams", title: "Too many streams", retryAfter: retryBusy, refused: refused,
		header: rateLimit("streams", int64(most), 0, 0, "concurrent-requests"),
		detail: "As many transfers are under way as this server allows, in all or for one client."}
}

func tooManyRequests(perSecond int) *problem {
	return &problem{status: http.StatusTooManyRequests, slug: "too-many-requests", title: "Too many requests", retryAfter: retryRate, refused: refusedClientRequests,
		header: rateLimit("requests", int64(limit.RequestBurst*perSecond), limit.RequestBurst, retryRate, ""),
		detail: "More requests came from this client than the server allows it a second."}
}

func tooMuchSurplus(perSecond int) *problem {
	return &problem{header: rateLimit("surplus", int64(limit.SurplusBurst*perSecond), limit.SurplusBurst, retrySurplus, "content-bytes"), status: http.StatusTooManyRequests, slug: "too-scattered", title: "Too scattered", retryAfter: retrySurplus, refused: refusedClientSurplus,
		detail: "This client asked for small parts of so many pieces that far more was fetched than it got. Longer ranges cost less."}
}

func draining() *problem {
	return &problem{status: http.StatusServiceUnavailable, slug: "draining", title: "Shutting down", retryAfter: retryDraining, refused: refusedDraining,
		detail: "This server finishes the transfers that it has begun and takes no new ones."}
}

func notCached() *problem {
	return &problem{status: http.StatusGatewayTimeout, slug: "not-cached", title: "Not cached",
		detail: "The request says only-if-cached, and not all that it asks for is here. Nothing was fetched."}
}

// infiniteDepth is the refusal of RFC 4918 section 9.1, with its precondition for programs.
func infiniteDepth() *problem {
	return &problem{status: http.StatusForbidden, slug: "propfind-finite-depth", title: "Depth has to be finite",
		detail: "PROPFIND has Depth: 0 or 1 here.", xml: `<D:error xmlns:D="DAV:"><D:propfind-finite-depth/></D:error>`}
}

func tooLargeBody() *problem {
	return &problem{status: http.StatusRequestEntityTooLarge, slug: "too-large", title: "Request too large",
		detail: "The body of a PROPFIND has at most " + showSize(maxDAVBody) + "."}
}

func internalError() *problem {
	return &problem{status: http.StatusInternalServerError, slug: "internal", title: "Internal error",
		detail: "Something went wrong in this server; its log says what."}
}

// advice is what a person can do about it, in a sentence; "" where the detail says it, or there is nothing.
func (p *problem) advice() string {
	switch p.slug {
	case "no-such-path":
		return "Its list of files has what there is."
	case "denied", "legal":
		return "To ask here again changes nothing: whoever runs this server has decided so."
	case "torrent-refused":
		return "Another .torrent or link of the same content may be whole."
	case "needs-upload":
		return "Choose its .torrent on the start page."
	case "too-many-streams":
		return "Close players and downloads that you no longer need, or wait until one ends."
	case "too-many-requests", "too-scattered", "busy":
		return "Wait a little: it goes on by itself."
	case "draining":
		return "If it is started again, it is back in a moment."
	case "unavailable", "no-metadata", "no-peers":
		return "Those who have it may be online later."
	case "bad-data":
		return "Another torrent of the same content may be whole."
	case "key-needed", "may-not-add":
		return "Whoever runs this server gives keys, and says what they are good for."
	case linkNeeded, "link-bound", "link-refused":
		return "Whoever gave you the link can make a new one."
	case "not-allowed":
		return "Whoever runs this server can add it to the list."
	case "cross-origin":
		return "Open this server in a window of its own, and go on from there."
	case "internal":
		return "Try again; if it stays so, tell whoever runs this server when it happened."
	}
	return ""
}

// body is the problem document for programs.
func (p *problem) body() []byte {
	doc := struct {
		Type       string             `json:"type"`
		Title      string             `json:"title"`
		Status     int                `json:"status"`
		Detail     string             `json:"detail"`
		InfoHash   string             `json:"infohash,omitempty"`
		Stage      string             `json:"stage,omitempty"`
		Tried      map[string]int64   `json:"tried,omitempty"`
		RetryAfter int                `json:"retry_after,omitempty"` // seconds
		Dropped    []metainfo.Dropped `json:"dropped,omitempty"`     // hints that were left out
	}{problemType + p.slug, p.title, p.status, p.detail, p.hash, p.stage, nil, p.retryAfter, p.dropped}
	if len(p.tried) > 0 {
		doc.Tried = make(map[string]int64, len(p.tried))
		for _, t := range p.tried {
			doc.Tried[t.Key] = t.Value
		}
	}
	body, err := json.MarshalIndent(doc, "", "  ")
	if err != nil {
		return []byte("{}\n") // strings and numbers always marshal
	}
	return append(body, '\n')
}
