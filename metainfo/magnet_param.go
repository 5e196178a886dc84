package metainfo

import (
	"net/url"
	"regexp"
	"strconv"
	"strings"
	"unicode"
)

// Dropped is a parameter of a link that is of no use. The value is not told: a
// tracker's may have a key in it.
type Dropped struct {
	Param  string `json:"parameter"`
	Reason string `json:"reason"`
}

// drop notes that a parameter is left out, up to MaxDropped of them.
func (m *Magnet) drop(param, reason string) {
	if len(m.Dropped) < MaxDropped {
		m.Dropped = append(m.Dropped, Dropped{param, reason})
	}
}

// A param is one parameter as it stands in a link, not yet decoded.
type param struct{ key, value string }

// knownKey returns the parameter that a key means, "" for an unknown one. A key may
// have blanks around it, the rest of an entity before it, and a number or brackets at
// its end: "xt.1", "amp;dn", "tr[]".
func knownKey(key string) string {
	key = strings.ToLower(strings.TrimSpace(unescapePercent(key)))
	for strings.HasPrefix(key, "amp;") {
		key = key[len("amp;"):]
	}
	if name, index, ok := strings.Cut(key, "["); ok && strings.HasSuffix(index, "]") {
		key = name
	}
	if dot := strings.LastIndexByte(key, '.'); dot > 0 && isNumber(key[dot+1:]) {
		key = key[:dot]
	}
	switch key {
	case "xt", "dn", "tr", "ws", "xs", "as", "x.pe", "so", "xl", "kt", "mt":
		return key
	}
	return ""
}

func isNumber(s string) bool {
	return s != "" && strings.Trim(s, "0123456789") == ""
}

// splitParams takes a query apart. "&" separates parameters, and so do ";" and "?"
// where a known parameter follows. A segment that is no parameter belongs to the name
// before it, or to a URL before it that has a query of its own.
func splitParams(query string) (params []param) {
	open := false           // the last of params may go on
	begin, asks := 0, false // where its value begins, and whether that has a "?"
	for at := 0; at < len(query) && len(params) < MaxParams; {
		end := at + segmentLen(query[at:])
		segment := query[at:end]
		key, value, ok := strings.Cut(segment, "=")
		name := knownKey(key)
		switch {
		case ok && name != "":
			params = append(params, param{name, value})
			open, begin, asks = true, end-len(value), strings.Contains(value, "?")
		case strings.TrimSpace(segment) == "":
		case isTopic(strings.TrimSpace(segment)):
			params = append(params, param{"xt", segment})
			open = false
		case open && goesOn(params[len(params)-1].key, asks, key, ok):
			params[len(params)-1].value = query[begin:end]
			asks = asks || strings.Contains(segment, "?")
		default:
			open = false
		}
		at = end + 1
	}
	return params
}

// goesOn reports whether a segment is a part of the parameter before it, whose "&"
// should have been escaped.
func goesOn(param string, asks bool, key string, hasValue bool) bool {
	switch param {
	case "dn":
		return !hasValue || strings.ContainsAny(strings.TrimSpace(key), " \t")
	case "tr", "ws", "xs", "as":
		return hasValue && asks
	}
	return false
}

// segmentLen returns the length up to the first separator.
func segmentLen(query string) int {
	for i := range len(query) {
		switch query[i] {
		case '&':
			return i
		case ';', '?':
			key, _, ok := strings.Cut(query[i+1:min(len(query), i+1+maxKeyLen)], "=")
			if ok && knownKey(key) != "" {
				return i
			}
		}
	}
	return len(query)
}

// addParams takes in the parameters of a query.
func (m *Magnet) addParams(query string) {
	params := splitParams(query)
	for i, p := range params {
		value := strings.TrimSpace(UnescapeQuery(p.value))
		if i == len(params)-1 && p.key != "dn" && (!strings.Contains(value, "://") || strings.Contains(p.value, "://")) {
			value = strings.TrimRight(value, ".,;:!'\"`>)]}’”»") // the sentence around the link goes on
		}
		if value != "" {
			m.addParam(p.key, value)
		}
	}
}

// addParam takes in one parameter, or notes why not.
func (m *Magnet) addParam(key, value string) {
	if key != "dn" {
		value = strings.Map(func(r rune) rune {
			if r == '\u200c' || r == '\u200d' {
				return -1
			}
			return r
		}, value)
	}
	switch key {
	case "xt":
		m.addTopic(value)
	case "dn":
		if m.Name == "" {
			m.Name = value
		}
	case "tr":
		m.addURLs(&m.Trackers, key, value, MaxTrackers, "http", "https", "udp", "ws", "wss")
	case "ws":
		m.addURLs(&m.WebSeeds, key, value, MaxWebSeeds, "http", "https")
	case "xs":
		m.addURLs(&m.ExactSources, key, value, MaxSources, "http", "https")
	case "as":
		m.addURLs(&m.AcceptableSources, key, value, MaxSources, "http", "https")
	case "x.pe":
		for _, text := range strings.FieldsFunc(value, func(r rune) bool { return strings.ContainsRune(",;|", r) }) {
			if text = strings.Trim(text, "<>\"' \t\r\n"); text == "" {
				continue
			}
			if peer, ok := ParsePeer(text); ok {
				m.addHint(&m.Peers, key, peer, MaxNodes)
			} else {
				m.drop(key, "host:port is expected, an IPv6 address in brackets")
			}
		}
	case "so":
		m.addSelection(value)
	case "xl":
		if n, err := strconv.ParseInt(value, 10, 64); err == nil && n > 0 {
			m.Size = n
		}
	}
}

// addURLs takes in a URL, or several in one parameter.
func (m *Magnet) addURLs(list *[]string, key, value string, limit int, schemes ...string) {
	if !strings.Contains(value, "://") && indexFold(value, "%3a%2f%2f") >= 0 {
		value = unescapePercent(value) // escaped twice
	}
	for i, u := range splitURLs(value) {
		if i == maxURLsInOne {
			return
		}
		u, reason := hintURL(u, schemes)
		if reason != "" {
			m.drop(key, reason)
		} else {
			m.addHint(list, key, u, limit)
		}
	}
}

// nextURL matches the begin of a URL that follows another one.
var nextURL = regexp.MustCompile(`(?i)[\s,|]+(?:https?|udp|wss?)://`)

func splitURLs(value string) (urls []string) {
	for {
		at := nextURL.FindStringIndex(value)
		if at == nil {
			return append(urls, value)
		}
		urls = append(urls, value[:at[0]])
		value = strings.TrimLeft(value[at[0]:], " \t\r\n\v\f,|")
	}
}

// hintURL checks a URL, writes its scheme in lower case, and returns what is wrong with
// it.
func hintURL(s string, schemes []string) (string, string) {
	s = strings.Trim(s, "<>\"' \t")
	if scheme, rest, ok := strings.Cut(s, "://"); ok {
		s = strings.ToLower(scheme) + "://" + rest
	}
	if len(s) > maxHintURLLen {
		return "", "longer than " + strconv.Itoa(maxHintURLLen) + " bytes"
	}
	for _, r := range s {
		if unicode.IsControl(r) {
			return "", "a control character"
		}
	}
	u, ok := checkURL(s, schemes...)
	if !ok {
		return "", "an absolute URL is expected (" + strings.Join(schemes, ", ") + ")"
	}
	parsed, err := url.Parse(u)
	switch {
	case err != nil:
		return "", "not a URL"
	case parsed.Scheme == "udp" && parsed.Port() == "":
		return "", "a udp URL needs a port"
	case parsed.Port() != "" && !isPort(parsed.Port()):
		return "", "the port is not between 1 and 65535"
	}
	return u, ""
}

func isPort(s string) bool {
	n, err := strconv.ParseUint(s, 10, 16)
	return err == nil && n > 0
}

// topic is an exact topic of BitTorrent's, with or without its urn, and what follows it.
var topic = regexp.MustCompile(`(?is)^(?:urn:)?(btih|btmh):[/{(\[<"]*([0-9a-z]*)(.*)$`)

// isTopic reports whether text is an infohash with or without its urn.
func isTopic(text string) bool {
	if match := topic.FindStringSubmatch(text); match != nil {
		return true
	}
	_, ok := bareHash(text)
	return ok
}

// bareHash reads an infohash that stands alone.
func bareHash(text string) (InfoHash, bool) {
	if h, err := ParseInfoHash(text); err == nil {
		return h, true
	}
	h, err := ParseMultihash(text)
	return h, err == nil
}

// addTopic takes in an exact topic. It ignores topics of other networks. Two infohashes
// of one version are an error, since either may be meant.
func (m *Magnet) addTopic(value string) {
	for range 2 {
		if indexFold(value, "%3a") < 0 {
			break
		}
		value = unescapePercent(value) // escaped twice
	}
	value = strings.Trim(dropInvisible(value), "<>\"'{}()[]")
	match := topic.FindStringSubmatch(strings.Join(strings.Fields(value), ""))
	if match != nil && !validTopic(match) { // perhaps it is the blank that ends it
		match = topic.FindStringSubmatch(strings.TrimSpace(value))
	}
	switch {
	case match == nil:
		if h, ok := bareHash(strings.TrimSpace(value)); ok {
			m.addHash(h)
		}
	case !validTopic(match):
		m.badTopic = true
		m.drop("xt", "not an infohash")
	default:
		h, _ := hashOfTopic(match)
		m.addHash(h)
		if rest := match[3]; !m.nested && rest != "" && strings.IndexByte("&;?", rest[0]) >= 0 {
			m.nested = true // the separator was escaped
			m.addParams(value[strings.IndexAny(value, "&;?"):])
			m.nested = false
		}
	}
}

func hashOfTopic(match []string) (InfoHash, error) {
	if strings.EqualFold(match[1], "btih") {
		return ParseInfoHash(match[2])
	}
	return ParseMultihash(match[2])
}

func validTopic(match []string) bool {
	_, err := hashOfTopic(match)
	return err == nil
}

func (m *Magnet) addHash(h InfoHash) {
	for _, other := range m.Hashes {
		if other == h {
			return
		}
		if other.version == h.version {
			m.conflict = true
			return
		}
	}
	m.Hashes = append(m.Hashes, h)
}
