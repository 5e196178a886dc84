package gateway

import (
	"net/http"
	"strings"
)

// captionsLine is where Samsung's televisions are told of a film's subtitles, of which they take one; where they
// ask for it by captionsAsk.
const (
	captionsLine = "CaptionInfo.sec"
	captionsAsk  = "getCaptionInfo.sec"
)

// Televisions ask in DLNA's own header lines what they may do with a file, and some play nothing
// that does not answer in them. Their names are written as DLNA has them: not every client compares
// without case.

// transferModes are those of DLNA, by their name in lower case.
var transferModes = map[string]string{"streaming": "Streaming", "interactive": "Interactive", "background": "Background"}

// These constants tell what can be done with a file. There are byte ranges and no time ranges (OP), and
// bytes as they are stored (CI). The flags are the transfer modes, stalling of the connection among
// them.
const (
	featuresOfMedia = "DLNA.ORG_OP=01;DLNA.ORG_CI=0;DLNA.ORG_FLAGS=01700000000000000000000000000000"
	featuresOfOther = "DLNA.ORG_OP=01;DLNA.ORG_CI=0;DLNA.ORG_FLAGS=00F00000000000000000000000000000"
)

// setDLNA answers what the request asks in DLNA's header lines of a file of this media type.
func setDLNA(h, asked http.Header, mediaType string) {
	media := playable(mediaType)
	features := asked.Get("getcontentFeatures.dlna.org") == "1"
	mode := asked.Get("transferMode.dlna.org")
	if features {
		h["contentFeatures.dlna.org"] = []string{featuresOfOther}
		if media {
			h["contentFeatures.dlna.org"] = []string{featuresOfMedia}
		}
	}
	switch known := transferModes[strings.ToLower(mode)]; {
	case known != "":
		h["transferMode.dlna.org"] = []string{known}
	case features && media:
		h["transferMode.dlna.org"] = []string{"Streaming"}
	case features:
		h["transferMode.dlna.org"] = []string{"Interactive"}
	}
	if asked.Get("realTimeInfo.dlna.org") != "" {
		h["realTimeInfo.dlna.org"] = []string{"DLNA.ORG_TLAG=*"}
	}
}

// setCaptions names the subtitles of a film to a television that asks for them. It prefers SubRip, which televisions
// read. In a torrent of very many files it looks for none.
func (s *Server) setCaptions(a *fileAnswer) {
	path := a.target.path
	if a.c.Request.Header.Get(captionsAsk) != "1" || len(path) == 0 || !playable(a.kind) || isDear(a.info) {
		return
	}
	dir := path[:len(path)-1]
	node, err := a.info.Lookup(dir)
	if err != nil {
		return
	}
	l := &listing{info: a.info, base: responseOf(a.c).prefix + a.base, types: s.types, origin: s.origin(a.c), carry: a.query.carry}
	p := &playlist{listing: l, prefix: l.origin + l.base, query: l.carried("")}
	found := p.subtitles(node)[stem(path[len(path)-1])]
	if len(found) == 0 {
		return
	}
	best := found[0]
	for _, subtitle := range found {
		if strings.HasSuffix(strings.ToLower(subtitle[len(subtitle)-1]), ".srt") {
			best = subtitle
			break
		}
	}
	a.c.Writer.Header()[captionsLine] = []string{p.url(dir, best)}
}
