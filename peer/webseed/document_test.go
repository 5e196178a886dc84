package webseed

import (
	"net/http"
	"testing"

	"github.com/btgw/btgw/peer/contact"
)

// TestDocumentIsALink: a URL that leads to a magnet link gives the link, which no later request
// to its host pays for; one that leads nowhere gives nothing.
func TestDocumentIsALink(t *testing.T) {
	const link = "magnet:?xt=urn:btih:0123456789abcdef0123456789abcdef01234567&dn=100%&tr=http://t.example/a"
	mux := http.NewServeMux()
	to := func(path, location string, status int) {
		mux.HandleFunc(path, func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Location", location)
			w.WriteHeader(status)
		})
	}
	to("/302", link, http.StatusFound)
	to("/301", "MAGNET"+link[len("magnet"):], http.StatusMovedPermanently)
	to("/307", link, http.StatusTemporaryRedirect)
	to("/twice", "/302", http.StatusSeeOther)
	to("/ftp", "ftp://site.example/a", http.StatusFound)
	to("/created", link, http.StatusCreated)
	to("/loop", "/loop", http.StatusFound)
	mux.HandleFunc("/plain", func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write([]byte(link)) })
	base := serve(t, mux.ServeHTTP)
	for _, row := range []struct{ path, want string }{
		{"302", link}, {"301", "MAGNET" + link[len("magnet"):]}, {"307", link}, {"twice", link}, {"plain", link}, {"created", ""}, {"ftp", ""}, {"loop", ""},
	} {
		client := NewClient(open(), contact.NewGate())
		body, err := client.Document(t.Context(), base+row.path, contact.Ask{}, 1<<20)
		if string(body) != row.want || (err == nil) != (row.want != "") {
			t.Errorf("%s: %q, %v", row.path, body, err)
		}
		client.Close()
	}
}
