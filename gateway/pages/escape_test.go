package pages

import (
	"bytes"
	"fmt"
	"io"
	"reflect"
	"strings"
	"testing"

	"golang.org/x/net/html"
)

// hostile are texts that leave the place that they stand in, where that does not escape them.
var hostile = []string{
	`</title><script>alert(1)</script>`, `</style><script>alert(1)</script>`, `</pre></code></bdi><img src=x onerror=alert(1)>`, `</noscript><script>alert(1)</script>`,
	`" onmouseover="alert(1)`, `' onmouseover='alert(1)`, `x onmouseover=alert(1)`, `"><script>alert(1)</script>`, `'><b>`, `<!--`, `-->`, `]]>`, `&lt;script&gt;`, `&quot;`, `&#34;>`,
	`javascript:alert(1)`, "`${alert(1)}`", `{{.}}`, `{ title }`, "\xff\xfe<b>", "a\u202eb<i>", "a\x00<b>", "a\r\n<b>", `+ADw-script+AD4-`,
}

// No text of a page, of whatever bytes, changes what the page is made of, and each is shown as it is.
func FuzzEscaping(f *testing.F) {
	for _, text := range hostile {
		f.Add(text)
	}
	const harmless = "qzqz"
	plain := rendered(f, harmless)
	f.Fuzz(func(t *testing.T, text string) {
		if text == "" {
			return // parts without a text are left out
		}
		for name, page := range rendered(t, text) {
			for _, scripts := range []bool{false, true} {
				want, shown := parsed(t, plain[name], harmless, scripts)
				got, same := parsed(t, page, text, scripts)
				if got != want {
					t.Fatalf("%s with %q is made of other things:\n%s\nnot\n%s", name, text, got, want)
				}
				if !scripts && asIs(text) && same < shown {
					t.Errorf("%s shows %q %d times, and not %d", name, text, same, shown)
				}
			}
		}
	})
}

// asIs reports whether a parser of HTML keeps a text, and no rule of URLs changes it.
func asIs(text string) bool { return !strings.ContainsAny(text, "\x00\r\n:") }

// rendered are all pages, each text of which is the given one.
func rendered(t testing.TB, text string) map[string][]byte {
	t.Helper()
	var problem Problem
	var start Start
	var listing Listing
	fill(reflect.ValueOf(&problem).Elem(), text)
	fill(reflect.ValueOf(&start).Elem(), text)
	fill(reflect.ValueOf(&listing).Elem(), text)
	var index bytes.Buffer
	row := "<tr><td>row</td></tr>"
	if err := listing.Write(&index, func(w io.Writer) error { _, err := io.WriteString(w, row); return err }); err != nil {
		t.Fatal(err)
	}
	pages := map[string][]byte{"problem": problem.HTML(), "start": start.HTML(), "listing": index.Bytes()}
	for _, kind := range []string{"start", "player", "torrent"} {
		var app App
		fill(reflect.ValueOf(&app).Elem(), text)
		app.Page = kind // the one text that is of this program
		pages["app "+kind] = app.HTML()
	}
	return pages
}

// fill sets every text within v, every number to 7 and every truth to true; lists have two items.
func fill(v reflect.Value, text string) {
	switch v.Kind() {
	case reflect.String:
		v.SetString(text)
	case reflect.Int, reflect.Int64:
		v.SetInt(7)
	case reflect.Bool:
		v.SetBool(true)
	case reflect.Slice:
		v.Set(reflect.MakeSlice(v.Type(), 2, 2))
		for i := range v.Len() {
			fill(v.Index(i), text)
		}
	case reflect.Struct:
		for i := range v.NumField() {
			fill(v.Field(i), text)
		}
	default:
		panic(v.Kind().String())
	}
}

// parsed reads a page as a browser does: the elements it is made of, with the names of their attributes, and how often it
// shows the text. No link runs anything.
func parsed(t testing.TB, page []byte, text string, scripts bool) (made string, shown int) {
	t.Helper()
	doc, err := html.ParseWithOptions(bytes.NewReader(page), html.ParseOptionEnableScripting(scripts))
	if err != nil {
		t.Fatal(err)
	}
	var out strings.Builder
	for n := range doc.Descendants() {
		switch n.Type {
		case html.ElementNode:
			fmt.Fprintf(&out, "<%s", n.Data)
			for _, a := range n.Attr {
				out.WriteString(" " + a.Key)
				if strings.Contains(a.Val, text) {
					shown++
				}
				if a.Key == "href" && strings.HasPrefix(strings.ToLower(strings.TrimSpace(a.Val)), "javascript:") && n.Parent.Data != "form" { // there the magnet link is, which has a type of its own
					t.Errorf("%s leads to %q", n.Data, a.Val)
				}
			}
			out.WriteString(">\n")
		case html.TextNode:
			shown += strings.Count(n.Data, text)
		case html.CommentNode:
			out.WriteString("a comment\n")
		}
	}
	return out.String(), shown
}

// The version changes with every template.
func TestVersion(t *testing.T) {
	t.Parallel()
	for _, name := range []string{"frame", "problem", "start", "listing", "app"} {
		if text, err := sources.ReadFile(name + ".templ"); err != nil || len(text) == 0 {
			t.Errorf("%s.templ is not in the version: %v", name, err)
		}
	}
	if len(Version()) != 16 {
		t.Errorf("%q", Version())
	}
}
