package gateway

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"mime"
	"net/http"
	"time"

	"github.com/gin-gonic/gin"

	"github.com/btgw/btgw/fetch"
)

var errNotObject = errors.New("gateway: not a JSON object")

// uploadSwitch is the body of /api/v1/uploads.
type uploadSwitch struct {
	Stopped *bool `json:"stopped"` // never nil in an answer
}

// policy answers with where a torrent departs from the rules of uploads.
func (a *Admin) policy(c *gin.Context) {
	hash, ok := a.hash(c)
	if !ok {
		return
	}
	p, err := a.cfg.Backend.SetUploadPolicy(hash, func(*fetch.UploadPolicy) error { return nil })
	a.answerPolicy(c, p, err)
}

// setPolicy changes that by a merge patch (RFC 7396).
func (a *Admin) setPolicy(c *gin.Context) {
	hash, ok := a.hash(c)
	if !ok {
		return
	}
	decode, problem := readJSON(c)
	if problem != nil {
		a.problem(c, problem)
		return
	}
	var wrong error
	p, err := a.cfg.Backend.SetUploadPolicy(hash, func(p *fetch.UploadPolicy) error {
		wrong = errors.Join(decode(p), p.Check())
		return wrong
	})
	if wrong != nil {
		a.problem(c, badRequest("A JSON object is expected of upload_rate (bytes/s, 1024 or more, or 0), seed_time (seconds), "+
			"seed_ratio (a number), each of them or null, and stopped (true or false)."))
		return
	}
	a.answerPolicy(c, p, err)
}

func (a *Admin) answerPolicy(c *gin.Context, p fetch.UploadPolicy, err error) {
	switch {
	case errors.Is(err, fetch.ErrUnknown):
		a.problem(c, noSuchTorrent())
	case err != nil:
		a.fail(c, err)
	default:
		c.JSON(http.StatusOK, p)
	}
}

// uploads answers whether uploads of all torrents are stopped.
func (a *Admin) uploads(c *gin.Context) {
	stopped := a.cfg.Backend.UploadsStopped()
	c.JSON(http.StatusOK, uploadSwitch{&stopped})
}

// setUploads stops them, or lets them begin again.
func (a *Admin) setUploads(c *gin.Context) {
	decode, problem := readJSON(c)
	if problem != nil {
		a.problem(c, problem)
		return
	}
	var s uploadSwitch
	if err := decode(&s); err != nil || s.Stopped == nil {
		a.problem(c, badRequest(`A JSON object is expected: {"stopped": true}.`))
		return
	}
	a.cfg.Backend.StopUploads(*s.Stopped)
	a.uploads(c)
}

// readJSON reads a small body, and returns what decodes it, strictly: a
// misspelt field is an error.
func readJSON(c *gin.Context) (decode func(into any) error, p *problem) {
	kind, _, _ := mime.ParseMediaType(c.GetHeader("Content-Type"))
	if kind != "application/json" && kind != "application/merge-patch+json" {
		return nil, &problem{status: http.StatusUnsupportedMediaType, slug: "unsupported-media-type", title: "Unsupported media type",
			detail: "JSON is expected (application/json, or application/merge-patch+json)."}
	}
	control := http.NewResponseController(c.Writer)
	_ = control.SetReadDeadline(time.Now().Add(uploadTimeout))
	body, err := io.ReadAll(http.MaxBytesReader(c.Writer, c.Request.Body, maxAdminJSON))
	_ = control.SetReadDeadline(time.Time{})
	if err != nil {
		return nil, badRequest("The body did not arrive whole, or is too long.")
	}
	return func(into any) error {
		var object map[string]json.RawMessage
		if err := json.Unmarshal(body, &object); err != nil || object == nil {
			return errNotObject
		}
		d := json.NewDecoder(bytes.NewReader(body))
		d.DisallowUnknownFields()
		return d.Decode(into)
	}, nil
}
