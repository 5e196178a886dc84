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

// Answers without content, or with parts of it, speak DLNA too; those to programs that do not have nothing of it.
func TestDLNAOfOtherAnswers(t *testing.T) {
	g := serve(t, nil)
	hash := g.backend.add(t, "tv", metainfo.V1, map[string][]byte{"film.mkv": random(1, 5000), "film.srt": random(3, 5)})
	path := hash.Path() + "/tv/film.mkv"
	etag := g.request(t, "HEAD", path).get("Etag")
	for lines, want := range map[string]int{
		"If-None-Match: " + etag:        304,
		"Range: bytes=0-9,4000-4009":    206,
		"Range: bytes=-1":               206,
		"If-Range: \"x\"":               200,
		"Cache-Control: only-if-cached": 200,
	} {
		a := g.get(t, path, lines, "transferMode.dlna.org: Streaming", "getcontentFeatures.dlna.org: 1")
		if a.status != want || a.get("transferMode.dlna.org") != "Streaming" || a.get("contentFeatures.dlna.org") != featuresOfMedia {
			t.Errorf("%s: %d %v", lines, a.status, a.header)
		}
		if a := g.get(t, path, lines); a.status != want || a.get("transferMode.dlna.org") != "" || a.get("contentFeatures.dlna.org") != "" {
			t.Errorf("%s, to no television: %d %v", lines, a.status, a.header)
		}
	}
}

// Samsung's televisions ask for the subtitles of a film, and take one.
func TestCaptions(t *testing.T) {
	g := serve(t, func(c *Config) { c.TrustedProxies = []string{"127.0.0.1"} })
	hash := g.backend.add(t, "tv", metainfo.V1, map[string][]byte{
		"a #1.mkv": random(1, 50), "a #1.en.ass": random(2, 5), "a #1.en.srt": random(3, 5), "b.mp4": random(4, 5), "Subs/b.de.vtt": random(5, 5), "c.avi": random(6, 5), "photo.jpg": random(7, 5), "photo.srt": random(8, 5),
	})
	root := "http://" + g.addr + "/bt" + hash.Path() + "/tv/"
	for path, want := range map[string]string{
		"a%20%231.mkv": root + "a%20%231.en.srt", "a%20%231.mkv?dn=x": root + "a%20%231.en.srt?dn=x", "b.mp4": root + "Subs/b.de.vtt", "c.avi": "", "photo.jpg": "", "a%20%231.en.srt": "",
	} {
		for _, method := range []string{"GET", "HEAD"} {
			a := g.request(t, method, hash.Path()+"/tv/"+path, "getCaptionInfo.sec: 1", "X-Forwarded-Prefix: /bt")
			if a.status != 200 || a.get("CaptionInfo.sec") != want {
				t.Errorf("%s %s: %d, %q", method, path, a.status, a.get("CaptionInfo.sec"))
			}
		}
		if a := g.get(t, hash.Path()+"/tv/"+path); a.get("CaptionInfo.sec") != "" {
			t.Errorf("%s, unasked: %q", path, a.get("CaptionInfo.sec"))
		}
	}
	if raw := g.rawText(t, "HEAD "+hash.Path()+"/tv/b.mp4 HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\ngetcaptioninfo.sec: 1\r\n\r\n"); !strings.Contains(raw, "\r\nCaptionInfo.sec: http://localhost") {
		t.Errorf("no line in\n%s", raw)
	}
}
