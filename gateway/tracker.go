package gateway

import (
	"net/http"
	"net/netip"
	"strings"

	"github.com/gin-gonic/gin"
)

// A Tracker tells the peers of a torrent of each other (peer/tracker).
type Tracker interface {
	// Announce answers an announce: its query, and the client that it comes from.
	Announce(query string, from netip.Addr) []byte
	// Scrape answers a scrape.
	Scrape(query string) []byte
	// ServeWebSocket upgrades a request to a WebSocket, and returns when that has ended.
	ServeWebSocket(w http.ResponseWriter, r *http.Request, from netip.Addr)
}

// Where the tracker is.
const (
	announcePath = "/announce"
	scrapePath   = "/scrape"
)

func (s *Server) announce(c *gin.Context) {
	from := responseOf(c).client.Addr
	if s.proxies.Trusts(from) {
		from = netip.Addr{} // the proxy does not say whose announce it is
	}
	if strings.EqualFold(c.Request.Header.Get("Upgrade"), "websocket") {
		s.tracker.ServeWebSocket(responseOf(c), c.Request, from)
		return
	}
	s.tracked(c, s.tracker.Announce(c.Request.URL.RawQuery, from))
}

func (s *Server) scrape(c *gin.Context) { s.tracked(c, s.tracker.Scrape(c.Request.URL.RawQuery)) }

// tracked sends the tracker's answer, which is for this client and this moment.
func (s *Server) tracked(c *gin.Context, body []byte) {
	c.Writer.Header().Set("Cache-Control", cacheNone)
	s.bytes(c, http.StatusOK, "text/plain", body)
}
