package gateway

import (
	"bufio"
	"io"
	"slices"
	"strings"

	"github.com/btgw/btgw/metainfo"
)

// A playlist writer writes what can be played below a directory, directory by directory: what a file
// is depends on its neighbours. Where there is a manifest of HLS or DASH it is listed in place of the
// segments at its side and below; a film has its subtitles with it.
type playlist struct {
	*listing
	out    *bufio.Writer
	prefix string
	query  string // after each URL: the hints of the request
}

// writePlaylist writes the playable files below a directory as an extended M3U
// in UTF-8, with absolute URLs: a player opens it wherever it was saved.
func (l *listing) writePlaylist(w io.Writer) error {
	p := &playlist{listing: l, out: bufio.NewWriterSize(w, listingBuffer), prefix: l.origin + l.base, query: l.carried("")}
	_, _ = p.out.WriteString("#EXTM3U\n") // errors stay with the buffer until Flush
	if err := p.dir(l.node, l.room(), streamed{}); err != nil {
		return err
	}
	return p.out.Flush()
}

// streamed says what manifests there are for a directory, in it or above.
type streamed struct {
	hls, dash bool
	none      bool // it was looked, and there is no segment below
}

// dir writes what is in a directory, and below.
func (p *playlist) dir(dir *metainfo.Node, path []string, above streamed) error {
	manifests := p.manifests(dir)
	here := above
	for name := range manifests {
		kind := p.types.of(name)
		here.hls, here.dash = here.hls || kind == typeHLS, here.dash || kind == typeDASH
	}
	switch {
	case len(manifests) == 0:
	case above.hls || above.dash: // those above lead to these
		manifests = nil
	case above.none || !p.hasSegments(dir, here):
		manifests, here = nil, streamed{none: true} // they are playlists of what is listed anyway
	default:
		keepMasters(manifests)
	}
	subtitles := p.subtitles(dir)
	for node := range dir.Children() {
		below := append(path, node.Name)
		kind := p.types.of(node.Name)
		switch {
		case node.Dir:
			if err := p.dir(&node, below, here); err != nil {
				return err
			}
			continue
		case manifests[node.Name]:
		case !playable(kind), isSegment(node.Name, kind, here):
			continue
		}
		_, _ = p.out.WriteString("#EXTINF:-1," + showName(p.info.Text(node.Name)) + "\n")
		p.slaves(subtitles[stem(node.Name)], path)
		if _, err := p.out.WriteString(p.prefix + escapePath(below) + p.query + "\n"); err != nil {
			return err
		}
	}
	return nil
}

// slaves writes the line that names the subtitles of what follows, as VLC has it. Players that do not know
// it leave it out, and so does VLC 3, to which it is no safe option.
func (p *playlist) slaves(paths [][]string, dir []string) {
	for i, path := range paths[:min(len(paths), maxSubtitles)] {
		if i == 0 {
			_, _ = p.out.WriteString("#EXTVLCOPT:input-slave=")
		} else {
			_ = p.out.WriteByte('#') // which escaped paths do not have
		}
		_, _ = p.out.WriteString(p.url(dir, path))
	}
	if len(paths) > 0 {
		_ = p.out.WriteByte('\n')
	}
}

// url is that of a path from a directory.
func (p *playlist) url(dir, path []string) string {
	return p.prefix + escapePath(slices.Concat(dir, path)) + p.query
}

// manifests are the names of those of HLS and DASH in a directory.
func (p *playlist) manifests(dir *metainfo.Node) map[string]bool {
	var found map[string]bool
	for node := range dir.Children() {
		if kind := p.types.of(node.Name); !node.Dir && (kind == typeHLS || kind == typeDASH) {
			if found == nil {
				found = make(map[string]bool)
			}
			found[node.Name] = true
		}
	}
	return found
}

// masters are the names of manifests that lead to others.
var masters = []string{"master", "manifest", "index", "main", "playlist"}

// keepMasters leaves, of each kind, the manifest that by its name leads to the others; all, where none is
// called so.
func keepMasters(manifests map[string]bool) {
	for _, extension := range []string{".m3u8", ".mpd"} {
		for _, master := range masters {
			found := ""
			for name := range manifests {
				if strings.EqualFold(name, master+extension) {
					found = name
				}
			}
			if found == "" {
				continue
			}
			for name := range manifests {
				if name != found && strings.HasSuffix(strings.ToLower(name), extension) {
					delete(manifests, name)
				}
			}
			break
		}
	}
}

// hasSegments reports whether there is a segment in a directory or below.
func (p *playlist) hasSegments(dir *metainfo.Node, s streamed) bool {
	for node := range dir.Children() {
		if node.Dir && p.hasSegments(&node, s) || !node.Dir && isSegment(node.Name, p.types.of(node.Name), s) {
			return true
		}
	}
	return false
}

// isSegment reports whether a file is a part of what a manifest plays.
func isSegment(name, kind string, s streamed) bool {
	switch kind {
	case typeSegment:
		return true // alone it is nothing
	case "video/mp2t":
		return s.hls || s.dash
	case "video/mp4", "audio/mp4", "video/webm", "audio/webm":
		return s.dash || s.hls && segmentName(name)
	case "audio/aac", "audio/ac3", "audio/eac3", "audio/mpeg":
		return (s.dash || s.hls) && segmentName(name)
	}
	return false
}

// segmentName reports whether a file is called as segments are: init.mp4, seg-12.aac.
func segmentName(name string) bool {
	base := stem(name)
	word := strings.TrimRight(base, "0123456789")
	numbered := len(word) < len(base)
	word = strings.TrimRight(word, "-_. ")
	for _, w := range []string{"seg", "segment", "chunk", "frag", "fragment", "filesequence", "init"} {
		if word == w || strings.HasPrefix(word, w+"-") || strings.HasPrefix(word, w+"_") {
			return numbered || w == "init"
		}
	}
	return false
}

// stem is a name without its extension, in lower case.
func stem(name string) string {
	if dot := strings.LastIndexByte(name, '.'); dot > 0 {
		name = name[:dot]
	}
	return strings.ToLower(name)
}

// subtitles returns the paths, from a directory, of the subtitles of each film in it, by the film's stem.
// They are files that are called as the film with a language behind, at its side or in a folder of
// subtitles. Files of a folder there that is called as the film count too. Where there is one film, all
// files of the folder of subtitles are its own.
func (p *playlist) subtitles(dir *metainfo.Node) map[string][][]string {
	found := make(map[string][][]string)
	films, film := 0, ""
	var folders []metainfo.Node
	for node := range dir.Children() {
		kind := p.types.of(node.Name)
		switch {
		case node.Dir && slices.Contains([]string{"subs", "sub", "subtitles"}, strings.ToLower(node.Name)):
			folders = append(folders, node)
		case node.Dir:
		case subtitleTypes[kind]:
			addSubtitle(found, node.Name, []string{node.Name})
		case strings.HasPrefix(kind, "video/") || realMedia[kind]:
			films, film = films+1, stem(node.Name)
		}
	}
	for _, folder := range folders {
		for node := range folder.Children() {
			path := []string{folder.Name, node.Name}
			switch {
			case node.Dir: // of one film
				for inner := range node.Children() {
					if !inner.Dir && subtitleTypes[p.types.of(inner.Name)] {
						addTo(found, strings.ToLower(node.Name), append(path[:2:2], inner.Name))
					}
				}
			case !subtitleTypes[p.types.of(node.Name)]:
			case films == 1:
				addTo(found, film, path)
			default:
				addSubtitle(found, node.Name, path)
			}
		}
	}
	return found
}

// addSubtitle adds one under each stem that its name can stand for: "film.en.forced.srt" is of film,
// film.en and film.en.forced.
func addSubtitle(found map[string][][]string, name string, path []string) {
	base := stem(name)
	for range 3 {
		addTo(found, base, path)
		dot := strings.LastIndexByte(base, '.')
		if dot <= 0 {
			return
		}
		base = base[:dot]
	}
}

func addTo(found map[string][][]string, film string, path []string) {
	if len(found[film]) < maxSubtitles {
		found[film] = append(found[film], path)
	}
}

// The media types that a playlist looks at.
const (
	typeHLS     = "application/vnd.apple.mpegurl"
	typeDASH    = "application/dash+xml"
	typeSegment = "video/iso.segment"
)

// realMedia are types of media that do not say so.
var realMedia = map[string]bool{"application/vnd.rn-realmedia": true, "application/vnd.rn-realmedia-vbr": true, "application/mxf": true}

// subtitleTypes are those of subtitles.
var subtitleTypes = map[string]bool{
	"application/x-subrip; charset=utf-8": true, "text/vtt; charset=utf-8": true, "text/x-ssa; charset=utf-8": true,
	"text/x-microdvd": true, "application/x-sami": true, "application/ttml+xml": true, "application/x-pgs": true,
}

// playable reports whether a player makes something of a media type.
func playable(mediaType string) bool {
	return strings.HasPrefix(mediaType, "video/") && mediaType != typeSegment || realMedia[mediaType] ||
		strings.HasPrefix(mediaType, "audio/") && mediaType != "audio/x-mpegurl" && mediaType != "audio/x-scpls"
}
