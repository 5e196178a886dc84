package metainfo

import (
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/btgw/btgw/internal/cputime"
)

// TestPastedMagnets reads one link in the many ways in which it is pasted.
func TestPastedMagnets(t *testing.T) {
	const (
		xt    = "xt=urn:btih:" + hexV1
		tr    = "http://t.example/announce"
		peer  = "192.0.2.7:6881"
		plain = "magnet:?" + xt + "&dn=A+name&tr=http%3A%2F%2Ft.example%2Fannounce&x.pe=192.0.2.7:6881"
	)
	escaped := url.QueryEscape(plain)
	wrapped := plain[:40] + "\r\n" + plain[40:70] + "\n   " + plain[70:]
	for name, text := range map[string]string{
		"as it is":                      plain,
		"blanks around":                 " \t" + plain + "\r\n",
		"entities":                      strings.ReplaceAll(plain, "&", "&amp;"),
		"entities twice":                strings.ReplaceAll(plain, "&", "&amp;amp;"),
		"numeric entities":              strings.ReplaceAll(plain, "&", "&#38;"),
		"hexadecimal entities":          strings.ReplaceAll(plain, "&", "&#x26;"),
		"JSON":                          strings.ReplaceAll(plain, "&", `\u0026`),
		"a shell":                       strings.NewReplacer("&", `\&`, "?", `\?`, "=", `\=`).Replace(plain),
		"semicolons":                    strings.ReplaceAll(plain, "&", ";"),
		"semicolons and blanks":         strings.ReplaceAll(plain, "&", "; "),
		"two slashes":                   strings.Replace(plain, "magnet:?", "magnet://?", 1),
		"a slash":                       strings.Replace(plain, "magnet:?", "magnet:/?", 1),
		"two slashes and a slash":       strings.Replace(plain, "magnet:?", "magnet:///?", 1),
		"no question mark":              strings.Replace(plain, "magnet:?", "magnet:", 1),
		"two question marks":            strings.Replace(plain, "magnet:?", "magnet:??", 1),
		"an ampersand first":            strings.Replace(plain, "magnet:?", "magnet:?&", 1),
		"no colon":                      strings.Replace(plain, "magnet:?", "magnet?", 1),
		"no scheme":                     strings.TrimPrefix(plain, "magnet:?"),
		"a question mark alone":         strings.TrimPrefix(plain, "magnet:"),
		"upper case":                    "MAGNET:?XT=URN:BTIH:" + strings.ToUpper(hexV1) + "&DN=A+name&TR=HTTP://t.example/announce&X.PE=" + peer,
		"base32":                        strings.Replace(plain, hexV1, strings.ToUpper(b32V1), 1),
		"no urn":                        strings.Replace(plain, "urn:btih:", "btih:", 1),
		"the infohash alone in xt":      strings.Replace(plain, "urn:btih:", "", 1),
		"the infohash alone":            strings.Replace(plain, "xt=urn:btih:", "", 1),
		"a urn alone":                   strings.Replace(plain, "xt=urn", "urn", 1),
		"without link, the infohash":    strings.TrimPrefix(plain, "magnet:?xt=urn:btih:"),
		"the topic last":                "magnet:?dn=A+name&tr=" + tr + "&x.pe=" + peer + "&" + xt,
		"the topic last, a full stop":   "magnet:?dn=A+name&tr=" + tr + "&x.pe=" + peer + "&" + xt + ".",
		"escaped":                       escaped,
		"escaped, in lower case":        strings.ReplaceAll(strings.ReplaceAll(escaped, "%3A", "%3a"), "%3F", "%3f"),
		"escaped twice":                 url.QueryEscape(escaped),
		"escaped but for the scheme":    "magnet:" + url.QueryEscape(strings.TrimPrefix(plain, "magnet:")),
		"the question mark escaped":     strings.Replace(plain, "?", "%3F", 1),
		"slashes and it, escaped":       strings.Replace(plain, "?", "%2f%2F%253f", 1),
		"entities that were escaped":    strings.ReplaceAll(plain, "&", "&amp%3B"),
		"keys as forms have lists":      strings.NewReplacer("&tr=", "&tr[]=", "&x.pe=", "&x.pe%5B0%5D=").Replace(plain),
		"a wide colon":                  strings.Replace(plain, "magnet:", "magnet：", 1),
		"a wide question mark":          strings.Replace(plain, "?", "？", 1),
		"braces":                        strings.Replace(plain, hexV1, "{"+hexV1+"}", 1),
		"escaped zero-width blanks":     strings.Replace(plain, hexV1, hexV1[:20]+"%E2%80%8B"+hexV1[20:], 1),
		"a peer among blanks":           strings.Replace(plain, peer, "%20%3C"+peer+"%3E%20", 1),
		"a peer, and once more":         strings.Replace(plain, peer, peer+",%20"+peer+"%3B", 1),
		"separators escaped":            strings.ReplaceAll(plain, "&", "%26"),
		"the topic escaped":             strings.Replace(plain, "urn:btih:", "urn%3Abtih%3A", 1),
		"the topic escaped twice":       strings.Replace(plain, "urn:btih:", "urn%253Abtih%253A", 1),
		"trackers escaped twice":        strings.Replace(plain, "%3A%2F%2F", "%253A%252F%252F", 1),
		"trackers not escaped":          "magnet:?" + xt + "&dn=A name&tr=" + tr + "&x.pe=" + peer,
		"blanks around values":          "magnet:?xt= urn:btih:" + hexV1 + " & dn = A name & tr = " + tr + " & x.pe = " + peer,
		"a blank in the infohash":       strings.Replace(plain, hexV1, hexV1[:20]+" "+hexV1[20:], 1),
		"a line break in the infohash":  strings.Replace(plain, hexV1, hexV1[:20]+"\n"+hexV1[20:], 1),
		"wrapped":                       wrapped,
		"quoted in a mail":              strings.ReplaceAll(wrapped, "\n", "\n> "),
		"quoted-printable":              strings.ReplaceAll(strings.ReplaceAll(plain, "=", "=3D"), "&dn", "=\r\n&dn"),
		"carriage returns":              strings.ReplaceAll(wrapped, "\r\n", "\r"),
		"zero-width blanks":             strings.ReplaceAll(strings.ReplaceAll(plain, "&", "\u200b&\ufeff"), "urn:", "urn:\u2060"),
		"joiners":                       strings.Replace(plain, "urn:", "u\u200crn:\u200d", 1),
		"soft hyphens":                  strings.Replace(plain, hexV1, hexV1[:9]+"\u00ad"+hexV1[9:], 1),
		"a byte order mark":             "\ufeff" + plain,
		"direction marks":               "\u200e" + plain + "\u202c",
		"no-break blanks":               "\u00a0" + plain + "\u00a0",
		"angle brackets":                "<" + plain + ">",
		"quotes":                        `"` + plain + `"`,
		"quotes in a sentence":          `Get "` + plain + `", it is good`,
		"typographic quotes":            "“" + plain + "”",
		"a page's source":               `<p><a href="` + strings.ReplaceAll(plain, "&", "&amp;") + `" title="x">Download &amp; more</a>`,
		"a page's source, single quote": `<a href='` + plain + `'>x</a>`,
		"Markdown":                      "[a (good) film](" + plain + ") and more",
		"BBCode":                        "[url=" + plain + "]",
		"a sentence":                    "Take this link: " + plain + ".",
		"a comma":                       plain + ",",
		"an exclamation mark":           plain + "!",
		"a letter":                      "Hi,\n\n" + plain + "\n\nYours, x.pe=1.1.1.1:1",
		"the same link twice":           plain + " " + plain,
		"numbered":                      "magnet:?xt.1=urn:btih:" + hexV1 + "&dn=A+name&tr.1=" + tr + "&x.pe.1=" + peer,
		"a fragment":                    plain + "&kt=x#top",
		"a gateway's URL":               "https://gw.example/btih/" + hexV1 + "/A%20name/film.mkv?dn=A+name&tr=" + url.QueryEscape(tr) + "&x.pe=" + peer,
		"one below a prefix, by base32": " <http://gw.example:8080/bt/btih/" + b32V1 + "/?dn=A+name&tr=" + tr + "&x.pe=" + peer + "#top>",
		"a label":                       "Info Hash: " + hexV1 + "?dn=A+name&tr=" + tr + "&x.pe=" + peer,
		"another label":                 "infohash_v1 = " + strings.ToUpper(hexV1) + "&dn=A+name&tr=" + tr + "&x.pe=" + peer,
	} {
		m, err := ParseMagnet(text)
		if err != nil {
			t.Errorf("%s: %v\n%s", name, err, text)
			continue
		}
		if len(m.Hashes) != 1 || m.Hashes[0].String() != hexV1 || m.Name != "A name" || !slices.Equal(m.Trackers, []string{tr}) || !slices.Equal(m.Peers, []string{peer}) {
			t.Errorf("%s: %+v\n%s", name, m, text)
		}
	}
}

// TestPastedNames keeps names and URLs whose special characters should have been escaped.
func TestPastedNames(t *testing.T) {
	const xt = "magnet:?xt=urn:btih:" + hexV1
	for text, want := range map[string]string{
		xt + "&dn=Film #1 (2020)&tr=udp://t.example:1":                    "Film #1 (2020)",
		xt + "&dn=#1&tr=udp://t.example:1":                                "#1",
		xt + "&dn=Tom & Jerry&tr=udp://t.example:1":                       "Tom & Jerry",
		xt + "&amp;dn=Tom &amp; Jerry&amp;tr=udp://t.example:1":           "Tom & Jerry",
		xt + "&dn=Tom+%26amp%3B+Jerry&tr=udp://t.example:1":               "Tom &amp; Jerry",
		xt + "&dn=R&D&tr=udp://t.example:1":                               "R&D",
		xt + "&dn=100%&tr=udp://t.example:1":                              "100%",
		xt + "&dn=100%25 of 50%&tr=udp://t.example:1":                     "100% of 50%",
		xt + "&dn=50%zz&tr=udp://t.example:1":                             "50%zz",
		xt + "&dn=a;b; c&tr=udp://t.example:1":                            "a;b; c",
		xt + "&dn=what?&tr=udp://t.example:1":                             "what?",
		xt + "&dn=%F0%9F%91%A9%E2%80%8D%F0%9F%91%A7&tr=udp://t.example:1": "👩\u200d👧",
		"<" + xt + "&tr=udp://t.example:1&dn=Film (2020)>":                "Film (2020)",
		"(" + xt + "&tr=udp://t.example:1&dn=Film (2020))":                "Film (2020)",
		xt + "&tr=udp://t.example:1&dn=Film (2020)":                       "Film (2020)",
	} {
		m, err := ParseMagnet(text)
		if err != nil || m.Name != want || !slices.Equal(m.Trackers, []string{"udp://t.example:1"}) || len(m.Dropped) > 0 {
			t.Errorf("%s: %+v %v", text, m, err)
		}
	}
	for text, want := range map[string][]string{
		xt + "&tr=http://t.example/a?key=1&uid=2&tr=udp://u.example:1":        {"http://t.example/a?key=1&uid=2", "udp://u.example:1"},
		xt + "&tr=http%3A%2F%2Ft.example%2Fa%3Fkey%3D1&uid=2":                 {"http://t.example/a?key=1"},
		xt + "&tr=http://t.example/a,udp://u.example:1 udp://v.example:2":     {"http://t.example/a", "udp://u.example:1", "udp://v.example:2"},
		xt + "&tr=http://t.example/a).":                                       {"http://t.example/a"},
		xt + "&tr=http%3A%2F%2Ft.example%2Fa.":                                {"http://t.example/a."},
		xt + "&tr=<http://t.example/a>&tr=\"udp://u.example:1\"":              {"http://t.example/a", "udp://u.example:1"},
		xt + "&tr=http://t.example/a?x=%2B%26&tr=http://t.example/a?x=%2B%26": {"http://t.example/a?x=+&"},
	} {
		m, err := ParseMagnet(text)
		if err != nil || !slices.Equal(m.Trackers, want) || len(m.Dropped) > 0 {
			t.Errorf("%s: %+v %v", text, m, err)
		}
	}
}

func TestPastedV2(t *testing.T) {
	for _, text := range []string{
		"magnet:?xt=urn:btmh:1220" + hexV2, "urn:btmh:1220" + hexV2, "1220" + strings.ToUpper(hexV2), hexV2, "magnet:?xt=btmh:1220" + hexV2,
		"magnet%3A%3Fxt%3Durn%3Abtmh%3A1220" + hexV2, "<magnet://?xt=urn:btmh:1220" + hexV2 + ">", "“" + hexV2 + "”.",
	} {
		if m, err := ParseMagnet(text); err != nil || len(m.Hashes) != 1 || m.Hashes[0] != hashes(t, hexV2)[0] {
			t.Errorf("%s: %+v %v", text, m, err)
		}
	}
}

// TestLongMagnets reads the longest links in little CPU time, whatever is in them.
func TestLongMagnets(t *testing.T) {
	const xt = "magnet:?xt=urn:btih:" + hexV1
	for _, part := range []string{"&a", "&dn=", ";", "?", "&amp;", "xt", "magnet:", "&tr=http://t/?", "&x=1", "\n", " ", "%25", "=3D", "&xt=urn:btih:", "&so=1,", "<", "&&", "=", ", http://t.example", "%26xt%3D"} {
		for _, start := range []string{xt, xt + "&dn=a", xt + "&tr=http://t.example/?a=1", "<" + xt, ""} {
			text := start + strings.Repeat(part, (MaxMagnetLen-len(start))/len(part))
			begun := cputime.Used()
			_, _ = ParseMagnet(text)
			_, _ = ParseHints(text)
			if took := cputime.Used() - begun; took > 5*time.Second { // some 15 ms
				t.Errorf("%q after %.30q: %v", part, start, took)
			}
		}
	}
}
