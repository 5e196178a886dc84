package main

import (
	"context"
	"io"
	"slices"
	"strings"

	"github.com/btgw/btgw/gateway"
	"github.com/btgw/btgw/internal/command"
)

// live are the settings that a reload puts in force; others wait for the next start.
var live = []string{"client-rate", "client-requests", "client-streams", "client-surplus", "drain-time", "log-level", "max-download-rate"}

// reloadOn reloads whenever the channel says so, until ctx ends.
func (srv *server) reloadOn(ctx context.Context, hangup <-chan struct{}, a *app) {
	for {
		select {
		case <-ctx.Done():
			return
		case <-hangup:
			srv.reload(a)
		}
	}
}

// reload reads lists, keys, certificate and blocklist again, begins the access log's file anew, and reads the settings as at
// the start. What is faulty is told of, and all stays as it was.
func (srv *server) reload(a *app) {
	srv.log.Info("reloading")
	srv.engine.reloads.Now()
	for _, m := range srv.mirrors {
		m.Now()
	}
	if err := srv.accessFile.reopen(); err != nil {
		srv.log.Error("the access log goes on in the file before", "error", err)
	}
	chosen, fresh, err := parse(a.args, &cli{}, io.Discard, io.Discard)
	if err != nil {
		srv.log.Error("the settings are not in force: those before stay", "error", err)
		return
	}
	s := serveOf(chosen).settings(fresh.problems)
	if err := fresh.problems.err(); err != nil {
		srv.log.Error("the settings are not in force: those before stay", "error", err)
		return
	}
	applied, waiting := srv.differences(a.values, valuesOf(chosen))
	srv.content.SetLimits(s.http.limits())
	srv.level.Set(s.log.level)
	srv.drainTime.Store(int64(s.drainTime))
	srv.engine.throttle.SetRate(int64(s.engine.downloadRate))
	a.values = valuesOf(chosen)
	srv.log.Info("reloaded", "changed", strings.Join(applied, " "))
	if len(waiting) > 0 {
		srv.log.Warn("settings that changed wait for the next start", "settings", strings.Join(waiting, " "))
	}
}

// limits are the bounds of the content server that may change.
func (s *httpSettings) limits() gateway.Limits {
	return gateway.Limits{MaxStreams: s.maxStreams, MaxStreamsPerClient: s.clientStreams, RequestsPerClient: s.clientRequests,
		SurplusPerClient: s.clientSurplus, RatePerClient: s.clientRate}
}

// differences names the flags whose values differ, apart by whether a reload puts them in force.
func (srv *server) differences(before, now map[string]string) (applied, waiting []string) {
	for name, value := range now {
		switch {
		case before[name] == value:
		case name == "max-download-rate" && (before[name] == "0" || value == "0"): // connections are made with a bound or without
			waiting = append(waiting, name)
		case slices.Contains(live, name):
			applied = append(applied, name)
		default:
			waiting = append(waiting, name)
		}
	}
	slices.Sort(applied)
	slices.Sort(waiting)
	return applied, waiting
}

// serveOf is the serve command, or that of the publish command, which has one.
func serveOf(chosen *command.Command) *serveCmd {
	if c, ok := chosen.Target.(*publishCmd); ok {
		return &c.serveCmd
	}
	return chosen.Target.(*serveCmd)
}

// valuesOf are the values of all flags, by their names.
func valuesOf(chosen *command.Command) map[string]string {
	values := make(map[string]string)
	for _, flag := range chosen.Flags {
		values[flag.Name] = flag.String()
	}
	return values
}
