package metainfo

import (
	"html"
	"io"
	"mime/quotedprintable"
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"
)

// A magnet link is pasted text: out of a page, a mail, a shell or a chat, each of
// which does something to it. What follows undoes that, as far as only one thing can
// have been meant.

var (
	// entities are HTML's, with the semicolon that tells one from a parameter.
	entities = regexp.MustCompile(`&(?:#[0-9]{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z][A-Za-z0-9]{1,30});`)
	// lineBreaks are those of wrapped text, with what mail puts before a quoted line.
	lineBreaks = regexp.MustCompile(`[ \t]*\r?\n[ \t]*(?:>[ \t]*)*|\r`)
	// emptyLine ends a paragraph.
	emptyLine = regexp.MustCompile(`\n[ \t>]*\r?\n`)
	// linkStart is what stands between the scheme and the first parameter, escaped or not.
	linkStart = regexp.MustCompile(`(?i)^(?:[/?？&; \t]|%(?:25)*(?:3f|2f|26))+`)
	// shellEscapes are those of characters that a link has.
	shellEscapes = regexp.MustCompile(`\\([?&=#;:/+%\[\]])`)
	// gatewayURL is a URL of a gateway: the kind of an infohash, the infohash, and the hints.
	gatewayURL = regexp.MustCompile(`(?i)^https?://[^\s?#]*?/(btih|btmh)/([0-9a-z]+)(?:/[^\s?#]*)?(?:\?([^\s#]*))?(?:#\S*)?$`)
	// label is what pages write before an infohash.
	label       = regexp.MustCompile(`(?i)^(?:torrent[ _-]?)?(?:info[ _-]?hash|hash)(?:[ _-]?v[12])?\s*[:=]?\s+`)
	jsonEscapes = strings.NewReplacer(`\u0026`, "&", `\u003d`, "=", `\u003D`, "=", `\u003f`, "?", `\u003F`, "?")
)

// closers end what a link is put into, by what begins that.
var closers = map[rune]string{
	'<': ">", '"': `"`, '\'': "'", '`': "`", '(': ")", '[': "]", '{': "}", '“': "”", '„': "“", '‘': "’", '«': "»", '»': "«", '‹': "›",
}

// linkQuery finds the parameters of a magnet link in pasted text. An infohash alone,
// and parameters without the scheme, do for a link. It is "" where there is no link,
// and ok is false.
func linkQuery(text string) (query string, ok bool) {
	text = plainText(text)
	at, length := findScheme(text)
	if at < 0 {
		text = strings.TrimFunc(text, func(r rune) bool {
			return unicode.IsSpace(r) || strings.ContainsRune("<>\"'`()[]{}“”„‘’«»‹›?.,;:!", r)
		})
		text = text[:endOfParagraph(text)]
		text = lineBreaks.ReplaceAllString(text, "")
		if of := gatewayURL.FindStringSubmatch(text); of != nil {
			return "xt=urn:" + of[1] + ":" + of[2] + "&" + of[3], true
		}
		text = label.ReplaceAllString(text, "")
		key, _, _ := strings.Cut(text, "=")
		first := text[:min(len(text), max(0, firstOf(text, "&;? \t\n")))]
		return text, knownKey(key) == "xt" || isTopic(first)
	}
	inside := text[at+length:]
	if before, _ := utf8.DecodeLastRuneInString(text[:at]); closers[before] != "" {
		inside = inside[:closing(inside, before, closers[before])]
	}
	inside = inside[:endOfParagraph(inside)]
	inside = lineBreaks.ReplaceAllString(inside, "")
	if next, _ := findScheme(inside); next > 0 && strings.IndexByte(" \t,;|", inside[next-1]) >= 0 {
		inside = inside[:next] // one link after the other
	}
	for range 3 { // the whole was escaped, perhaps more than once
		if hasTopic(inside) {
			break
		}
		decoded := unescapePercent(inside)
		if decoded == inside {
			break
		}
		inside = decoded
	}
	return linkStart.ReplaceAllString(inside, ""), true
}

// plainText undoes what pages, mail, shells and programs do to text.
func plainText(text string) string {
	text = strings.Map(func(r rune) rune {
		switch {
		case r == '\n' || r == '\r' || r == '\t':
			return r
		case r == '\u2028' || r == '\u2029' || r == '\u0085' || r == '\v' || r == '\f':
			return '\n'
		case unicode.IsSpace(r):
			return ' '
		case r == '\u200c' || r == '\u200d': // they mean something in names
			return r
		case isInvisible(r):
			return -1
		}
		return r
	}, text)
	if at := strings.Index(strings.ToLower(text), "xt=3d"); at >= 0 {
		if decoded, err := io.ReadAll(quotedprintable.NewReader(strings.NewReader(text))); err == nil {
			text = string(decoded)
		}
	}
	text = jsonEscapes.Replace(text)
	text = shellEscapes.ReplaceAllString(text, "$1")
	for range 3 { // pages within pages
		decoded := entities.ReplaceAllStringFunc(text, html.UnescapeString)
		if decoded == text {
			break
		}
		text = decoded
	}
	return text
}

func isInvisible(r rune) bool {
	return unicode.IsControl(r) || unicode.Is(unicode.Cf, r) || r == '\u034f' || r == '\ufe0f'
}

// dropInvisible leaves out what cannot be seen of a text.
func dropInvisible(s string) string {
	return strings.Map(func(r rune) rune {
		if isInvisible(r) && !unicode.IsSpace(r) {
			return -1
		}
		return r
	}, s)
}

// findScheme finds "magnet:", escaped or not; -1 if there is none.
func findScheme(text string) (at, length int) {
	const name = len("magnet")
	for from := 0; ; {
		i := indexFold(text[from:], "magnet")
		if i < 0 {
			return -1, 0
		}
		at = from + i
		rest := text[at+name:]
		for _, colon := range []string{":", "%3a", "%253a", "%25253a", " :", "：", "%ef%bc%9a"} {
			if hasPrefixFold(rest, colon) {
				return at, name + len(colon)
			}
		}
		if hasPrefixFold(rest, "?xt") || hasPrefixFold(rest, "%3fxt") {
			return at, name
		}
		from = at + name
	}
}

func hasPrefixFold(s, prefix string) bool {
	return len(s) >= len(prefix) && strings.EqualFold(s[:len(prefix)], prefix)
}

// indexFold is strings.Index of ASCII text in either case.
func indexFold(s, lower string) int {
	for i := 0; i+len(lower) <= len(s); i++ {
		if s[i]|0x20 == lower[0] && hasPrefixFold(s[i:], lower) {
			return i
		}
	}
	return -1
}

func firstOf(s, chars string) int {
	if i := strings.IndexAny(s, chars); i >= 0 {
		return i
	}
	return len(s)
}

// closing returns the index of the bracket or quote that ends a link within brackets or
// quotes. It counts brackets inside the link. It returns the length of s if there is
// none.
func closing(s string, opener rune, closer string) int {
	depth := 0
	for i, r := range s {
		switch {
		case strings.ContainsRune(closer, r) && depth == 0:
			return i
		case strings.ContainsRune(closer, r):
			depth--
		case r == opener:
			depth++
		}
	}
	return len(s)
}

// endOfParagraph returns the index of the first empty line after some text, or the
// length of s.
func endOfParagraph(s string) int {
	if at := emptyLine.FindStringIndex(s); at != nil && strings.TrimSpace(s[:at[0]]) != "" {
		return at[0]
	}
	return len(s)
}

// hasTopic reports whether xt stands there as a parameter.
func hasTopic(query string) bool {
	for rest := query; ; {
		i := indexFold(rest, "xt")
		if i < 0 {
			return false
		}
		after := strings.TrimLeft(rest[i+2:], ".0123456789 \t")
		if strings.HasPrefix(after, "=") {
			return true
		}
		rest = rest[i+2:]
	}
}

// unescapePercent decodes each %XX, and leaves a stray percent sign as it is.
func unescapePercent(s string) string {
	if !strings.Contains(s, "%") {
		return s
	}
	out := make([]byte, 0, len(s))
	for i := 0; i < len(s); i++ {
		if s[i] == '%' && i+2 < len(s) && unhex(s[i+1]) >= 0 && unhex(s[i+2]) >= 0 {
			out = append(out, byte(unhex(s[i+1])<<4|unhex(s[i+2])))
			i += 2
			continue
		}
		out = append(out, s[i])
	}
	return string(out)
}

func unhex(c byte) int {
	switch {
	case '0' <= c && c <= '9':
		return int(c - '0')
	case 'a' <= c|0x20 && c|0x20 <= 'f':
		return int(c|0x20-'a') + 10
	}
	return -1
}

// UnescapeQuery decodes a key or value of a query: %XX, and "+" as a space. A percent
// sign that nothing follows is one.
func UnescapeQuery(s string) string {
	return unescapePercent(strings.ReplaceAll(s, "+", " "))
}
