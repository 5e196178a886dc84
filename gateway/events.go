package gateway

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"time"

	"github.com/btgw/btgw/fetch"
	"github.com/btgw/btgw/metainfo"
)

// ?view=events is a stream of server-sent events (HTML, section 9.2) about a torrent, for a page that is
// open. It has the metadata looked for, as a request for content does, and fetches no piece:
//
//	status  how the search and the swarm are: a swarmEvent
//	info    the metadata is here
//	failed  what was looked for is not to be had now, and why: a failedEvent; the search goes on
//	end     the torrent cannot be served: a failedEvent; nothing comes any more

// A swarmEvent is what a page shows of a swarm. With Config.HideCacheState there is nothing of it once the
// metadata is known: it would tell what others watch.
type swarmEvent struct {
	Ready          bool   `json:"ready"` // the metadata is here
	Trackers       int    `json:"trackers"`
	TrackersAsked  int    `json:"trackers_asked"`
	TrackersFailed int    `json:"trackers_failed"`
	DHTAnswers     int    `json:"dht_answers"`
	Known          int    `json:"known"` // peers
	Dialing        int    `json:"dialing"`
	Connected      int    `json:"connected"`
	MetadataPeers  int    `json:"metadata_peers"`
	MetadataHave   int64  `json:"metadata_have,omitempty"` // bytes of the metadata that have come
	MetadataSize   int64  `json:"metadata_size,omitempty"` // 0 until it is known
	Seeds          int    `json:"seeds"`
	Unchoked       int    `json:"unchoked"`       // peers that let us download
	Down           int64  `json:"down,omitempty"` // bytes/s from peers
	Up             int64  `json:"up,omitempty"`   // bytes/s to peers
	Pieces         int    `json:"pieces,omitempty"`
	PiecesHave     int    `json:"pieces_have,omitempty"`
	Map            string `json:"map,omitempty"` // what is here of it, in mapCells equal parts: 0 nothing, 1 some, 2 all
}

// A failedEvent says what is wrong in words.
type failedEvent struct {
	Title  string `json:"title"`
	Detail string `json:"detail"`
	Retry  bool   `json:"retry"` // the search goes on
}

// events answers with the stream until the client leaves, or eventsMost is over.
func (s *Server) events(v *visit) {
	if !sameOrigin(v.c.Request) {
		s.problem(v.c, otherSite())
		return
	}
	responseOf(v.c).common = s.app.private
	h := v.c.Writer.Header()
	h["Cache-Control"] = []string{cacheNone}
	h["Content-Type"] = []string{"text/event-stream"}
	h["X-Accel-Buffering"] = []string{"no"} // nginx would wait for more
	s.header(v.c, http.StatusOK)
	if v.c.Request.Method == http.MethodHead {
		return
	}
	ctx, cancel := context.WithTimeout(v.c.Request.Context(), eventsMost)
	defer cancel()
	e := &eventStream{s: s, v: v, out: s.writer(v.c)}
	found := make(chan error, 1)
	search := func() {
		wait, done := context.WithTimeout(ctx, s.firstByteTimeout)
		defer done()
		hints := s.hints(v)
		hints.FailFast = true
		_, err := s.backend.Info(wait, v.target.hash, hints)
		found <- err
	}
	go search()
	e.run(ctx, found, search)
	cancel()
	if e.searching {
		<-found
	}
}

// An eventStream is one that is being sent.
type eventStream struct {
	s         *Server
	v         *visit
	out       io.Writer
	searching bool // the goroutine that waits for the metadata has not ended
	ready     bool

	last   string    // data of the last status
	sent   time.Time // of anything
	mapped time.Time
	cells  string

	counted              time.Time
	downloaded, uploaded int64 // when it was counted
	down, up             int64 // bytes/s
}

// run sends what there is to say until ctx ends, the client is gone, or the server drains.
func (e *eventStream) run(ctx context.Context, found <-chan error, search func()) {
	tick := time.NewTicker(eventsEvery)
	defer tick.Stop()
	var retry <-chan time.Time
	e.searching = true
	for {
		if e.status() != nil || e.s.inflight.isDraining() {
			return
		}
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		case <-retry:
			retry, e.searching = nil, true
			go search()
		case err := <-found:
			e.searching = false
			if ctx.Err() != nil {
				return
			}
			again, err := e.found(err)
			if err != nil {
				return
			}
			if again {
				retry = time.After(eventsRetry)
			}
		}
	}
}

// found tells how the search ended, and whether it is to go on.
func (e *eventStream) found(err error) (again bool, _ error) {
	if err == nil {
		e.v.info, e.ready = e.known()
		return false, e.send("info", struct{}{})
	}
	p := problemOf(err)
	var unavailable *fetch.UnavailableError
	again = errors.As(err, &unavailable) || p.retryAfter > 0
	name := "end"
	if again {
		name = "failed"
	}
	if p.status == http.StatusInternalServerError {
		e.s.log.Error("events", "infohash", e.v.target.hash, "error", err)
	}
	if err := e.send(name, failedEvent{p.title, p.detail, again}); err != nil || !again {
		return false, errors.Join(err, io.EOF)
	}
	return true, nil
}

func (e *eventStream) known() (*metainfo.Info, bool) { return e.s.backend.Known(e.v.target.hash) }

// status sends how things are, if that changed, and something now and then, so that nobody in between
// takes the connection for dead.
func (e *eventStream) status() error {
	now := time.Now()
	data, err := json.Marshal(e.look(now))
	if err != nil {
		return err
	}
	if text := string(data); text != e.last {
		e.last = text
		return e.write("event: status\ndata: " + text + "\n\n")
	}
	if now.Sub(e.sent) >= eventsIdle {
		return e.write(":\n\n")
	}
	return nil
}

// look takes a snapshot.
func (e *eventStream) look(now time.Time) swarmEvent {
	ev := swarmEvent{Ready: e.ready}
	if e.ready && e.s.hideCacheState {
		return ev
	}
	st, _ := e.s.backend.Status(e.v.target.hash)
	sw := &st.Swarm
	ev.Trackers, ev.TrackersAsked, ev.TrackersFailed, ev.DHTAnswers = sw.Trackers, sw.TrackersAsked, sw.TrackersFailed, sw.DHTAnswers
	ev.Known, ev.Dialing, ev.Connected, ev.MetadataPeers, ev.Seeds, ev.Unchoked = sw.Known, sw.Dialing, sw.Connected, sw.MetadataPeers, sw.Seeds, st.Unchoked
	if !e.ready {
		ev.MetadataHave, ev.MetadataSize = st.Metadata.Have, st.Metadata.Size
		return ev
	}
	ev.Pieces, ev.PiecesHave = st.Pieces, st.PiecesHave
	ev.Down, ev.Up = e.rates(&st, now)
	ev.Map = e.picture(now)
	return ev
}

// rates are those of the last second, in bytes/s.
func (e *eventStream) rates(st *fetch.Status, now time.Time) (down, up int64) {
	took := now.Sub(e.counted)
	if e.counted.IsZero() || took >= eventsRate {
		if !e.counted.IsZero() {
			e.down = int64(float64(max(0, st.Downloaded-e.downloaded)) / took.Seconds())
			e.up = int64(float64(max(0, st.Uploaded-e.uploaded)) / took.Seconds())
		}
		e.counted, e.downloaded, e.uploaded = now, st.Downloaded, st.Uploaded
	}
	return e.down, e.up
}

// picture says how much is here of what the page is about.
func (e *eventStream) picture(now time.Time) string {
	if now.Sub(e.mapped) < eventsMap && e.cells != "" {
		return e.cells
	}
	e.mapped, e.cells = now, ""
	node := e.v.info.Tree()
	if len(e.v.target.path) > 0 {
		var err error
		if node, err = e.v.info.Lookup(e.v.target.path); err != nil {
			return ""
		}
	}
	m := mapper{size: node.Size, cached: func(f *metainfo.File, off, n int64) fetch.Held {
		return e.s.backend.Cached(e.v.target.hash, f, off, n)
	}}
	if node.Dir {
		_ = walkNodes(*node, nil, true, func(node metainfo.Node, _ []string) error {
			if !node.Dir {
				m.file(node.File)
			}
			return nil
		})
	} else {
		m.file(node.File)
	}
	e.cells = m.String()
	return e.cells
}

func (e *eventStream) send(name string, data any) error {
	text, err := json.Marshal(data)
	if err != nil {
		return err
	}
	return e.write("event: " + name + "\ndata: " + string(text) + "\n\n")
}

// write sends and flushes.
func (e *eventStream) write(text string) error {
	e.sent = time.Now()
	if _, err := io.WriteString(e.out, text); err != nil {
		return err
	}
	return responseOf(e.v.c).control.Flush()
}
