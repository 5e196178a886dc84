package gateway

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"time"

	"github.com/gin-gonic/gin"

	"github.com/btgw/btgw/fetch"
	"github.com/btgw/btgw/metainfo"
)

// fail answers with what an error of the backend means. It is the one place
// that knows; all is still before the header.
func (s *Server) fail(c *gin.Context, hash metainfo.InfoHash, err error) {
	switch context.Cause(c.Request.Context()) {
	case nil:
	case errEnded: // the client is still there, and a proxy may ask another gateway
		c.Writer.Header().Set("Connection", "close")
		err = fetch.ErrClosed
	default: // the client closed: nobody reads an answer
		responseOf(c).reason = reasonClient
		panic(http.ErrAbortHandler)
	}
	p := problemOf(err)
	p.hash = hash.String()
	if p.status == http.StatusNotFound {
		p.torrent = hash.Path() + "/"
	}
	if p.status == http.StatusInternalServerError {
		s.log.Error("request failed", "infohash", hash, "error", err)
	}
	s.problem(c, p)
}

// problemOf says what an error of the backend means to a client.
func problemOf(err error) *problem {
	var unavailable *fetch.UnavailableError
	var invalid *metainfo.InvalidError
	switch {
	case errors.As(err, &unavailable):
		return notAvailable(unavailable)
	case errors.As(err, &invalid):
		return &problem{status: http.StatusUnprocessableEntity, slug: "torrent-refused", title: "Torrent refused", cache: cacheRefused,
			detail: "This torrent is malformed or over a limit: " + invalid.Error() + "."}
	case errors.Is(err, errNotCached):
		return notCached()
	case errors.Is(err, metainfo.ErrNotFound):
		return noSuchPath()
	case errors.Is(err, fetch.ErrPrivate):
		return needsUpload("This is a private torrent: it has to be uploaded as a .torrent, which names its trackers.")
	case errors.Is(err, fetch.ErrNoLayers):
		return needsUpload("The pieces of this v2 torrent cannot be verified, as no peer that is connected sends their hashes: it has to be uploaded as a .torrent.")
	case errors.Is(err, fetch.ErrBusy), errors.Is(err, context.Canceled): // who left reads no answer: it is not our failure
		return &problem{status: http.StatusServiceUnavailable, slug: "busy", title: "Too busy", retryAfter: retryBusy, refused: refusedBusy,
			detail: "As many torrents or readers are in use as this server allows."}
	case errors.Is(err, fetch.ErrClosed):
		return draining()
	case errors.Is(err, fetch.ErrUnknown), errors.Is(err, context.DeadlineExceeded):
		return &problem{status: http.StatusGatewayTimeout, slug: "unavailable", title: "Not available in time", retryAfter: retryUnavailable,
			detail: "The swarm did not answer in time. The search goes on for a while."}
	}
	return internalError()
}

// needsUpload is the 422 of a torrent that an infohash is not enough for. It may
// be uploaded any time.
func needsUpload(detail string) *problem {
	return &problem{status: http.StatusUnprocessableEntity, slug: "needs-upload", title: "An infohash is not enough", detail: detail}
}

// notAvailable is the 504 of a swarm that has nothing, and the 502 of one that
// sends nothing right, with what was tried.
func notAvailable(e *fetch.UnavailableError) *problem {
	p := &problem{status: http.StatusGatewayTimeout, title: "Not available in time", retryAfter: retryUnavailable,
		stage: e.Stage.String(), tried: tried(e)}
	const goesOn = " The search goes on for a while."
	swarm := &e.Status.Swarm
	switch {
	case e.Bad:
		p.status, p.slug, p.title = http.StatusBadGateway, "bad-data", "Bad data from the swarm"
		p.detail = "Peers answered, but nothing that they sent matches the torrent's hashes."
	case onlyFailedWebSeeds(e):
		p.status, p.slug, p.title = http.StatusBadGateway, "web-seed-failed", "Web seed failed"
		p.detail = "No peer is connected, and no web seed of this torrent gave what was asked of it." + goesOn
	case e.Status.Private && swarm.Connected == 0:
		p.slug = "private"
		p.detail = "This torrent is private (BEP 27): only the trackers of its .torrent may name its peers, and none of those is connected. " +
			"Peers and trackers in the URL are not used." + goesOn
	case e.NoSources && swarm.Connected == 0 && swarm.Known > 0:
		p.slug = "no-peers"
		p.detail = "Every peer that is known was tried, and none can be reached." + goesOn
	case e.Stage == fetch.StageMetadata && swarm.Known == 0:
		p.slug = "no-peers"
		p.detail = "No peer was found for this infohash, so its metadata is not known. A tracker (tr=) or peer (x.pe=) in the URL helps." + goesOn
	case e.Stage == fetch.StageMetadata:
		p.slug = "no-metadata"
		p.detail = "No peer sent the torrent's metadata in time." + goesOn
	case e.Stage == fetch.StagePeers && swarm.Known == 0 && swarm.Connected == 0:
		p.slug = "no-peers"
		p.detail = "No peer was found for this torrent. A tracker (tr=) or peer (x.pe=) in the URL helps." + goesOn
	case e.Stage == fetch.StagePeers && swarm.Connected == 0:
		p.slug = "no-peers"
		p.detail = "Peers are known, and none is connected." + goesOn
	case e.Stage == fetch.StagePeers && e.Holders == 0 && e.Exhausted:
		p.slug = "no-peers"
		p.detail = "No connected peer has this part, and all that they tell of is here already. One that super-seeds (BEP 16) " +
			"may show more only when another peer has what it gave." + goesOn
	case e.Stage == fetch.StagePeers && e.Holders == 0:
		p.slug = "no-peers"
		p.detail = "No connected peer has this part." + goesOn
	case e.Stage == fetch.StageHashes:
		p.slug = "no-hashes"
		p.detail = "No peer sent the hashes of this v2 torrent's pieces in time. They are also in its .torrent, which may be uploaded." + goesOn
	case e.Stage == fetch.StagePeers:
		p.slug = "no-peers"
		p.detail = "No connected peer that has this part lets us download." + goesOn
	default:
		p.slug = "no-piece"
		p.detail = "Peers have this part, but it did not come in time." + goesOn
	}
	if rest, comes := e.Progress.Rest(); comes && !e.Bad {
		p.retryAfter = retryComing
		of, ahead := "", ""
		if e.Progress.Torrent {
			of = " of the torrent"
		}
		if n := e.Progress.Ahead; n > 0 {
			ahead = fmt.Sprintf(" after %d bytes that others wait for", n)
		}
		p.detail += fmt.Sprintf(" %d of %d bytes%s are there, and the rest would take %v%s: what came is kept for whoever asks again.",
			e.Progress.Have, e.Progress.Size, of, rest.Round(time.Second), ahead)
	}
	return p
}

// onlyFailedWebSeeds reports whether there was nobody to fetch from but web seeds, which
// fail, or have lost what was asked for: each has all until it fails of a file.
func onlyFailedWebSeeds(e *fetch.UnavailableError) bool {
	seeds := e.Status.WebSeeds
	lost := e.Stage == fetch.StagePeers && e.Holders == 0
	return e.Stage != fetch.StageMetadata && e.Status.Swarm.Connected == 0 && len(seeds) > 0 && (lost || failing(seeds) == len(seeds))
}

func failing(seeds []fetch.WebSeedStatus) (n int) {
	for i := range seeds {
		if seeds[i].Failing() {
			n++
		}
	}
	return n
}

// tried has the counts of what was tried as documents and pages show them.
func tried(e *fetch.UnavailableError) []count {
	status, swarm := e.Status, e.Status.Swarm
	counts := []count{
		{"Trackers asked", "trackers_asked", int64(swarm.TrackersAsked)},
		{"Trackers that failed", "trackers_failed", int64(swarm.TrackersFailed)},
		{"DHT nodes that answered", "dht_answers", int64(swarm.DHTAnswers)},
		{"Peers known", "peers_known", int64(swarm.Known)},
		{"Peers being dialled", "peers_dialing", int64(swarm.Dialing)},
		{"Peers connected", "peers_connected", int64(swarm.Connected)},
		{"Peers that offer the metadata", "peers_with_metadata", int64(swarm.MetadataPeers)},
		{"Peers that have everything", "seeds", int64(swarm.Seeds)},
		{"Peers that let us download", "peers_unchoked", int64(status.Unchoked)},
		{"Web seeds", "web_seeds", int64(len(status.WebSeeds))},
		{"Web seeds that fail", "web_seeds_failing", int64(failing(status.WebSeeds))},
		{"Pieces held", "pieces_have", int64(status.PiecesHave)},
		{"Pieces that failed their hash", "hash_failures", status.HashFailures},
	}
	if e.Stage == fetch.StageMetadata {
		return counts // which piece is missing is not known yet
	}
	return append(counts, count{"Connected peers that have the piece", "peers_with_piece", int64(e.Holders)})
}
