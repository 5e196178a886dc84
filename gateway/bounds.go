package gateway

import (
	"cmp"

	"github.com/btgw/btgw/gateway/limit"
)

// Limits are the bounds of a [Config] that may change while the server runs.
type Limits struct {
	MaxStreams, MaxStreamsPerClient     int
	RequestsPerClient, SurplusPerClient int
	RatePerClient                       int64
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
	s.streams.SetMax(l.MaxStreams, l.MaxStreamsPerClient)
	s.bounds.Store(limit.NewClients(l.RequestsPerClient, l.SurplusPerClient, l.RatePerClient))
}
