package metainfo

import (
	"strconv"
	"unicode/utf8"

	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/htmlindex"
)

// Old programs wrote names in the character set of their machine. The .torrent says
// which: "encoding" has its name, or "codepage" Microsoft's number of it. Names in URLs
// are bytes, the same for a client that knows the infohash alone; text is what they
// mean.

// codepages are the character sets in use for names that Microsoft numbers otherwise
// than windows-<number>.
var codepages = map[int64]string{
	866: "ibm866", 932: "shift_jis", 936: "gbk", 949: "euc-kr", 950: "big5",
	10007: "x-mac-cyrillic", 20866: "koi8-r", 20932: "euc-jp", 21866: "koi8-u",
	51932: "euc-jp", 51936: "gbk", 51949: "euc-kr", 54936: "gb18030", 65001: "utf-8",
}

// charsetName reads the character set of names from a .torrent. It returns "" for a set
// that is not known.
func charsetName(name, codepage []byte) string {
	if b, ok := stringValue(name); ok {
		if known := canonicalCharset(string(b)); known != "" {
			return known
		}
	}
	n, ok := parsed(codepage).Int()
	if !ok {
		return ""
	}
	set := codepages[n]
	if set == "" && n >= 28591 && n <= 28606 {
		set = "iso-8859-" + strconv.FormatInt(n-28590, 10)
	}
	if set == "" {
		set = "windows-" + strconv.FormatInt(n, 10)
	}
	return canonicalCharset(set)
}

// canonicalCharset returns the one name of a character set, "" for a set that is not
// known.
func canonicalCharset(name string) string {
	enc, err := htmlindex.Get(name)
	if err != nil || enc == encoding.Replacement {
		return ""
	}
	name, _ = htmlindex.Name(enc)
	return name
}

// setCharset sets the character set in which Text reads names that are not UTF-8.
func (in *Info) setCharset(name string) {
	if enc, err := htmlindex.Get(name); err == nil {
		in.charset = enc
	}
}

// Text returns a name of the torrent as people read it. A name in UTF-8 stays as it is.
// Another is read in the character set that the .torrent names, if it names one and the
// bytes fit it.
func (in *Info) Text(name string) string {
	if in.charset == nil || utf8.ValidString(name) {
		return name
	}
	text, err := in.charset.NewDecoder().String(name)
	if err != nil || text == "" {
		return name
	}
	return text
}

// Encoded reports whether names may be in another character set than UTF-8, so that Text
// differs from them.
func (in *Info) Encoded() bool { return in.charset != nil }
