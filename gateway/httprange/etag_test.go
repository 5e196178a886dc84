package httprange

import "testing"

// TestETagMatch: lists of entity tags, of one line and of several, compared strongly and weakly.
func TestETagMatch(t *testing.T) {
	const etag = `"abc"`
	tests := []struct {
		lines        []string
		strong, weak bool
	}{
		{nil, false, false},
		{[]string{""}, false, false},
		{[]string{`"abc"`}, true, true},
		{[]string{`W/"abc"`}, false, true},
		{[]string{`*`}, true, true},
		{[]string{` * `}, true, true},
		{[]string{`"x", "abc"`}, true, true},
		{[]string{`"x","abc"`}, true, true},
		{[]string{`"x"`, `"abc"`}, true, true},
		{[]string{`"x,", W/"abc" ,"y"`}, false, true},
		{[]string{`abc`}, false, false},
		{[]string{`"abc`}, false, false},
		{[]string{`"ABC"`}, false, false},
		{[]string{`"abc-gzip"`}, false, false},
		{[]string{`w/"abc"`}, false, false},
	}
	for _, test := range tests {
		if got := StrongMatch(test.lines, etag); got != test.strong {
			t.Errorf("strong %q: %t", test.lines, got)
		}
		if got := WeakMatch(test.lines, etag); got != test.weak {
			t.Errorf("weak %q: %t", test.lines, got)
		}
	}
}
