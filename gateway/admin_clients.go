package gateway

import (
	"cmp"
	"net/http"
	"slices"

	"github.com/gin-gonic/gin"
)

// A ClientStatus says how many streams a client of the content server has.
type ClientStatus struct {
	Client  string `json:"client"` // an address, or a network of IPv6
	Streams int    `json:"streams"`
}

// Clients returns the clients that have streams, those with the most first.
func (s *Server) Clients() []ClientStatus {
	counts := s.streams.Clients()
	all := make([]ClientStatus, 0, len(counts))
	for client, n := range counts {
		name := client.String()
		if client.IsSingleIP() {
			name = client.Addr().String()
		}
		all = append(all, ClientStatus{name, n})
	}
	slices.SortFunc(all, func(x, y ClientStatus) int {
		return cmp.Or(cmp.Compare(y.Streams, x.Streams), cmp.Compare(x.Client, y.Client))
	})
	return all
}

// clients answers with them.
func (a *Admin) clients(c *gin.Context) {
	all := []ClientStatus{}
	if a.cfg.Clients != nil {
		all = a.cfg.Clients()
	}
	c.JSON(http.StatusOK, gin.H{"clients": all})
}
