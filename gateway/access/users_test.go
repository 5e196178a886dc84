package access

import (
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"
)

func hashed(key string) string {
	sum := sha256.Sum256([]byte(key))
	return "sha256:" + hex.EncodeToString(sum[:])
}

func size(s string) (int64, error) { return strconv.ParseInt(s, 10, 64) }

func users(t *testing.T, lines ...string) *Users {
	t.Helper()
	u, err := UserParser(size)(strings.NewReader(strings.Join(lines, "\n")))
	if err != nil {
		t.Fatal(err)
	}
	return u
}

func TestFind(t *testing.T) {
	u := users(t, "# users", "alice "+hashed("key-a"), "bob "+hashed("key-b")+" streams=2 requests=3 rate=5 day=10 month=20 add=no", "alice "+hashed("key-a2"))
	basic := func(s string) string { return "Basic " + base64.StdEncoding.EncodeToString([]byte(s)) }
	for authorization, want := range map[string]string{
		"Bearer key-a": "alice", "bearer  key-b": "bob", "Bearer key-a2": "alice", basic("bob:key-b"): "bob", basic("alice:key-a2"): "alice",
		"": "", "key-a": "", "Bearer": "", "Bearer key-c": "", basic("alice:key-b"): "", basic("bob"): "", "Basic !!!": "",
		"Digest key-a": "", "Bearer " + strings.Repeat("a", maxAuthorization+1): "",
	} {
		got := ""
		if user := u.Find(authorization); user != nil {
			got = user.Name
		}
		if got != want {
			t.Errorf("%.60q is %q, not %q", authorization, got, want)
		}
	}
	if bob := u.Find("Bearer key-b"); *bob != (User{Name: "bob", Streams: 2, Rate: 5, Day: 10, Month: 20, Requests: 3, NoAdd: true}) {
		t.Errorf("%+v", bob)
	}
}

func TestParseUsers(t *testing.T) {
	key := hashed("a")
	for file, want := range map[string]string{
		"":                              "no user",
		"alice":                         "expected",
		"al/ice " + key:                 "expected",
		"alice key":                     "sha256",
		"alice sha256:00":               "sha256",
		"alice " + key + " speed=1":     "no limit",
		"alice " + key + " streams=0":   "at least 1",
		"alice " + key + " requests=0":  "requests of alice",
		"alice " + key + " streams=x":   "streams of alice",
		"alice " + key + " day=-1":      "above zero",
		"alice " + key + " add=maybe":   "yes or no",
		"alice " + key + "\nbob " + key: "line 2: this key is there twice",
		"a " + key + "\na " + hashed("b") + " day=1": "line 2: the limits of a are on its first line",
	} {
		if _, err := UserParser(size)(strings.NewReader(file)); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: %v, not %q", file, err, want)
		}
	}
}

// A hundred requests of one key have its bytes, and not one more; the next day there are more, and a
// restart forgets nothing.
func TestQuota(t *testing.T) {
	u := users(t, "alice "+hashed("a")+" day=1000 month=1500 streams=100").Find("Bearer a")
	file := filepath.Join(t.TempDir(), "accounts")
	a, err := OpenAccounts(file)
	if err != nil {
		t.Fatal(err)
	}
	day := time.Date(2026, 1, 30, 23, 0, 0, 0, time.UTC)
	spend := func(a *Accounts, now time.Time) (total int, last error) {
		var open []*Spender
		for range 100 {
			s, err := a.Enter(u, now)
			if err != nil {
				return 0, err
			}
			open = append(open, s)
		}
		if _, err := a.Enter(u, now); !errors.Is(err, ErrStreams) {
			t.Errorf("the 101st request: %v", err)
		}
		for i := 0; last == nil; i++ {
			var n int
			n, last = open[i%100].Take(7, now)
			total += n
		}
		for _, s := range open {
			s.Leave()
		}
		return total, last
	}
	var quota *QuotaError
	if n, err := spend(a, day); n != 1000 || !errors.As(err, &quota) || quota.Period != "day" || !quota.Until.Equal(time.Date(2026, 1, 31, 0, 0, 0, 0, time.UTC)) {
		t.Errorf("%d bytes, then %v", n, err)
	}
	if err := a.Save(); err != nil {
		t.Fatal(err)
	}
	if a, err = OpenAccounts(file); err != nil {
		t.Fatal(err)
	}
	if _, err := a.Enter(u, day); !errors.As(err, &quota) {
		t.Errorf("after a restart: %v", err)
	}
	if n, err := spend(a, day.Add(24*time.Hour)); n != 500 || !errors.As(err, &quota) || quota.Period != "month" || !quota.Until.Equal(time.Date(2026, 2, 1, 0, 0, 0, 0, time.UTC)) {
		t.Errorf("the next day %d bytes, then %v", n, err)
	}
	if n, err := spend(a, day.Add(48*time.Hour)); n != 1000 {
		t.Errorf("the next month %d bytes, then %v", n, err)
	}
}

// A key makes so many requests a second on average, four seconds' worth at once; a new limit counts at once.
func TestAsk(t *testing.T) {
	a, err := OpenAccounts("")
	if err != nil {
		t.Fatal(err)
	}
	u, now := &User{Name: "alice", Requests: 10}, time.Now()
	allowed := func(u *User, now time.Time) (n int) {
		for range 1000 {
			if a.Ask(u, now) {
				n++
			}
		}
		return n
	}
	if n := allowed(u, now); n != 40 {
		t.Errorf("%d at once", n)
	}
	if n := allowed(u, now.Add(time.Second)); n != 10 {
		t.Errorf("%d a second later", n)
	}
	if n := allowed(&User{Name: "alice", Requests: 20}, now.Add(time.Second)); n != 80 {
		t.Errorf("%d after the limit changed", n)
	}
	if n := allowed(&User{Name: "bob"}, now); n != 1000 {
		t.Errorf("%d without a limit", n)
	}
}
