package webseed

import (
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/btgw/btgw/metainfo"
	"github.com/btgw/btgw/metainfo/bencode"
)

// info makes the info dictionary of a v1 torrent of one piece.
func info(t *testing.T, dict map[string]any) *metainfo.Info {
	t.Helper()
	dict["piece length"], dict["pieces"] = 16<<10, strings.Repeat("x", 20)
	raw, err := bencode.Append(nil, dict)
	if err != nil {
		t.Fatal(err)
	}
	in, err := metainfo.ParseInfo(raw)
	if err != nil {
		t.Fatal(err)
	}
	return in
}

// TestFileURL follows BEP 19.
func TestFileURL(t *testing.T) {
	single := info(t, map[string]any{"name": "a b?.bin", "length": 3})
	tree := info(t, map[string]any{"name": "top/dir", "files": []any{
		map[string]any{"length": 1, "path": []any{"x", "100% #1;+ü"}},
		map[string]any{"length": 2, "path": []any{"..", "\xff"}},
	}})
	for _, c := range []struct {
		base string
		in   *metainfo.Info
		file int
		want string
	}{
		{"http://h/any.bin", single, 0, "http://h/any.bin"},
		{"http://h/dir/", single, 0, "http://h/dir/a%20b%3F.bin"},
		{"http://h", single, 0, "http://h/a%20b%3F.bin"},
		{"http://h/get?key=1", single, 0, "http://h/get?key=1"},
		{"http://u:p@h/a%2Fb/?key=1", single, 0, "http://u:p@h/a%2Fb/a%20b%3F.bin?key=1"},
		{"http://h/dir/", tree, 0, "http://h/dir/" + url.PathEscape(tree.Name) + "/x/100%25%20%231%3B+%C3%BC"},
		{"http://h/dir", tree, 0, "http://h/dir/" + url.PathEscape(tree.Name) + "/x/100%25%20%231%3B+%C3%BC"},
	} {
		base, err := url.Parse(c.base)
		if err != nil {
			t.Fatal(err)
		}
		if got := fileURL(base, c.in, &c.in.Files[c.file]); got != c.want {
			t.Errorf("%s: %s, want %s", c.base, got, c.want)
		}
	}
	base := &url.URL{Scheme: "http", Host: "h", Path: "/dir/"}
	u, err := url.Parse(fileURL(base, tree, &tree.Files[1]))
	if err != nil || u.JoinPath().EscapedPath() != u.EscapedPath() {
		t.Errorf("%v leads elsewhere: %v", u, err)
	}
	if got := redacted(&url.URL{Scheme: "http", Host: "h", Path: "/x", RawQuery: "key=1", User: url.User("me")}); got != "http://h/x" {
		t.Error(got)
	}
}

func TestContentRange(t *testing.T) {
	for value, want := range map[string][3]int64{
		"bytes 0-99/1000": {0, 1000, 1}, "bytes 5-5/*": {5, -1, 1}, "BYTES 0-0/1": {0, 1, 1},
		"": {}, "bytes */5": {}, "bytes 5-4/9": {}, "bytes 0-9/9": {}, "bytes -1-5/9": {}, "bytes 0-5/+9": {}, "items 0-5/9": {},
		"bytes 0-99999999999999999999/*": {},
	} {
		first, size, ok := contentRange(value)
		if ok != (want[2] == 1) || ok && (first != want[0] || size != want[1]) {
			t.Errorf("%q: %d of %d, %v", value, first, size, ok)
		}
	}
}

func FuzzContentRange(f *testing.F) {
	f.Add("bytes 0-99/1000")
	f.Add("bytes 5-5/*")
	f.Fuzz(func(t *testing.T, value string) {
		if first, size, ok := contentRange(value); ok && (first < 0 || size < -1 || size >= 0 && first >= size) {
			t.Errorf("%q: %d of %d", value, first, size)
		}
	})
}

func TestRetryAfter(t *testing.T) {
	now := time.Date(2030, 1, 1, 0, 0, 0, 0, time.UTC)
	for value, want := range map[string]time.Duration{
		"": 0, "x": 0, "-5": 0, "7": 7 * time.Second, "99999": maxRetryAfter, "99999999999999999999": 0,
		now.Add(time.Minute).Format(http.TimeFormat): time.Minute,
		now.Add(-time.Hour).Format(http.TimeFormat):  0,
		now.Add(time.Hour).Format(http.TimeFormat):   maxRetryAfter,
	} {
		if got := retryAfter(value, now); got != want {
			t.Errorf("%q: %v, want %v", value, got, want)
		}
	}
}
