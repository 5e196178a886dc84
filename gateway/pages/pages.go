// Package pages renders what a person sees of the gateway.
//
// Its templates (*.templ) are compiled to Go by templ (`make generate`), which escapes each value for where it stands.
// The pages of frame.templ load nothing and run nothing. The ones of app.templ run the scripts that package gateway serves
// from dist. All of it is safe for concurrent use.
package pages

import (
	"bytes"
	"context"
	"crypto/sha256"
	"embed"
	"encoding/base64"
	"encoding/hex"
	"html"
	"io"
	"strings"
	"sync"

	"github.com/a-h/templ"

	"github.com/btgw/btgw/metainfo"
)

//go:embed *.templ style.css
var sources embed.FS

//go:embed style.css
var style string

//go:embed app.css
var appStyle string

// Policy returns the Content-Security-Policy of the pages that run nothing: all but App.
var Policy = sync.OnceValue(func() string {
	sum := sha256.Sum256([]byte(style))
	return "default-src 'none'; style-src 'sha256-" + base64.StdEncoding.EncodeToString(sum[:]) +
		"'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
})

// Version returns a text that changes with every change of the templates and their style.
var Version = sync.OnceValue(func() string {
	sum := sha256.New()
	entries, err := sources.ReadDir(".")
	for _, e := range entries {
		var text []byte
		if text, err = sources.ReadFile(e.Name()); err != nil {
			break
		}
		sum.Write(text)
	}
	if err != nil {
		panic("gateway/pages: " + err.Error()) // embedded files can be read
	}
	return hex.EncodeToString(sum.Sum(nil)[:8])
})

// A Problem is the page of a request that failed.
type Problem struct {
	Status        int
	Title, Detail string
	Advice        string // what a person can do about it; "" for nothing
	Stage         string // what is waited for; "" for nothing
	Tried         []Count
	Dropped       []metainfo.Dropped // parts of the link that were left out
	RetryAfter    int                // seconds until the page asks again; 0 for never
	InfoHash      string             // "" where the request names none
	Up            string             // relative reference to the root of the host
	Home          string             // what is there
	Torrent       string             // reference to the torrent; "" for none
	Box           bool               // it has the box in which a torrent is opened
}

// A Count is one line of what was tried.
type Count struct {
	Name  string
	Value int64
}

// HTML renders the page.
func (p Problem) HTML() []byte { return render(problem(p)) }

// A Start is the page that explains the URLs of the server.
type Start struct {
	Forms, Parameters []Form
	Example           string // a command line
}

// A Form is one line of what the start page explains.
type Form struct{ URL, What string }

// HTML renders the page.
func (s Start) HTML() []byte { return render(start(s)) }

// A Listing is the page of a directory.
type Listing struct {
	Title  string
	Crumbs []Crumb // directories above it
	Facts  []Fact
	Forms  []Button
	Hints  []Hint // what the buttons go on with
	Magnet string // the magnet link, escaped as a URL; "" for none
	Curl   string // the command line that gets all of it
}

// A Crumb is a directory above what a page shows.
type Crumb struct{ Name, Href string }

// A Fact is a line about a torrent or a directory.
type Fact struct {
	Name, Value string
	Code        bool // the value is for programs
}

// A Button leads to another form of a listing.
type Button struct{ Format, Name string }

// A Hint is a parameter of the request that is kept.
type Hint struct{ Key, Value string }

// Write writes the page. Its rows, which have the columns of a name and a size, are written by the function.
func (l Listing) Write(w io.Writer, rows func(io.Writer) error) error {
	component := templ.ComponentFunc(func(_ context.Context, w io.Writer) error {
		if _, err := io.WriteString(w, "\n"); err != nil { // for programs that read lines
			return err
		}
		return rows(w)
	})
	return listing(l, component).Render(context.Background(), w)
}

// An App is a page that runs scripts.
type App struct {
	Page   string // which it is: start, torrent or player
	Title  string
	Root   string // relative reference to the root of this server
	Self   string // path of what it shows, as the client knows it
	Query  string // the hints of the request, with their question mark; "" for none
	Hash   string // infohash
	Base   string // path of the torrent, with a slash at its end
	Path   string // of the file or directory, as a JSON list of its names; "" for none
	Crumbs []Crumb
	Media  string // "video" or "audio" of a player
	Type   string // media type of what it plays
	Plain  string // URL of the page without scripts
	Source string // URL of what it plays
	Native bool   // browsers may play it as it is; the head of other files is looked at first
	Upload bool   // .torrent files are taken
	Hidden bool   // what is cached is not told
	Known  bool   // the metadata is here

	Listing string // URL of the files as JSON, which is fetched beside the script; "" for none

	Nonce  string
	Script string
	Parts  []string // of the script, which are fetched beside it

	Start // of the start page
}

// HTML renders the page.
func (a App) HTML() []byte { return render(app(a)) }

// render renders into memory, which takes everything; no template has an error of its own.
func render(c templ.Component) []byte {
	var out bytes.Buffer
	if err := c.Render(context.Background(), &out); err != nil {
		panic("gateway/pages: " + err.Error())
	}
	return out.Bytes()
}

// styled is a style sheet of ours.
func styled(sheet string) templ.Component { return templ.Raw("<style>" + sheet + "</style>") }

// What copies a folder by its index takes whatever looks like a URL, or like href="…", for an entry. The following keep such
// programs off what is no entry: links have a blank before "=", and URLs in text have an escaped colon. A template of templ
// cannot write that.

// upLink is a link to a directory above.
func upLink(c Crumb) templ.Component {
	attribute := ` href ="`
	if c.Href == "../" {
		attribute = ` href="` // every program knows it
	}
	return templ.Raw("<a" + attribute + html.EscapeString(string(templ.URL(c.Href))) + `"><bdi>` + html.EscapeString(c.Name) + "</bdi></a>")
}

// magnetLink is a magnet link.
func magnetLink(href string) templ.Component {
	return templ.Raw(`<a rel="nofollow" href ="` + html.EscapeString(href) + `">Magnet link</a>`)
}

// textURL is a text with URLs.
func textURL(text string) templ.Component { return templ.Raw(escapeURL(text)) }

// hiddenField is a field of a form whose value may have URLs.
func hiddenField(h Hint) templ.Component {
	return templ.Raw(`<input type="hidden" name="` + html.EscapeString(h.Key) + `" value="` + escapeURL(h.Value) + `">`)
}

// escapeURL escapes a text for HTML, with the colons of its URLs.
func escapeURL(text string) string { return colons.Replace(html.EscapeString(text)) }

// colons also replaces zero bytes, as HTML has it.
var colons = strings.NewReplacer("://", "&#58;//", "\x00", "\ufffd")
