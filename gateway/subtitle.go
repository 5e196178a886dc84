package gateway

import (
	"bytes"
	"cmp"
	"errors"
	"fmt"
	"io"
	"net/http"
	"regexp"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/asticode/go-astisub"
	"github.com/gogs/chardet"
	"golang.org/x/text/encoding/htmlindex"
	"golang.org/x/text/encoding/unicode"
	"golang.org/x/text/transform"

	"github.com/btgw/btgw/gateway/httprange"
	"github.com/btgw/btgw/metainfo"
)

// ?format=vtt is a file of subtitles (SRT, SSA, ASS, WebVTT, TTML) as WebVTT in UTF-8, which is what browsers show.

// subtitleReaders read the formats that are made into WebVTT, by media type.
var subtitleReaders = map[string]func(io.Reader) (*astisub.Subtitles, error){
	"application/x-subrip; charset=utf-8": astisub.ReadFromSRT,
	"text/x-ssa; charset=utf-8":           astisub.ReadFromSSA,
	"text/vtt; charset=utf-8":             astisub.ReadFromWebVTT,
	"application/ttml+xml":                func(r io.Reader) (*astisub.Subtitles, error) { return astisub.ReadFromTTML(r) },
}

// errNoSubtitles is what a file with nothing to show is made into.
var errNoSubtitles = errors.New("gateway: no cue in it can be read")

// errLongSubtitles is more text than is made.
var errLongSubtitles = errors.New("gateway: subtitles are too long")

// subtitle answers with a file of subtitles as WebVTT.
func (s *Server) subtitle(v *visit, f *metainfo.File, name string) {
	kind := s.types.of(name)
	if subtitleReaders[kind] == nil {
		s.problem(v.c, badRequest("Query parameter format: vtt is a form of subtitles (srt, ass, ssa, vtt, ttml), which this file is not by its name."))
		return
	}
	if status := s.denylist.deniedFile(v.info, f); status != 0 {
		s.problem(v.c, deny(status))
		return
	}
	if f.Length > maxSubtitleFile {
		s.problem(v.c, noSubtitles("It has more than "+showSize(maxSubtitleFile)+"."))
		return
	}
	etag := strings.TrimSuffix(fileETag(v.info, f), `"`) + `-vtt1"`
	h := v.c.Writer.Header()
	h["Etag"] = []string{etag}
	h["Cache-Control"] = []string{cacheListing} // another version of this server may make another text of it
	h["Content-Security-Policy"] = []string{fileCSP}
	if s.preconditions(v.c, etag) {
		return
	}
	raw, ok := s.readSmall(v, f)
	if !ok {
		return
	}
	select {
	case s.subtitling <- struct{}{}:
		defer func() { <-s.subtitling }()
	case <-v.c.Request.Context().Done():
		panic(http.ErrAbortHandler)
	}
	text, err := webVTT(raw, kind)
	if err != nil {
		why := "No cue in it can be read."
		if errors.Is(err, errLongSubtitles) {
			why = "It makes more than " + showSize(maxSubtitleText) + " of WebVTT."
		}
		s.problem(v.c, noSubtitles(why))
		return
	}
	h["Accept-Ranges"] = []string{"bytes"}
	h["Content-Disposition"] = []string{contentDisposition(v.query.attachment, stemOf(v.info.Text(name))+".vtt")}
	s.measured(v.c, etag, "text/vtt; charset=utf-8", func(w io.Writer) error {
		_, err := w.Write(text)
		return err
	})
}

func noSubtitles(why string) *problem {
	return &problem{status: http.StatusUnprocessableEntity, slug: "no-subtitles", title: "Not made into subtitles", detail: why}
}

// stemOf is a name without its extension.
func stemOf(name string) string {
	if dot := strings.LastIndexByte(name, '.'); dot > 0 {
		return name[:dot]
	}
	return name
}

// readSmall reads a file that fits in memory. If it does not come it answers with the reason.
func (s *Server) readSmall(v *visit, f *metainfo.File) ([]byte, bool) {
	if f.Length == 0 {
		return nil, true
	}
	a := &fileAnswer{visit: v, of: fileSource{f}, size: f.Length}
	r := httprange.Range{Off: 0, N: f.Length}
	if !s.allHeld(a, r) {
		return nil, false
	}
	content, ok := s.begin(a, r)
	if !ok {
		return nil, false
	}
	defer content.Close()
	out := bytes.NewBuffer(make([]byte, 0, f.Length))
	for {
		err := v.deadline.patiently(firstByteMost, func() error { return content.Wait(v.deadline) })
		if err == io.EOF {
			return out.Bytes(), true
		}
		if err == nil {
			_, err = content.WriteNext(out)
		}
		if err != nil {
			s.fail(v.c, v.target.hash, err)
			return nil, false
		}
	}
}

// webVTT makes WebVTT of a text of subtitles. Styles, regions and comments are left out: they are of the
// file's maker, and the reader has some of his own.
func webVTT(raw []byte, kind string) (text []byte, err error) {
	defer func() { // the parsers are made for files of one's own
		if v := recover(); v != nil {
			text, err = nil, fmt.Errorf("gateway: subtitles: %v", v)
		}
	}()
	plain, err := decodeText(raw)
	if err != nil {
		return nil, err
	}
	if kind != "text/vtt; charset=utf-8" && bytes.HasPrefix(plain, []byte("WEBVTT")) {
		kind = "text/vtt; charset=utf-8"
	}
	if kind == "text/vtt; charset=utf-8" {
		plain = vttRegion.ReplaceAll(plain, []byte("$1")) // one that its parser does not know is an error to it
	}
	subs, err := subtitleReaders[kind](bytes.NewReader(plain))
	if subs == nil || len(subs.Items) == 0 {
		return nil, errors.Join(errNoSubtitles, err)
	}
	subs.Items = shown(subs.Items)
	subs.Metadata, subs.Regions, subs.Styles = nil, nil, nil
	var out limitedBuffer
	if err := subs.WriteToWebVTT(&out); err != nil {
		return nil, err
	}
	return out.Bytes(), nil
}

// vttRegion is a cue's choice of a region.
var vttRegion = regexp.MustCompile(`(?m)^(.*-->.*?)[ \t]+region:\S+`)

// shown are the cues that can be shown, in order, without what only their file knows.
func shown(items []*astisub.Item) []*astisub.Item {
	slices.SortStableFunc(items, func(a, b *astisub.Item) int { return cmp.Compare(a.StartAt, b.StartAt) })
	kept := items[:0]
	var ends [maxTogether]time.Duration // of cues that are shown
	for _, item := range items {
		free := slices.IndexFunc(ends[:], func(end time.Duration) bool { return end <= item.StartAt })
		if item.EndAt <= item.StartAt || item.EndAt > maxCueTime || free < 0 {
			continue
		}
		ends[free] = item.EndAt
		item.Comments, item.Region, item.Style = nil, nil, nil
		kept = append(kept, item)
	}
	return kept
}

// maxCueTime is the latest time of a cue.
const maxCueTime = 100 * time.Hour

// A limitedBuffer takes maxSubtitleText bytes.
type limitedBuffer struct{ bytes.Buffer }

// Write fails when it is full.
func (b *limitedBuffer) Write(p []byte) (int, error) {
	if b.Len()+len(p) > maxSubtitleText {
		return 0, errLongSubtitles
	}
	return b.Buffer.Write(p)
}

// decodeText makes UTF-8 of a text whose character set it has to tell by a byte order mark, or by its letters.
func decodeText(raw []byte) ([]byte, error) {
	if bytes.IndexByte(raw, 0) < 0 || bytes.HasPrefix(raw, []byte{0xff, 0xfe}) || bytes.HasPrefix(raw, []byte{0xfe, 0xff}) {
		text, _, err := transform.Bytes(unicode.BOMOverride(transform.Nop), raw)
		if err == nil && utf8.Valid(text) {
			return newlines(text), nil
		}
	}
	sample := raw[:min(len(raw), detectBytes)]
	best, err := chardet.NewTextDetector().DetectBest(sample)
	if err != nil {
		return nil, err
	}
	enc, err := htmlindex.Get(best.Charset)
	if err != nil {
		if enc, err = htmlindex.Get("windows-1252"); err != nil {
			return nil, err
		}
	}
	text, err := enc.NewDecoder().Bytes(raw)
	if err != nil {
		return nil, err
	}
	return newlines(text), nil
}

// detectBytes is how much of a text tells its character set.
const detectBytes = 64 << 10

// newlines writes ends of lines as parsers know them, and leaves zero bytes out.
func newlines(text []byte) []byte {
	text = bytes.ReplaceAll(bytes.ReplaceAll(text, []byte("\r\n"), []byte("\n")), []byte("\r"), []byte("\n"))
	return bytes.ReplaceAll(text, []byte{0}, nil)
}

func vttOfDirectory() *problem {
	return badRequest("Query parameter format: vtt is a form of a file of subtitles.")
}
