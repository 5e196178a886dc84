package gateway

import (
	"context"
	"encoding/json"
	"errors"
	"io/fs"
	"net/http"
	"path/filepath"
	"time"

	"github.com/gin-gonic/gin"

	"github.com/btgw/btgw/metainfo"
	"github.com/btgw/btgw/publish"
)

// publicationsPath lists what is published (GET), publishes a path (POST) and ends that (DELETE, by the
// parameter path).
const publicationsPath = "/api/v1/publications"

// Publications are what is published; a *publish.Publisher has them.
type Publications interface {
	Add(ctx context.Context, path string) (publish.Publication, error)
	Remove(path string) error
	List() []publish.Publication
}

// publication is one in the API.
type publication struct {
	Path     string            `json:"path"`
	InfoHash metainfo.InfoHash `json:"infohash"`
	Href     string            `json:"href"`
	Size     int64             `json:"size"`
	State    publish.State     `json:"state"`
	Lost     int               `json:"lost"`
	Reason   string            `json:"reason,omitempty"`
	Since    time.Time         `json:"since"`
}

func publicationOf(p publish.Publication) publication {
	hash := p.Torrent.Info.ID()
	return publication{p.Path, hash, hash.Path() + "/", p.Torrent.Info.Size(), p.State, p.Lost, p.Reason, p.Since}
}

// publications are those of now; false where there are none yet, which was answered.
func (a *Admin) publications(c *gin.Context) (Publications, bool) {
	p := a.cfg.Publications()
	if p == nil {
		a.problem(c, &problem{status: http.StatusServiceUnavailable, slug: "busy", title: "Too busy", retryAfter: retryBusy,
			detail: "The server has only just begun."})
	}
	return p, p != nil
}

// listPublications answers with all, by path.
func (a *Admin) listPublications(c *gin.Context) {
	p, ok := a.publications(c)
	if !ok {
		return
	}
	list := make([]publication, 0)
	for _, pub := range p.List() {
		list = append(list, publicationOf(pub))
	}
	c.JSON(http.StatusOK, map[string]any{"publications": list})
}

// publish publishes a file or folder, or makes anew what changed. The answer comes when it is served;
// a client that goes away stops the hashing.
func (a *Admin) publish(c *gin.Context) {
	p, ok := a.publications(c)
	if !ok {
		return
	}
	var request struct {
		Path string `json:"path"`
	}
	control := http.NewResponseController(c.Writer)
	body := json.NewDecoder(http.MaxBytesReader(c.Writer, arriving(c.Request.Body, control), maxPublishBody))
	body.DisallowUnknownFields()
	err := body.Decode(&request)
	_ = control.SetReadDeadline(time.Time{})
	if err != nil || !filepath.IsAbs(request.Path) {
		a.problem(c, badRequest(`{"path": "/…"} is expected, an absolute path on this machine.`))
		return
	}
	pub, err := p.Add(c.Request.Context(), request.Path)
	switch {
	case err == nil:
		c.JSON(http.StatusCreated, publicationOf(pub))
	case errors.Is(err, publish.ErrTooMany):
		a.problem(c, &problem{status: http.StatusServiceUnavailable, slug: "busy", title: "Too busy", retryAfter: retryBusy,
			detail: "As much is published as may be."})
	case errors.Is(err, publish.ErrClosed):
		a.problem(c, draining())
	case errors.Is(err, fs.ErrNotExist):
		a.problem(c, noSuchPublication())
	default:
		a.problem(c, &problem{status: http.StatusUnprocessableEntity, slug: "not-published", title: "It cannot be published",
			detail: err.Error() + "."})
	}
}

// unpublish ends the publication of a path. The files stay.
func (a *Admin) unpublish(c *gin.Context) {
	p, ok := a.publications(c)
	if !ok {
		return
	}
	switch err := p.Remove(c.Query("path")); {
	case errors.Is(err, publish.ErrNotPublished):
		a.problem(c, noSuchPublication())
	case err != nil:
		a.fail(c, err)
	default:
		c.Status(http.StatusNoContent)
	}
}

func noSuchPublication() *problem {
	return &problem{status: http.StatusNotFound, slug: "no-such-path", title: "No such path",
		detail: "There is no such file or folder, or it is not published."}
}
