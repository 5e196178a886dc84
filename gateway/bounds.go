package gateway

import "cmp"

// Limits are the bounds of a [Config] that may change while the server runs.
type Limits struct {
	MaxStreams, MaxStreamsPerClient     int
	RequestsPerClient, SurplusPerClient int
	RatePerClient                       int64
}

// limits are those of a configuration.
func (c *Config) limits() Limits {
	return Limits{c.MaxStreams, c.MaxStreamsPerClient, c.RequestsPerClient, c.SurplusPerClient, c.RatePerClient}
}

// SetLimits puts other bounds in force, by the rules of the fields of [Config]. Transfers under way go on
// as they began, but for a place that they take. Connections are bounded as at the start.
func (s *Server) SetLimits(l Limits) {
	l.MaxStreams = cmp.Or(l.MaxStreams, MaxStreams)
	if l.MaxStreamsPerClient = cmp.Or(l.MaxStreamsPerClient, MaxStreamsPerClient); l.MaxStreamsPerClient == Unbounded {
		l.MaxStreamsPerClient = l.MaxStreams
	}
	l.RequestsPerClient = cmp.Or(l.RequestsPerClient, RequestsPerClient)
	l.SurplusPerClient = cmp.Or(l.SurplusPerClient, SurplusPerClient)
	s.streams.limit(l.MaxStreams, l.MaxStreamsPerClient)
	s.bounds.Store(newBounds(l))
}

// bounds are what one client may use, as long as nobody changes it: then all clients begin anew.
type bounds struct {
	requests  *requests
	surpluses *surpluses
	paces     *paces
}

func newBounds(l Limits) *bounds {
	return &bounds{newRequests(l.RequestsPerClient), newSurpluses(l.SurplusPerClient, surplusBurst*l.SurplusPerClient), newPaces(l.RatePerClient)}
}
