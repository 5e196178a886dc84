package gateway

import (
	"net/url"
	"slices"
	"strings"
	"testing"

	"github.com/btgw/btgw/metainfo"
)

const (
	v1Hex    = "0123456789abcdef0123456789abcdef01234567"
	v1Base32 = "aerukz4jvpg66ajdivtytk6n54asgrlh"
	v2Hex    = "1220e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
)

func v2Base32(t testing.TB) string {
	t.Helper()
	h, err := metainfo.ParseMultihash(v2Hex)
	if err != nil {
		t.Fatal(err)
	}
	return h.String()
}

func TestParseTarget(t *testing.T) {
	v2 := v2Base32(t)
	tests := []struct {
		raw       string
		hash      string // canonical
		canonical bool
		path      []string
		slash     bool
	}{
		{"/btih/" + v1Hex, v1Hex, true, nil, false},
		{"/btih/" + v1Hex + "/", v1Hex, true, nil, true},
		{"/btih/" + strings.ToUpper(v1Hex) + "/", v1Hex, false, nil, true},
		{"/btih/" + v1Base32, v1Hex, false, nil, false},
		{"/btih/" + strings.ToUpper(v1Base32) + "/a", v1Hex, false, []string{"a"}, false},
		{"/btih/" + "%30" + v1Hex[1:], v1Hex, false, nil, false},
		{"/%62tih/" + v1Hex, v1Hex, true, nil, false},
		{"/btmh/" + v2, v2, true, nil, false},
		{"/btmh/" + strings.ToUpper(v2) + "/", v2, false, nil, true},
		{"/btmh/" + v2Hex + "/x/", v2, false, []string{"x"}, true},
		{"/btih/" + v1Hex + "/C++.mkv", v1Hex, true, []string{"C++.mkv"}, false},
		{"/btih/" + v1Hex + "/C%2B%2B.mkv", v1Hex, true, []string{"C++.mkv"}, false},
		{"/btih/" + v1Hex + "/a%2Fb/c", v1Hex, true, []string{"a/b", "c"}, false},
		{"/btih/" + v1Hex + "/a%20b", v1Hex, true, []string{"a b"}, false},
		{"/btih/" + v1Hex + "/%252F", v1Hex, true, []string{"%2F"}, false},
		{"/btih/" + v1Hex + "/%00%0d%0A%22%ff", v1Hex, true, []string{"\x00\r\n\"\xff"}, false},
		{"/btih/" + v1Hex + "/../x", v1Hex, true, []string{"..", "x"}, false},
		{"/btih/" + v1Hex + "/%2e%2e/.", v1Hex, true, []string{"..", "."}, false},
		{"/btih/" + v1Hex + "//a//b/", v1Hex, true, []string{"", "a", "", "b"}, true},
		{"/btih/" + v1Hex + "//", v1Hex, true, []string{""}, true},
		{"/btih/" + v1Hex + "/\xc3\xa9", v1Hex, true, []string{"é"}, false},
	}
	for _, test := range tests {
		got, p := parseTarget(test.raw)
		if p != nil {
			t.Errorf("%q: %s", test.raw, p.detail)
			continue
		}
		if got.hash.String() != test.hash || got.canonical != test.canonical || !slices.Equal(got.path, test.path) || got.slash != test.slash {
			t.Errorf("%q: %+v", test.raw, got)
		}
	}
}

func TestParseTargetRefuses(t *testing.T) {
	tests := []struct {
		raw    string
		status int
		says   string
	}{
		{"/btih/", 400, "40 hexadecimal digits"},
		{"/btih//x", 400, "40 hexadecimal digits"},
		{"/btih/xyz", 400, "40 hexadecimal digits"},
		{"/btih/" + v1Hex[1:], 400, "40 hexadecimal digits"},
		{"/btih/" + v1Hex + "0", 400, "40 hexadecimal digits"},
		{"/btih/" + v2Hex, 400, "/btmh/"},
		{"/btmh/" + v1Hex, 400, "/btih/" + v1Hex},
		{"/btmh/1221" + v2Hex[4:], 400, "1220"},
		{"/btmh/", 400, "1220"},
		{"/btih/" + v1Hex + "/a%zz", 400, "two hexadecimal digits"},
		{"/btih/" + v1Hex + "/a%2", 400, "two hexadecimal digits"},
		{"/btih/%", 400, "two hexadecimal digits"},
		{"/btih%2F" + v1Hex + "/x", 404, "/btih/"},
		{"/other/" + v1Hex, 404, "/btih/"},
	}
	for _, test := range tests {
		if _, p := parseTarget(test.raw); p == nil || p.status != test.status || !strings.Contains(p.detail, test.says) {
			t.Errorf("%q: %+v", test.raw, p)
		}
	}
}

// What escapePath writes is what parseTarget reads.
func FuzzPath(f *testing.F) {
	for _, seed := range []string{"a/b", "C++.mkv", "%2F", "..", "a%20b", "//", "\x00\xff", "%", "é"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, rest string) {
		target, p := parseTarget("/btih/" + v1Hex + "/" + rest)
		if p != nil {
			if p.status != 400 {
				t.Fatalf("status %d", p.status)
			}
			return
		}
		again, p := parseTarget("/btih/" + v1Hex + escapePath(target.path) + strings.Repeat("/", btoi(target.slash || target.path == nil)))
		if p != nil || !slices.Equal(again.path, target.path) || again.slash != target.slash {
			t.Fatalf("%q: %q, again %q", rest, target.path, again.path)
		}
		location := string(appendEscaped(nil, target.hash.Path()+target.rest, printable))
		if !strings.HasPrefix(location, "/btih/"+v1Hex) {
			t.Fatalf("location %q", location)
		}
		for i := range len(location) {
			if location[i] <= ' ' || location[i] >= 0x7f {
				t.Fatalf("byte %#x in location %q", location[i], location)
			}
		}
		if _, err := url.Parse(location); err != nil && !strings.Contains(rest, "%") {
			t.Fatalf("location %q: %v", location, err)
		}
	})
}

func btoi(b bool) int {
	if b {
		return 1
	}
	return 0
}
