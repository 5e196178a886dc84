package gateway

import (
	_ "embed" // the page
	"net/http"

	"github.com/gin-gonic/gin"

	"github.com/btgw/btgw/docs"
)

var (
	//go:embed admin/page.html
	adminPage []byte
	//go:embed admin/page.css
	adminStyle []byte
	//go:embed admin/page.js
	adminScript []byte
)

// adminCSP lets the page load what is here, and nobody frame it.
const adminCSP = "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src data:; form-action 'none'; base-uri 'none'; frame-ancestors 'none'"

// pageRoutes serve what has nothing to hide: the operator's page, which asks the API for all that it shows, and the API's
// document. A browser cannot send the token with the first request, so the page asks for it.
func (a *Admin) pageRoutes(e *gin.Engine) {
	for path, file := range map[string]struct {
		kind string
		data []byte
	}{
		"/":             {"text/html; charset=utf-8", adminPage},
		"/-/admin.css":  {"text/css; charset=utf-8", adminStyle},
		"/-/admin.js":   {"text/javascript; charset=utf-8", adminScript},
		"/openapi.json": {"application/json", docs.OpenAPI},
	} {
		get(e, path, func(c *gin.Context) {
			if !a.hosts.allows(c.Request.Host, c.Request.ProtoMajor == 1 && c.Request.ProtoMinor == 0) {
				a.problem(c, misdirected())
				return
			}
			c.Header("Content-Security-Policy", adminCSP)
			c.Data(http.StatusOK, file.kind, file.data)
		})
	}
}
