package conformance

import (
	"errors"
	"fmt"
	"net/http"
	"path"
	"slices"
	"strings"
)

// mediaTypesOf are types that players know files of an extension by.
var mediaTypesOf = map[string][]string{
	".mp4": {"video/mp4"}, ".mkv": {"video/x-matroska", "video/matroska"}, ".webm": {"video/webm"}, ".mov": {"video/quicktime"},
	".avi": {"video/x-msvideo", "video/avi"}, ".divx": {"video/x-msvideo", "video/avi", "video/divx"},
	".rmvb": {"application/vnd.rn-realmedia-vbr", "application/vnd.rn-realmedia"}, ".rm": {"application/vnd.rn-realmedia"},
	".asf": {"video/x-ms-asf"}, ".wmv": {"video/x-ms-wmv"}, ".wma": {"audio/x-ms-wma"}, ".flv": {"video/x-flv"},
	".ogm": {"video/ogg"}, ".ogv": {"video/ogg"}, ".mpg": {"video/mpeg"}, ".vob": {"video/mpeg"}, ".m2ts": {"video/mp2t"}, ".ts": {"video/mp2t"},
	".mp3": {"audio/mpeg"}, ".m4a": {"audio/mp4"}, ".flac": {"audio/flac"}, ".opus": {"audio/ogg"}, ".ogg": {"audio/ogg"}, ".mka": {"audio/x-matroska"}, ".ape": {"audio/x-ape"},
	".m3u8": {"application/vnd.apple.mpegurl"}, ".mpd": {"application/dash+xml"}, ".m4s": {"video/iso.segment"},
	".srt": {"application/x-subrip"}, ".vtt": {"text/vtt"}, ".ass": {"text/x-ssa"}, ".ssa": {"text/x-ssa"},
}

// What the names of files say, in lower case.
var (
	filmExtensions     = []string{".mp4", ".mkv", ".webm", ".mov", ".avi", ".divx", ".rmvb", ".rm", ".asf", ".wmv", ".flv", ".ogm", ".ogv", ".mpg", ".vob", ".m2ts"}
	subtitleExtensions = []string{".srt", ".vtt", ".ass", ".ssa"}
	segmentExtensions  = []string{".ts", ".m4s"}
	manifestExtensions = []string{".m3u8", ".mpd"}
)

func extensionOf(href string) string { return strings.ToLower(path.Ext(href)) }

func isOne(of []string) func(href string) bool {
	return func(href string) bool { return slices.Contains(of, extensionOf(href)) }
}

// manifestOf is a manifest beside a segment.
func (p *probe) manifestOf(segment string) string {
	i := slices.IndexFunc(p.hrefs, func(href string) bool {
		return path.Dir(href) == path.Dir(segment) && isOne(manifestExtensions)(href)
	})
	if i < 0 {
		return ""
	}
	return p.hrefs[i]
}

// segments are the files that a manifest at their side plays.
func (p *probe) segments() (found []string) {
	for _, href := range p.hrefs {
		if isOne(segmentExtensions)(href) && p.manifestOf(href) != "" {
			found = append(found, href)
		}
	}
	return found
}

// subtitled are films with subtitles at their side, by the film.
func (p *probe) subtitled() map[string]string {
	found := make(map[string]string)
	for _, film := range p.hrefs {
		stem := strings.TrimSuffix(film, path.Ext(film)) + "."
		for _, href := range p.hrefs {
			if isOne(filmExtensions)(film) && isOne(subtitleExtensions)(href) && strings.HasPrefix(href, stem) {
				found[film] = href
			}
		}
	}
	return found
}

// playlist is what ?format=m3u8 has: the paths of its entries, in order, and the line before each.
func (p *probe) playlist() (entries []string, before map[string]string, err error) {
	a, err := p.get(p.hash + "/?format=m3u8")
	if err := first(err, func() error { return a.wants(200) }); err != nil {
		return nil, nil, err
	}
	before = make(map[string]string)
	last := ""
	for line := range strings.Lines(string(a.body)) {
		line = strings.TrimSpace(line)
		if !strings.HasPrefix(line, "#") {
			line = strings.TrimPrefix(line, p.url.Scheme+"://"+p.url.Host+p.prefix)
			entries, before[line] = append(entries, line), last
		}
		last = line
	}
	return entries, before, nil
}

func mediaRules() []Rule {
	const section = "http.md playlists"
	rule := func(id, what string, needs func(*probe) bool, check func(p *probe, entries []string, before map[string]string) error) Rule {
		return Rule{ID: id, Source: section, What: what, needs: needs, check: func(p *probe) error {
			entries, before, err := p.playlist()
			return first(err, func() error { return check(p, entries, before) })
		}}
	}
	media := func(p *probe) bool { return slices.ContainsFunc(p.hrefs, isOne(filmExtensions)) }
	return []Rule{
		{ID: "media-types", Source: "http.md headers", What: "films, songs, manifests and subtitles have the types that players know", needs: media, check: func(p *probe) error {
			seen := make(map[string]bool)
			for _, href := range p.hrefs {
				types := mediaTypesOf[extensionOf(href)]
				if types == nil || seen[extensionOf(href)] {
					continue
				}
				seen[extensionOf(href)] = true
				a, err := p.do(http.MethodHead, href)
				if err := first(err, func() error { return a.wants(200) }); err != nil {
					return err
				}
				if kind, _, _ := strings.Cut(a.get("Content-Type"), ";"); !slices.Contains(types, kind) {
					return fmt.Errorf("%s: %q, which is none of %q", href, kind, types)
				}
			}
			return nil
		}},
		rule("playlist-films", "a playlist has every film, once, whatever its container", media, func(p *probe, entries []string, _ map[string]string) error {
			count := make(map[string]int)
			for _, href := range entries {
				count[href]++
			}
			for _, href := range p.hrefs {
				if n := count[href]; n > 1 || n == 0 && isOne(filmExtensions)(href) {
					return fmt.Errorf("%s: %d times", href, n)
				}
			}
			return nil
		}),
		rule("playlist-only", "and nothing but what can be played: no subtitles, pictures, text", media, func(_ *probe, entries []string, _ map[string]string) error {
			for _, href := range entries {
				if isOne(append([]string{".txt", ".nfo", ".jpg", ".png", ".html", ".zip"}, subtitleExtensions...))(href) {
					return errors.New(href)
				}
			}
			return nil
		}),
		rule("playlist-manifests", "a manifest of HLS or DASH stands in place of its segments", func(p *probe) bool { return len(p.segments()) > 0 }, func(p *probe, entries []string, _ map[string]string) error {
			for _, segment := range p.segments() {
				if slices.Contains(entries, segment) || !slices.Contains(entries, p.manifestOf(segment)) {
					return fmt.Errorf("%s and its manifest: %.500q", segment, entries)
				}
			}
			return nil
		}),
		rule("playlist-subtitles", "a film has its subtitles with it, as VLC writes them", func(p *probe) bool { return len(p.subtitled()) > 0 }, func(p *probe, _ []string, before map[string]string) error {
			for film, subtitles := range p.subtitled() {
				if line := before[film]; !strings.HasPrefix(line, "#EXTVLCOPT:input-slave=") || !strings.Contains(line, p.url.Host+p.prefix+subtitles) {
					return fmt.Errorf("%s: %q", film, line)
				}
			}
			return nil
		}),
		{ID: "hint-dead-seed", Source: "http.md URLs", What: "a web seed in the query that is dead, or none, changes neither bytes nor ETag", check: func(p *probe) error {
			for _, seed := range []string{"http%3A%2F%2F127.0.0.1%3A9%2F", "ftp%3A%2F%2Fseed.example%2F", "nonsense", ""} {
				a, err := p.get(p.file+"?ws="+seed, "Range: bytes=10-39999")
				if err := first(err, func() error { return errors.Join(a.wants(206, "Etag", p.etag), a.bytes(p.data[10:40_000])) }); err != nil {
					return fmt.Errorf("ws=%s: %w", seed, err)
				}
			}
			return nil
		}},
		{ID: "hint-dropped", Source: "http.md URLs", What: "hints of no use are left out of a request that goes on, and the answer names them", check: func(p *probe) error {
			a, err := p.do(http.MethodHead, p.file+"?tr=nonsense&x.pe=0.0.0.0:0&so=5-")
			return first(err, func() error {
				for _, param := range []string{"tr", "x.pe"} {
					if !strings.Contains(strings.Join(a.header.Values("X-Btgw-Dropped"), ","), param) {
						return fmt.Errorf("X-Btgw-Dropped %q lacks %s", a.header.Values("X-Btgw-Dropped"), param)
					}
				}
				return a.wants(200, "Etag", p.etag)
			})
		}},
	}
}
