package main

import (
	"errors"
	"io"
	"log/slog"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/btgw/btgw/fetch"
	"github.com/btgw/btgw/gateway"
	"github.com/btgw/btgw/peer"
	"github.com/btgw/btgw/peer/discovery/dht"
)

// serveSettings parses a command line as `serve` does.
func serveSettings(t *testing.T, args ...string) (settings, error) {
	t.Helper()
	var grammar cli
	_, a, err := parse(args, &grammar, io.Discard, io.Discard)
	if err != nil {
		return settings{}, err
	}
	s := grammar.Serve.settings(a.problems)
	return s, a.problems.err()
}

// settingsFile writes a YAML file.
func settingsFile(t *testing.T, content string) string {
	t.Helper()
	name := filepath.Join(t.TempDir(), "btgw.yaml")
	if err := os.WriteFile(name, []byte(content), 0o600); err != nil {
		t.Fatal(err)
	}
	return name
}

func TestDefaults(t *testing.T) {
	t.Setenv("XDG_CACHE_HOME", "/somewhere")
	s, err := serveSettings(t) // no command is serve
	if err != nil {
		t.Fatal(err)
	}
	want := settings{
		listen: "127.0.0.1:8080", adminListen: "127.0.0.1:8081",
		engine: engineSettings{
			cacheDir: filepath.FromSlash("/somewhere/btgw"), cacheSize: diskAmount{size: 10 * GiB}, minFree: diskAmount{percent: 1}, scrub: MiB, memory: 256 * MiB, peerListen: ":22069", anyPeerPort: true, mediaHints: true,
			dht: true, bootstrap: dht.DefaultBootstrap, mapPort: true,
			maxTorrents: fetch.MaxTorrents, maxReaders: fetch.MaxReaders, maxConns: peer.DefaultMaxConns, torrentConns: peer.DefaultMaxSwarmConns,
		},
		log: logSettings{level: slog.LevelInfo, format: "text"},
	}
	if s.listen != want.listen || s.adminListen != want.adminListen || !reflect.DeepEqual(s.engine, want.engine) || s.log != want.log ||
		s.pprof || s.adminToken != "" || s.hosts != nil {
		t.Errorf("got  %+v\nwant %+v", s, want)
	}
}

func TestPrecedence(t *testing.T) {
	file := settingsFile(t, "memory: 100MiB\ncache-size: 1GiB\nlog-level: debug\nallow-private: true\nhost: [a.example, b.example]\n")
	t.Setenv("BTGW_MEMORY", "200MiB")
	t.Setenv("BTGW_CACHE_SIZE", "2GiB")
	t.Setenv("BTGW_CONFIG", file)
	s, err := serveSettings(t, "--memory", "300MiB")
	if err != nil {
		t.Fatal(err)
	}
	if s.engine.memory != 300*MiB {
		t.Errorf("memory is %s: the command line wins over all", s.engine.memory)
	}
	if s.engine.cacheSize != (diskAmount{size: 2 * GiB}) {
		t.Errorf("cache-size is %v: the environment wins over the file", s.engine.cacheSize)
	}
	if s.log.level != slog.LevelDebug || !s.engine.allowPrivate {
		t.Errorf("log level %s, allow-private %v: the file wins over the defaults", s.log.level, s.engine.allowPrivate)
	}
	if strings.Join(s.hosts, " ") != "a.example b.example" {
		t.Errorf("hosts are %q: a list in the file is one", s.hosts)
	}
}

func TestFlagCanBeTakenBack(t *testing.T) {
	t.Setenv("BTGW_ALLOW_PRIVATE", "true")
	s, err := serveSettings(t, "--allow-private=false")
	if err != nil || s.engine.allowPrivate {
		t.Errorf("allow-private is %v, %v", s.engine.allowPrivate, err)
	}
}

func TestEveryProblemIsReportedWithItsPlace(t *testing.T) {
	file := settingsFile(t, "cache-size: 10 potatoes\nlog-format: xml\n")
	t.Setenv("BTGW_ALLOW_PRIVATE", "perhaps")
	t.Setenv("BTGW_LISTEN", "8080")
	_, err := serveSettings(t, "--config", file, "--memory=1KiB", "--log-level=loud", "--host=x:80", "--admin-listen=example.org:1",
		"--peer-listen=:99999", "--mode=closed", "--encryption=some",
		"--upload-rate=fast", "--seed-time=long", "--seed-ratio=-1")
	if err == nil {
		t.Fatal("no error")
	}
	for _, want := range []string{
		file + `: cache-size: "10 potatoes" is not a size: write a number and a unit, as 256MiB or 10GB`,
		file + `: log-format: "xml" is none of text, json`,
		`BTGW_ALLOW_PRIVATE: "perhaps" is neither true nor false`,
		`BTGW_LISTEN: "8080" is not an address: write host:port, as 127.0.0.1:8080 or :8080`,
		`--memory: 1KiB is not between 64MiB and 1TiB`,
		`--log-level: "loud" is none of debug, info, warn, error`,
		`--host: "x:80": leave the port out`,
		`--admin-listen: "example.org:1": the host is not an IP address of this machine`,
		`--peer-listen: ":99999": the port is not a number from 0 to 65535`,
		`--mode: "closed" is none of open`,
		`--upload-rate: "fast" is not a size: write a number and a unit, as 256MiB or 10GB`,
		`--seed-time: "long" is not a time above zero: write 30s or 5m`,
		`--seed-ratio: "-1" is not a number from 0 to 1000000`,
		`--encryption: "some" is none of prefer, require, off`,
	} {
		if !strings.Contains(err.Error(), want) {
			t.Errorf("nothing says\n%s\nin\n%s", want, err)
		}
	}
	if s := (*statusError)(nil); !errors.As(err, &s) || s.status != exitUsage {
		t.Errorf("the status is not %d", exitUsage)
	}
}

func TestFileProblems(t *testing.T) {
	for content, want := range map[string]string{
		"cache_size: 1GiB\n":      `unknown setting "cache_size": is "cache-size" meant?`,
		"memroy: 1GiB\nfoo: 1\n":  `unknown setting "foo"`,
		"memory:\n  much: true\n": `memory: takes one value or a list, not a section`,
		"config: other.yaml\n":    `unknown setting "config"`,
		"memory: [unclosed\n":     "--config ",
		"- a list\n- of things\n": "--config ",
	} {
		_, err := serveSettings(t, "--config", settingsFile(t, content))
		if err == nil || !strings.Contains(err.Error(), want) || strings.Contains(err.Error(), "--help") { // a reload logs it
			t.Errorf("%q: got %v, want %q alone", content, err, want)
		}
	}
	if _, err := serveSettings(t, "--config", "/no/such/file.yaml"); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("a missing file: %v", err)
	}
}

func TestExposureIsChosenInWords(t *testing.T) {
	for _, tt := range []struct {
		args []string
		want string // "" for no error
	}{
		{[]string{"--listen=:8080"}, "say --mode open if that is meant"},
		{[]string{"--listen=0.0.0.0:8080"}, "say --mode open"},
		{[]string{"--listen=[::]:8080"}, "say --mode open"},
		{[]string{"--listen=192.0.2.1:8080"}, "say --mode open"},
		{[]string{"--listen=:8080", "--mode=open"}, ""},
		{[]string{"--listen=127.0.0.2:8080"}, ""},
		{[]string{"--listen=[::1]:8080"}, ""},
		{[]string{"--listen=localhost:8080"}, ""},
		{[]string{"--admin-listen=:8081"}, "set --admin-token"},
		{[]string{"--admin-listen=:8081", "--admin-token=secret"}, ""},
		{[]string{"--admin-listen=none"}, ""},
		{[]string{"--admin-listen=127.0.0.1:8080"}, "the two listeners are apart"},
		{[]string{"--listen=:8081", "--mode=open"}, "the two listeners are apart"},
		{[]string{"--listen=127.0.0.1:0", "--admin-listen=127.0.0.1:0"}, ""},
	} {
		_, err := serveSettings(t, tt.args...)
		if tt.want == "" && err != nil || tt.want != "" && (err == nil || !strings.Contains(err.Error(), tt.want)) {
			t.Errorf("%q: got %v, want %q", tt.args, err, tt.want)
		}
	}
}

func TestNoDiskNoPeers(t *testing.T) {
	s, err := serveSettings(t, "--cache-size=0", "--peer-listen=none")
	if err != nil || s.engine.cacheDir != "" || s.engine.peerListen != "" {
		t.Errorf("%+v, %v", s.engine, err)
	}
}

func TestMemoryIsSplitWhole(t *testing.T) {
	for _, m := range []ByteSize{minMemory, 256 * MiB, 333333333} {
		if p := splitMemory(m); p.flight+p.kept+p.idle != m || p.flight <= 0 || p.kept <= 0 || p.idle <= 0 {
			t.Errorf("%s is split into %+v", m, p)
		}
	}
}

func TestEveryServeFlagHasItsVariable(t *testing.T) {
	chosen, _, err := parse([]string{"serve"}, &cli{}, io.Discard, io.Discard)
	if err != nil {
		t.Fatal(err)
	}
	for _, flag := range chosen.Flags {
		want := "BTGW_" + strings.ToUpper(strings.ReplaceAll(flag.Name, "-", "_"))
		if flag.Env != want {
			t.Errorf("--%s is set by %q, not %s", flag.Name, flag.Env, want)
		}
	}
}

func TestHTTPSettings(t *testing.T) {
	list := filepath.Join(t.TempDir(), "deny")
	if err := os.WriteFile(list, []byte("# none\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	s, err := serveSettings(t, "--trusted-proxy=10.0.0.0/8,::1", "--client-requests=7", "--hide-cache-state", "--subdomain-host=GW.example", "--denylist="+list)
	if err != nil {
		t.Fatal(err)
	}
	if h := s.http; len(h.trustedProxies) != 2 || h.clientRequests != 7 || !h.hideCacheState || h.subdomains != "gw.example" || h.denylist == nil || h.certificate != nil {
		t.Errorf("%+v", h)
	}
	s, err = serveSettings(t, "--acme-domain=GW.example.org,b.example.org", "--acme-email=a@example.org")
	if err != nil {
		t.Fatal(err)
	}
	if a := s.http.acme; !slices.Equal(a.domains, []string{"gw.example.org", "b.example.org"}) || a.email != "a@example.org" || a.ca != gateway.LetsEncrypt || !slices.Equal(s.hosts, a.domains) {
		t.Errorf("%+v, hosts %v", a, s.hosts)
	}
	_, err = serveSettings(t, "--acme-domain=127.0.0.1", "--acme-ca=http://ca.example", "--cache-size=0", "--trusted-proxy=proxy.example", "--client-requests=-1", "--client-streams=x", "--max-streams=0", "--client-surplus=2TiB", "--max-torrents=0", "--max-connections=0", "--torrent-connections=100001", "--subdomain-host=gw.example:80", "--denylist="+list+"x", "--tls-cert="+list)
	if err == nil {
		t.Fatal("no error")
	}
	for _, want := range []string{
		`--trusted-proxy: "proxy.example" is neither an address nor a network`,
		`--client-requests: "-1" is not a number from 0 to`, `--client-streams: "x" is not a number from 0 to`, `--max-streams: "0" is not`, `--client-surplus: 2TiB is not`, `--max-torrents: "0" is not`, `--max-connections: "0" is not`, `--torrent-connections: "100001" is not`,
		`--subdomain-host: "gw.example:80": leave the port out`,
		`--denylist: open `,
		`--tls-cert: certificate: `,
		`--acme-domain: "127.0.0.1" is not a name`,
		`--acme-domain: keys and certificates are kept in --cache-dir`,
		`--acme-domain: certificates are in files (--tls-cert) or are got, not both`,
		`--acme-domain: the hosts under --subdomain-host`,
		`--acme-ca: "http://ca.example" is not the https URL`,
	} {
		if !strings.Contains(err.Error(), want) {
			t.Errorf("nothing says\n%s\nin\n%s", want, err)
		}
	}
}

// A mode has what it needs, and nothing is given that no mode uses.
func TestModes(t *testing.T) {
	dir := t.TempDir()
	keys, list, users := filepath.Join(dir, "keys"), filepath.Join(dir, "list"), filepath.Join(dir, "users")
	for name, text := range map[string]string{keys: signKeys, list: "# none\n", users: "alice sha256:" + strings.Repeat("0", 64) + " rate=8MiB\n"} {
		if err := os.WriteFile(name, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	for _, c := range []struct {
		args []string
		want string // of the error; "" is none
	}{
		{[]string{"--listen=:0", "--mode=open"}, ""},
		{[]string{"--listen=:0", "--mode=signed", "--link-keys=" + keys}, ""},
		{[]string{"--listen=:0", "--mode=signed, allowlist", "--link-keys=" + keys, "--allowlist=" + list}, ""},
		{[]string{"--mode=allowlist", "--allowlist=" + list}, ""},
		{[]string{"--listen=:0", "--mode=keys,signed,allowlist", "--users=" + users, "--link-keys=" + keys, "--allowlist=" + list}, ""},
		{[]string{"--mode=keys"}, "keys needs --users"},
		{[]string{"--mode=keys", "--users=" + list}, "there is no user"},
		{[]string{"--users=" + users}, "it is for --mode keys"},
		{[]string{"--listen=:0", "--mode=keys", "--oidc-issuer=https://id.example", "--oidc-audience=btgw", "--oidc-limits=streams=2 rate=1MiB"}, ""},
		{[]string{"--mode=keys", "--users=" + users, "--oidc-issuer=https://id.example", "--oidc-audience=btgw"}, ""},
		{[]string{"--mode=keys", "--oidc-issuer=https://id.example"}, "there is no audience"},
		{[]string{"--mode=keys", "--oidc-issuer=id.example", "--oidc-audience=btgw"}, "is no URL"},
		{[]string{"--mode=keys", "--oidc-issuer=https://id.example", "--oidc-audience=btgw", "--oidc-limits=x"}, "is no limit"},
		{[]string{"--oidc-issuer=https://id.example", "--oidc-audience=btgw"}, "--oidc-issuer: it is for --mode keys"},
		{[]string{"--oidc-audience=btgw"}, "it goes with --oidc-issuer"},
		{[]string{"--listen=:0"}, "can be reached from other machines"},
		{[]string{"--mode=signed"}, "signed needs --link-keys"},
		{[]string{"--mode=allowlist"}, "allowlist needs --allowlist"},
		{[]string{"--link-keys=" + keys}, "it is for --mode signed"},
		{[]string{"--mode=open", "--allowlist=" + list}, "it is for --mode allowlist"},
		{[]string{"--mode=open,signed", "--link-keys=" + keys}, "goes with no other"},
		{[]string{"--mode=public"}, "--mode"},
		{[]string{"--mode=signed", "--link-keys=" + list}, "there is no key"},
		{[]string{"--mode=allowlist", "--allowlist=" + keys}, "line 1"},
	} {
		_, err := serveSettings(t, c.args...)
		if (err == nil) != (c.want == "") || err != nil && !strings.Contains(err.Error(), c.want) {
			t.Errorf("%q: %v", c.args, err)
		}
	}
}

func TestBounds(t *testing.T) {
	s, err := serveSettings(t)
	if err != nil {
		t.Fatal(err)
	}
	h, e := s.http, s.engine
	if got, want := []int{h.maxStreams, h.clientStreams, h.clientRequests, h.clientSurplus, e.maxTorrents, e.maxReaders, e.maxConns, e.torrentConns},
		[]int{gateway.MaxStreams, gateway.MaxStreamsPerClient, gateway.RequestsPerClient, gateway.SurplusPerClient,
			fetch.MaxTorrents, fetch.MaxReaders, peer.DefaultMaxConns, peer.DefaultMaxSwarmConns}; !slices.Equal(got, want) {
		t.Errorf("defaults %v, not %v", got, want)
	}
	s, err = serveSettings(t, "--max-streams=1000", "--client-streams=0", "--client-requests=0", "--client-surplus=0", "--max-torrents=9", "--max-connections=8", "--torrent-connections=7")
	if err != nil {
		t.Fatal(err)
	}
	h, e = s.http, s.engine
	if got, want := []int{h.maxStreams, h.clientStreams, h.clientRequests, h.clientSurplus, e.maxTorrents, e.maxReaders, e.maxConns, e.torrentConns},
		[]int{1000, gateway.Unbounded, gateway.Unbounded, gateway.Unbounded, 9, 1000, 8, 7}; !slices.Equal(got, want) {
		t.Errorf("%v, not %v", got, want)
	}
}

// Rates of 0 are no bound, and one below a piece's pace is no rate.
func TestRateSettings(t *testing.T) {
	s, err := serveSettings(t)
	if err != nil || s.http.clientRate != 0 || s.engine.downloadRate != 0 || s.engine.upload.rate != 0 {
		t.Errorf("by default %d, %d, %d: %v", s.http.clientRate, s.engine.downloadRate, s.engine.upload.rate, err)
	}
	s, err = serveSettings(t, "--client-rate=2MiB", "--max-download-rate=3MiB", "--max-upload-rate=4MiB")
	if err != nil || s.http.clientRate != 2<<20 || s.engine.downloadRate != 3*MiB || s.engine.upload.rate != 4*MiB {
		t.Errorf("%d, %d, %d: %v", s.http.clientRate, s.engine.downloadRate, s.engine.upload.rate, err)
	}
	_, err = serveSettings(t, "--client-rate=1KiB", "--max-download-rate=1KiB")
	for _, want := range []string{"--client-rate: 1KiB a second is below 16KiB", "--max-download-rate: 1KiB a second is below 16KiB"} {
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%v, not %q", err, want)
		}
	}
}

// Where clients may not all read every torrent, or a torrent may be denied, hashes give none the content of another.
func TestOwnContent(t *testing.T) {
	keys := filepath.Join(t.TempDir(), "allowed")
	if err := os.WriteFile(keys, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		args []string
		own  bool
	}{
		{nil, false},
		{[]string{"--mode=open"}, false},
		{[]string{"--mode=open", "--hide-cache-state"}, true},
		{[]string{"--mode=open", "--denylist=" + keys}, true},
		{[]string{"--denylist=https://lists.example/denied"}, true},
		{[]string{"--mode=allowlist", "--allowlist=" + keys}, true},
	} {
		s, err := serveSettings(t, append([]string{"serve"}, c.args...)...)
		if err != nil || s.engine.ownContent != c.own {
			t.Errorf("%q: %v, error %v", c.args, s.engine.ownContent, err)
		}
	}
}
