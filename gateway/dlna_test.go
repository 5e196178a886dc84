package gateway

import (
	"strings"
	"testing"

	"github.com/btgw/btgw/metainfo"
)

// Televisions compare the names of header lines as they are written, so the bytes count.
func TestDLNA(t *testing.T) {
	g := serve(t, nil)
	hash := g.backend.add(t, "tv", metainfo.V1, map[string][]byte{"film.mkv": random(1, 5000), "song.mp3": random(2, 50), "film.srt": random(3, 5), "photo.jpg": random(4, 60), "old.rmvb": random(5, 5)})
	const features = "getcontentFeatures.dlna.org: 1"
	for _, row := range []struct {
		file  string
		lines []string
		mode  string
		op    string
	}{
		{"film.mkv", nil, "", ""},
		{"film.mkv", []string{"transferMode.dlna.org: Streaming"}, "Streaming", ""},
		{"film.mkv", []string{"transferMode.dlna.org: Streaming", features}, "Streaming", featuresOfMedia},
		{"film.mkv", []string{"TRANSFERMODE.DLNA.ORG: background", features, "Range: bytes=0-"}, "Background", featuresOfMedia},
		{"song.mp3", []string{features}, "Streaming", featuresOfMedia},
		{"old.rmvb", []string{features}, "Streaming", featuresOfMedia},
		{"photo.jpg", []string{features}, "Interactive", featuresOfOther},
		{"photo.jpg", []string{"transferMode.dlna.org: Interactive"}, "Interactive", ""},
		{"film.mkv", []string{"transferMode.dlna.org: x y", "getcontentFeatures.dlna.org: 2"}, "", ""},
		{"film.mkv", []string{"getcontentFeatures.dlna.org:"}, "", ""},
	} {
		for _, method := range []string{"GET", "HEAD"} {
			a := g.request(t, method, hash.Path()+"/tv/"+row.file, row.lines...)
			if a.status/100 != 2 || a.get("transferMode.dlna.org") != row.mode || a.get("contentFeatures.dlna.org") != row.op {
				t.Errorf("%s %s %q: %d %v", method, row.file, row.lines, a.status, a.header)
			}
		}
	}
	raw := g.rawText(t, "HEAD "+hash.Path()+"/tv/film.mkv HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\ntransferMode.dlna.org: Streaming\r\n"+features+"\r\nrealTimeInfo.dlna.org: DLNA.ORG_TLAG=*\r\n\r\n")
	for _, line := range []string{"\r\ntransferMode.dlna.org: Streaming\r\n", "\r\ncontentFeatures.dlna.org: " + featuresOfMedia + "\r\n", "\r\nrealTimeInfo.dlna.org: DLNA.ORG_TLAG=*\r\n"} {
		if !strings.Contains(raw, line) {
			t.Errorf("no line %q in\n%s", line, raw)
		}
	}
}
