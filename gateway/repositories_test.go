package gateway

import (
	"archive/zip"
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"encoding/base64"
	"flag"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/btgw/btgw/metainfo"
)

// Repositories and data sets in a torrent are read where they are, by the programs they are for.

// below reads all files below a folder, by their path in it.
func below(t *testing.T, dir string) map[string][]byte {
	t.Helper()
	files := make(map[string][]byte)
	err := filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		rel, _ := filepath.Rel(dir, path)
		files[rel], err = os.ReadFile(path)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return files
}

// write makes files below a folder.
func write(t *testing.T, dir string, files map[string][]byte) {
	t.Helper()
	for path, data := range files {
		path = filepath.Join(dir, path)
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, data, 0o644); err != nil {
			t.Fatal(err)
		}
	}
}

// must fails the test unless the program ends with 0.
func must(t *testing.T, dir, name string, args ...string) string {
	t.Helper()
	out, code := program(t, dir, name, args...)
	if code != 0 {
		t.Fatalf("%s %q: %d\n%s", name, args, code, out)
	}
	return out
}

// onceEach expects that of each file no byte was asked for twice, and no more than all of one.
func (g *gatewayTest) onceEach(t *testing.T, want int64) {
	t.Helper()
	if n := g.asked(); n != want {
		t.Errorf("%d bytes were asked for, not %d", n, want)
	}
}

// A flat repository of apt, whose paths have "/./" in them, and whose packages' names have "~" and "+".
func TestAptRepository(t *testing.T) {
	g := serve(t, nil)
	dir := t.TempDir()
	repository := make(map[string][]byte)
	var index bytes.Buffer
	packages := []string{"film-one", "film-two", "libc++odd"}
	versions := map[string]string{"film-one": "1.0", "film-two": "2:3.0~rc1+dfsg-1", "libc++odd": "0.1-1"}
	var debs int64
	for i, name := range packages {
		control := fmt.Sprintf("Package: %s\nVersion: %s\nArchitecture: all\nMaintainer: A <a@example.org>\nDescription: x\n", name, versions[name])
		source := filepath.Join(dir, name)
		write(t, source, map[string][]byte{"DEBIAN/control": []byte(control), "usr/share/" + name: random(uint64(i)+1, 30_000+i)})
		must(t, dir, "dpkg-deb", "--root-owner-group", "-b", source, source+".deb")
		data, err := os.ReadFile(source + ".deb")
		if err != nil {
			t.Fatal(err)
		}
		path := fmt.Sprintf("%s_%s_all.deb", name, strings.ReplaceAll(versions[name], "2:", ""))
		repository[path] = data
		debs += int64(len(data))
		fmt.Fprintf(&index, "%sFilename: ./%s\nSize: %d\nSHA256: %x\n\n", control, path, len(data), sha256.Sum256(data))
	}
	var packed bytes.Buffer
	z := gzip.NewWriter(&packed)
	_, _ = z.Write(index.Bytes())
	_ = z.Close()
	repository["Packages.gz"] = packed.Bytes()
	hash := g.backend.add(t, "repository", metainfo.V1, repository)

	root := filepath.Join(dir, "root")
	for _, d := range []string{"etc/apt/preferences.d", "etc/apt/apt.conf.d", "var/lib/apt/lists/partial", "var/cache/apt/archives/partial", "var/lib/dpkg"} {
		if err := os.MkdirAll(filepath.Join(root, d), 0o755); err != nil {
			t.Fatal(err)
		}
	}
	write(t, root, map[string][]byte{
		"etc/apt/sources.list": fmt.Appendf(nil, "deb [trusted=yes] http://%s%s/repository ./\n", g.addr, hash.Path()),
		"var/lib/dpkg/status":  nil,
		"apt.conf":             fmt.Appendf(nil, "Dir %q;\nDir::State::status %q;\nAPT::Sandbox::User \"\";\nAcquire::http::Proxy \"DIRECT\";\nAPT::Architecture \"amd64\";\nAcquire::Languages \"none\";\n", root, filepath.Join(root, "var/lib/dpkg/status")),
	})
	apt := func(args ...string) {
		must(t, dir, "env", append([]string{"APT_CONFIG=" + filepath.Join(root, "apt.conf"), "apt-get", "-q"}, args...)...)
	}
	apt("update", "-o", "APT::Update::Error-Mode=any")
	g.onceEach(t, int64(packed.Len()))
	got := filepath.Join(dir, "got")
	if err := os.Mkdir(got, 0o755); err != nil {
		t.Fatal(err)
	}
	must(t, got, "env", append([]string{"APT_CONFIG=" + filepath.Join(root, "apt.conf"), "apt-get", "-q", "download"}, packages...)...)
	g.onceEach(t, debs)
	sums := make(map[[32]byte]bool)
	for _, data := range below(t, got) {
		sums[sha256.Sum256(data)] = true
	}
	for path, data := range repository {
		if strings.HasSuffix(path, ".deb") && !sums[sha256.Sum256(data)] {
			t.Errorf("%s was not downloaded", path)
		}
	}
}

// A bare repository of git, packed and not, whose files have odd names.
func TestGitClone(t *testing.T) {
	dir := t.TempDir()
	git := func(args ...string) string {
		return must(t, dir, "env", append([]string{"GIT_CONFIG_GLOBAL=/dev/null", "GIT_CONFIG_SYSTEM=/dev/null", "GIT_TERMINAL_PROMPT=0", "git", "-c", "user.name=A", "-c", "user.email=a@example.org", "-c", "init.defaultBranch=main"}, args...)...)
	}
	files := make(map[string][]byte)
	for i, name := range crawledNames() {
		files[name] = random(uint64(i)+1, 100+37*i)
	}
	git("init", "-q", "work")
	write(t, filepath.Join(dir, "work"), files)
	git("-C", "work", "add", "-A")
	git("-C", "work", "commit", "-qm", "all")
	git("-C", "work", "tag", "v1.0#1")
	for _, packed := range []bool{false, true} {
		bare := fmt.Sprintf("bare-%t.git", packed)
		git("clone", "-q", "--bare", "--no-hardlinks", "work", bare)
		if packed {
			git("-C", bare, "gc", "-q")
		}
		git("-C", bare, "update-server-info")
		g := serve(t, func(cfg *Config) { cfg.RequestsPerClient = 1000 })
		stored := below(t, filepath.Join(dir, bare))
		hash := g.backend.add(t, "a project.git", metainfo.V1, stored)
		to := fmt.Sprintf("clone-%t", packed)
		git("clone", "-q", "http://"+g.addr+hash.Path()+"/a%20project.git", to)
		var objects, all int64
		for path, data := range stored {
			all += int64(len(data))
			if strings.HasPrefix(path, "objects/") {
				objects += int64(len(data))
			}
		}
		if n := g.asked(); n > all {
			t.Errorf("packed %t: %d bytes were asked for, of %d, of which objects have %d", packed, n, all, objects)
		}
		for name, data := range files {
			wantFile(t, filepath.Join(dir, to, name), data)
		}
		if out := git("-C", to, "tag"); out != "v1.0#1\n" {
			t.Errorf("tags: %q", out)
		}
		git("-C", to, "fsck", "--full", "--strict")
	}
}

// wheel makes a package for pip, by PEP 427.
func wheel(t *testing.T, name, version string, size int) (path string, data []byte) {
	t.Helper()
	var out bytes.Buffer
	z := zip.NewWriter(&out)
	info := name + "-" + version + ".dist-info/"
	record := ""
	for _, f := range [][2]string{
		{name + "/__init__.py", "answer = 42\n"},
		{name + "/data.bin", string(random(7, size))},
		{info + "METADATA", "Metadata-Version: 2.1\nName: " + name + "\nVersion: " + version + "\n"},
		{info + "WHEEL", "Wheel-Version: 1.0\nGenerator: test\nRoot-Is-Purelib: true\nTag: py3-none-any\n"},
		{info + "RECORD", ""},
	} {
		w, err := z.Create(f[0])
		if err != nil {
			t.Fatal(err)
		}
		if f[1] != "" {
			sum := sha256.Sum256([]byte(f[1]))
			record += fmt.Sprintf("%s,sha256=%s,%d\n", f[0], base64.RawURLEncoding.EncodeToString(sum[:]), len(f[1]))
		} else {
			f[1] = record + f[0] + ",,\n"
		}
		if _, err := w.Write([]byte(f[1])); err != nil {
			t.Fatal(err)
		}
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return name + "-" + version + "-py3-none-any.whl", out.Bytes()
}

// pip installs from a folder, as links and as an index with a folder a project, by its HTML listing.
func TestPipIndex(t *testing.T) {
	g := serve(t, nil)
	files := make(map[string][]byte)
	path, newest := wheel(t, "film_tools", "1.1+local.2", 50_000)
	files["simple/film-tools/"+path] = newest
	path, files["simple/film-tools/old~/unused"] = wheel(t, "film_tools", "1.0", 10_000)
	files["simple/film-tools/"+path] = files["simple/film-tools/old~/unused"]
	path, other := wheel(t, "other", "3.0", 100)
	files["simple/other/"+path] = other
	hash := g.backend.add(t, "wheels", metainfo.V1, files)
	root := "http://" + g.addr + hash.Path() + "/wheels/simple/"
	dir := t.TempDir()
	for name, args := range map[string][]string{
		"index": {"--index-url", root},
		"links": {"--no-index", "--find-links", root + "film-tools/"},
	} {
		args = append([]string{"-m", "pip", "--isolated", "--disable-pip-version-check", "--no-cache-dir", "install", "-q", "--no-compile", "--target", name, "film-tools"}, args...)
		must(t, dir, "/usr/bin/python3", args...)
		g.onceEach(t, int64(len(newest)))
		wantFile(t, filepath.Join(dir, name, "film_tools", "data.bin"), random(7, 50_000))
		if _, err := os.Stat(filepath.Join(dir, name, "film_tools-1.1+local.2.dist-info")); err != nil {
			t.Error(err)
		}
	}
}

// GDAL reads a raster by ranges: what it needs of it, and no byte twice.
func TestGDAL(t *testing.T) {
	g := serve(t, nil)
	dir := t.TempDir()
	// A raster of 2,000 by 2,000 points in tiles, of values that do not compress.
	write(t, dir, map[string][]byte{"raw.bin": random(3, 2000*2000), "raw.hdr": []byte("ENVI\nsamples = 2000\nlines = 2000\nbands = 1\ndata type = 1\ninterleave = bsq\nheader offset = 0\nbyte order = 0\n")})
	must(t, dir, "gdal_translate", "-q", "-co", "TILED=YES", "raw.bin", "map #1.tif")
	raster, err := os.ReadFile(filepath.Join(dir, "map #1.tif"))
	if err != nil {
		t.Fatal(err)
	}
	hash := g.backend.add(t, "maps", metainfo.V1, map[string][]byte{"north & south/map #1.tif": raster, "north & south/map #1.txt": []byte("a map")})
	at := "/vsicurl/http://" + g.addr + hash.Path() + "/maps/north%20%26%20south/map%20%231.tif"
	if out := must(t, dir, "gdalinfo", "-checksum", at); !strings.Contains(out, "Size is 2000, 2000") || checksum(out) != checksum(must(t, dir, "gdalinfo", "-checksum", "map #1.tif")) {
		t.Errorf("%s", out)
	}
	if n := g.asked(); n > int64(len(raster))+64<<10 {
		t.Errorf("all of a file of %d bytes asked for %d", len(raster), n)
	}
	must(t, dir, "gdal_translate", "-q", "-srcwin", "1000", "1000", "256", "256", "-of", "ENVI", at, "part.bin")
	if n := g.asked(); n > int64(len(raster))/3 {
		t.Errorf("a 61st of the raster asked for %d bytes of %d", n, len(raster))
	}
	part, err := os.ReadFile(filepath.Join(dir, "part.bin"))
	if err != nil {
		t.Fatal(err)
	}
	raw := random(3, 2000*2000)
	for row := range 256 {
		from := (1000+row)*2000 + 1000
		if !bytes.Equal(part[row*256:][:256], raw[from:from+256]) {
			t.Fatalf("row %d differs", row)
		}
	}
}

// checksum is the line of gdalinfo that has it.
func checksum(out string) string {
	_, after, _ := strings.Cut(out, "Checksum=")
	line, _, _ := strings.Cut(after, "\n")
	return line
}

// partners is the folder of programs that Debian does not have: `make interop` has them
// installed, and TestDuckDB run.
var partners = flag.String("partners", "", "the folder that scripts/install-partners installed into")

// duckScript asks a Parquet file for little, and a whole folder of them for all.
const duckScript = `
import sys, glob, duckdb
c = duckdb.connect()
c.execute("LOAD '%s'" % glob.glob(sys.argv[1] + "/duckdb_ext/extensions/*/*/httpfs.duckdb_extension")[0])
c.execute("SET enable_progress_bar = false")
if len(sys.argv) == 3:
    c.execute("COPY (SELECT i, i * 7 AS b, 'name ' || i AS s, hash(i) AS h FROM range(400000) t(i)) TO '%s' (FORMAT parquet, ROW_GROUP_SIZE 20480)" % sys.argv[2])
else:
    print(*c.execute("SELECT count(*), sum(b), count(DISTINCT h) FROM read_parquet(?)", [sys.argv[2]]).fetchone())
    print("--")
    print(*c.execute("SELECT s FROM read_parquet(?) WHERE i = 250007", [sys.argv[3]]).fetchone())
`

// DuckDB reads Parquet by httpfs: the columns and row groups that a query needs.
func TestDuckDB(t *testing.T) {
	if *partners == "" {
		return
	}
	packages, dir := filepath.Join(*partners, "duckdb"), t.TempDir()
	duck := func(args ...string) string {
		return must(t, dir, "env", append([]string{"PYTHONPATH=" + packages, "HOME=" + dir, "/usr/bin/python3", "-c", duckScript, packages}, args...)...)
	}
	duck("table.parquet")
	table, err := os.ReadFile(filepath.Join(dir, "table.parquet"))
	if err != nil {
		t.Fatal(err)
	}
	g := serve(t, nil)
	hash := g.backend.add(t, "data", metainfo.V1, map[string][]byte{"year=2024 & 2025/part #1.parquet": table})
	at := "http://" + g.addr + hash.Path() + "/data/year=2024%20%26%202025/part%20%231.parquet"
	out := duck(at, at+"?n=1")
	if want := "400000 559998600000 400000\n--\nname 250007\n"; out != want {
		t.Errorf("%q, not %q", out, want)
	}
	if n := g.asked(); n > int64(len(table))*3/2 {
		t.Errorf("%d bytes were asked for, of %d", n, len(table))
	}
}
