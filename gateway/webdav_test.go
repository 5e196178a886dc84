package gateway

import (
	"encoding/xml"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/btgw/btgw/metainfo"
)

// A davAnswer is a multistatus as a client reads it.
type davAnswer struct {
	XMLName   xml.Name `xml:"DAV: multistatus"`
	Responses []struct {
		Href  string `xml:"DAV: href"`
		Stats []struct {
			Status string `xml:"DAV: status"`
			Prop   struct {
				Collection *struct{} `xml:"DAV: resourcetype>collection"`
				Name       string    `xml:"DAV: displayname"`
				Length     string    `xml:"DAV: getcontentlength"`
				Type       string    `xml:"DAV: getcontenttype"`
				ETag       string    `xml:"DAV: getetag"`
				Modified   *string   `xml:"DAV: getlastmodified"`
				All        []struct {
					XMLName xml.Name
				} `xml:",any"`
			} `xml:"DAV: prop"`
		} `xml:"DAV: propstat"`
	} `xml:"DAV: response"`
}

// propfind sends a PROPFIND and reads its answer.
func (g *gatewayTest) propfind(t *testing.T, path, depth, body string, lines ...string) (*answer, *davAnswer) {
	t.Helper()
	head := fmt.Sprintf("PROPFIND %s HTTP/1.1\nHost: %s\nConnection: close\n", path, g.addr)
	if depth != "" {
		head += "Depth: " + depth + "\n"
	}
	for _, line := range lines {
		head += line + "\n"
	}
	if body != "" {
		head += fmt.Sprintf("Content-Length: %d\nContent-Type: application/xml\n", len(body))
	}
	a := g.raw(t, head+"\n"+body)
	if a.status != 207 {
		return a, nil
	}
	doc := new(davAnswer)
	if err := xml.Unmarshal(a.body, doc); err != nil {
		t.Fatalf("%s: %v\n%s", path, err, a.body)
	}
	if a.get("Content-Type") != "application/xml; charset=utf-8" || a.get("Content-Length") != fmt.Sprint(len(a.body)) || a.chunked {
		t.Errorf("%s: %v", path, a.header)
	}
	return a, doc
}

func TestPropfind(t *testing.T) {
	g := serve(t, nil)
	hash := oddTorrent(t, g)
	root := hash.Path() + "/A%20%3Cb%3E%20%26%20c/"

	_, doc := g.propfind(t, root, "1", "")
	if n := len(doc.Responses); n != 10 || doc.Responses[0].Href != root || doc.Responses[0].Stats[0].Prop.Collection == nil {
		t.Fatalf("%d responses: %+v", n, doc)
	}
	for _, r := range doc.Responses[1:] {
		prop := r.Stats[0].Prop
		if dir := strings.HasSuffix(r.Href, "/"); dir != (prop.Collection != nil) || !strings.HasPrefix(r.Href, root) || r.Stats[0].Status != "HTTP/1.1 200 OK" {
			t.Errorf("%+v", r)
		} else if dir {
			if prop.Length != "" || prop.ETag != "" {
				t.Errorf("%+v", r)
			}
			continue
		}
		a := g.get(t, r.Href)
		if a.status != 200 || prop.Length != fmt.Sprint(len(a.body)) || prop.ETag != a.get("Etag") || prop.Type != a.get("Content-Type") || prop.Modified == nil {
			t.Errorf("%+v: %d, %v", r, a.status, a.header)
		}
	}
	g.asked()
	for path, want := range map[string]int{root: 1, strings.TrimSuffix(root, "/"): 1, root + "empty": 1, hash.Path(): 1, hash.Path() + "/": 1, "/": 1, "/btih/": 1, "/btih": 1, "/btmh/": 1} {
		if a, doc := g.propfind(t, path, "0", ""); doc == nil || len(doc.Responses) != want {
			t.Errorf("%s: %d %+v", path, a.status, doc)
		}
	}
	for path, want := range map[string]int{root + "empty": 1, hash.Path() + "/": 2, hash.Path(): 2, "/": 1, root + "Season%202": 3} {
		if a, doc := g.propfind(t, path, "1", ""); doc == nil || len(doc.Responses) != want {
			t.Errorf("%s: %d %+v", path, a.status, doc)
		}
	}
	// What is no directory, or is elsewhere.
	for path, want := range map[string]int{root + "none": 404, root + "empty/": 404, root + "caf%C3%A9": 404, "/btih/x": 400, "/nowhere": 405, "/magnet": 405, hash.Path() + "//": 301, "/btih/" + strings.ToUpper(hash.String()) + "/": 301} {
		if a, _ := g.propfind(t, path, "1", ""); a.status != want {
			t.Errorf("%s: %d, not %d", path, a.status, want)
		}
	}
	if len(g.backend.opens) != 0 {
		t.Error("PROPFIND asked for content")
	}
}

func TestPropfindDepth(t *testing.T) {
	g := serve(t, nil)
	hash, _ := g.single(t, "film.mkv", 100)
	for _, depth := range []string{"infinity", "Infinity", "infinity,noroot", ""} {
		a, _ := g.propfind(t, hash.Path()+"/", depth, "")
		if a.status != 403 || !strings.Contains(string(a.body), "<D:propfind-finite-depth/>") || a.get("Content-Type") != "application/xml; charset=utf-8" {
			t.Errorf("Depth %q: %d %s", depth, a.status, a.body)
		}
	}
	for _, depth := range []string{"2", "-1", "0,noroot", "1,root", "x"} {
		if a, _ := g.propfind(t, hash.Path()+"/", depth, ""); a.status != 400 {
			t.Errorf("Depth %q: %d", depth, a.status)
		}
	}
}

func TestPropfindBodies(t *testing.T) {
	g := serve(t, nil)
	hash, _ := g.single(t, "film.mkv", 100)
	path := hash.Path() + "/film.mkv"
	const head = `<?xml version="1.0" encoding="utf-8"?><propfind xmlns="DAV:">`
	_, doc := g.propfind(t, path, "0", head+`<prop><getcontentlength/><creationdate/><x:a xmlns:x="urn:x&amp;&quot;"/></prop></propfind>`)
	stats := doc.Responses[0].Stats
	if len(stats) != 2 || stats[0].Prop.Length != "100" || stats[0].Prop.ETag != "" || stats[1].Status != "HTTP/1.1 404 Not Found" ||
		len(stats[1].Prop.All) != 2 || stats[1].Prop.All[1].XMLName != (xml.Name{Space: `urn:x&"`, Local: "a"}) {
		t.Errorf("%+v", stats)
	}
	_, doc = g.propfind(t, path, "0", head+`<propname/></propfind>`)
	if p := doc.Responses[0].Stats[0].Prop; p.Length != "" || p.ETag != "" || p.Name != "" {
		t.Errorf("propname: %+v", p)
	}
	for _, body := range []string{"", " \n", head + `<allprop/></propfind>`, `<D:propfind xmlns:D="DAV:"><D:allprop/><D:include><D:x/></D:include></D:propfind>`} {
		if _, doc = g.propfind(t, path, "0", body); doc == nil || doc.Responses[0].Stats[0].Prop.Length != "100" || doc.Responses[0].Stats[0].Prop.Type != "video/x-matroska" {
			t.Errorf("%s: %+v", body, doc)
		}
	}
	for name, body := range map[string]string{
		"no XML": "{}", "cut": head + "<prop>", "another": `<propfind xmlns="x"/>`, "an entity": `<!DOCTYPE a [<!ENTITY e "x">]><propfind xmlns="DAV:"><prop>&e;</prop></propfind>`,
		"deep": head + strings.Repeat("<a>", 1000) + strings.Repeat("</a>", 1000) + "</propfind>",
		"many": head + "<prop>" + strings.Repeat("<a/>", maxDAVProps+1) + "</prop></propfind>", "crossed": head + "<prop></propfind></prop>",
	} {
		if a, _ := g.propfind(t, path, "0", body); a.status != 400 {
			t.Errorf("%s: %d", name, a.status)
		}
	}
	if a, _ := g.propfind(t, path, "0", head+strings.Repeat(" ", maxDAVBody)+"</propfind>"); a.status != 413 {
		t.Errorf("a long body: %d", a.status)
	}
}

// FuzzPropfind has bodies of strangers read: whatever they are, an answer that repeats their names is XML.
func FuzzPropfind(f *testing.F) {
	f.Add([]byte(`<propfind xmlns="DAV:"><prop><getetag/><a:b xmlns:a="c&lt;"/></prop></propfind>`))
	f.Add([]byte(`<D:propfind xmlns:D="DAV:"><D:allprop/></D:propfind>`))
	f.Add([]byte(`<propfind xmlns="DAV:"><prop><é xmlns="x'&quot;"/><a:b/></prop></propfind>`))
	f.Fuzz(func(t *testing.T, body []byte) {
		ask := new(davAsk)
		if err := ask.parse(body); err != nil {
			return
		}
		if len(ask.props) > maxDAVProps {
			t.Errorf("%d properties", len(ask.props))
		}
		var out spool
		if err := writeMultistatus(&out, func(w *davWriter) error {
			return w.resource(ask, &davResource{href: "/x", name: string(body), kind: "a/b", etag: `"e"`})
		}); err != nil {
			t.Fatal(err)
		}
		var doc davAnswer
		if err := xml.Unmarshal(out.data, &doc); err != nil || len(doc.Responses) != 1 {
			t.Errorf("%v: %s", err, out.data)
		}
	})
}

// What writes is refused, and OPTIONS says what there is.
func TestWebDAVIsReadOnly(t *testing.T) {
	g := serve(t, nil)
	hash, _ := g.single(t, "film.mkv", 100)
	for _, path := range []string{"/", hash.Path() + "/", hash.Path() + "/film.mkv"} {
		a := g.request(t, "OPTIONS", path)
		if a.status != 204 || a.get("Dav") != "1" || !strings.Contains(a.get("Allow"), "PROPFIND") || a.get("Ms-Author-Via") != "DAV" {
			t.Errorf("OPTIONS %s: %d %v", path, a.status, a.header)
		}
		for _, method := range []string{"PROPPATCH", "MKCOL", "PUT", "DELETE", "COPY", "MOVE", "LOCK", "UNLOCK", "POST", "PATCH", "ACL", "REPORT"} {
			a := g.request(t, method, path, "Depth: 0", "Destination: /x")
			if a.status != 405 || a.get("Allow") != allowed {
				t.Errorf("%s %s: %d %v", method, path, a.status, a.header)
			}
		}
	}
}

func TestCopyByRcloneWebDAV(t *testing.T) {
	c := newCrawl(t)
	if _, code := program(t, c.dir, "rclone", "copy", "--config", "", "--webdav-url", c.location, ":webdav:", "out"); code != 0 {
		t.Errorf("rclone: %d", code)
	}
	c.copied(t, filepath.Join(c.dir, "out"), true)
}

func TestCadaver(t *testing.T) {
	g := serve(t, nil)
	data := random(1, 70_000)
	hash := g.backend.add(t, "disk", metainfo.V1, map[string][]byte{"a b/C++ & 100%.bin": data, "c.txt": nil})
	dir := t.TempDir()
	script := "open http://" + g.addr + hash.Path() + "/disk/\nls\ncd \"a b\"\nls\nget \"C++ & 100%.bin\" got\nput /etc/hostname x\nquit\n"
	if err := os.WriteFile(filepath.Join(dir, "script"), []byte(script), 0o644); err != nil {
		t.Fatal(err)
	}
	out, _ := program(t, dir, "sh", "-c", "HOME=$PWD cadaver < script")
	if !strings.Contains(out, "a b") || !strings.Contains(out, "C++ & 100%.bin") || !strings.Contains(out, "70000") || !strings.Contains(out, "405") {
		t.Errorf("%s", out)
	}
	wantFile(t, filepath.Join(dir, "got"), data)
}

// davfs2 mounts a torrent as a file system, where the machine lets it. Files are read by their paths: version
// 1.6.1 lists no directory of any server on kernels of today (getdents is EINVAL).
func TestMountByDavfs2(t *testing.T) {
	fuse, err := os.OpenFile("/dev/fuse", os.O_RDWR, 0)
	if err != nil || os.Geteuid() != 0 {
		t.Log("nothing can be mounted here:", err)
		return
	}
	fuse.Close()
	t.Parallel()                  // to unmount takes it seconds
	c := newCrawl(t, "nnn", "ää") // names that its cache makes too long
	mount, cache := filepath.Join(c.dir, "mount"), filepath.Join(c.dir, "cache")
	write(t, c.dir, map[string][]byte{"mount/.keep": nil, "cache/.keep": nil,
		"conf": fmt.Appendf(nil, "cache_dir %q\nuse_locks 0\nask_auth 0\n", cache)})
	for dir, mode := range map[string]os.FileMode{filepath.Dir(c.dir): 0o755, cache: 0o777} { // it becomes another user
		if err := os.Chmod(dir, mode); err != nil {
			t.Fatal(err)
		}
	}
	torrent := strings.TrimSuffix(c.location, "odd%20names/") // it escapes what it is given, once more
	must(t, c.dir, "mount.davfs", "-o", "ro,conf="+filepath.Join(c.dir, "conf"), torrent, mount)
	defer must(t, c.dir, "umount", mount)
	var total int64
	for name, data := range c.files {
		wantFile(t, filepath.Join(mount, "odd names", name), data)
		total += int64(len(data))
	}
	c.onceEach(t, total)
}

// What players and desktops are known to send when they open a folder.
func TestWebDAVAsClientsAsk(t *testing.T) {
	g := serve(t, nil)
	hash := g.backend.add(t, "disk", metainfo.V1, map[string][]byte{"a b/C++ & 100%.mkv": random(1, 70_000), "c.txt": nil})
	const xmlHead = `<?xml version="1.0" encoding="utf-8"?>`
	for name, c := range map[string]struct {
		lines []string
		body  string
	}{
		"Finder": {[]string{"User-Agent: WebDAVFS/3.0.0 (03008000) Darwin/23.6.0 (arm64)", "Content-Type: text/xml", "Accept: */*"},
			xmlHead + `<D:propfind xmlns:D="DAV:"><D:prop><D:getlastmodified/><D:getcontentlength/><D:creationdate/><D:resourcetype/></D:prop></D:propfind>`},
		"Finder, of space": {[]string{"User-Agent: WebDAVFS/3.0.0 (03008000) Darwin/23.6.0 (arm64)", "Content-Type: text/xml"},
			xmlHead + `<D:propfind xmlns:D="DAV:"><D:prop><D:quota-available-bytes/><D:quota-used-bytes/><D:quota/><D:quotaused/><D:getcontentlength/></D:prop></D:propfind>`},
		"Windows": {[]string{"User-Agent: Microsoft-WebDAV-MiniRedir/10.0.22631", "translate: f", "Pragma: no-cache", "Content-Length: 0"}, ""},
		"Kodi": {[]string{"User-Agent: Kodi/21.0 (Linux; Android 13)", `Content-Type: text/xml; charset="utf-8"`, "Accept-Charset: UTF-8,*;q=0.8"},
			`<?xml version="1.0" encoding="utf-8" ?><D:propfind xmlns:D="DAV:"><D:prop><D:resourcetype/><D:getcontentlength/><D:getlastmodified/><D:creationdate/><D:displayname/></D:prop></D:propfind>`},
		"Infuse": {[]string{"User-Agent: Infuse-Direct/7.8", "Content-Type: application/xml", "Accept-Encoding: gzip, deflate"},
			`<D:propfind xmlns:D="DAV:"><D:allprop/></D:propfind>`},
		"gvfs": {[]string{"User-Agent: gvfs/1.54", "Apply-To-Redirect-Ref: T", "Content-Type: application/xml"},
			xmlHead + `  <D:propfind xmlns:D="DAV:">  <D:prop><D:creationdate/><D:displayname/><D:getcontentlength/><D:getcontenttype/><D:getetag/><D:getlastmodified/><D:resourcetype/></D:prop> </D:propfind>`},
		"davfs2": {[]string{"User-Agent: davfs2/1.6.1 neon/0.32.5", "TE: trailers", "Content-Type: application/xml"},
			xmlHead + `<propfind xmlns="DAV:"><prop><resourcetype xmlns="DAV:"/><getcontentlength xmlns="DAV:"/><executable xmlns="http://apache.org/dav/props/"/></prop></propfind>`},
		"Cyberduck": {[]string{"User-Agent: Cyberduck/9.0", "Content-Type: text/xml; charset=UTF-8", "Brief: t"},
			`<?xml version="1.0" encoding="UTF-8" standalone="yes"?><D:propfind xmlns:D="DAV:" xmlns:S="SAR:"><D:prop><D:getcontentlength/><S:x/></D:prop></D:propfind>`},
		"a byte order mark": {nil, "\ufeff" + xmlHead + `<D:propfind xmlns:D="DAV:"><D:prop><D:getcontentlength/></D:prop></D:propfind>`},
	} {
		for _, folder := range []string{hash.Path() + "/disk/a%20b/", hash.Path() + "/disk/a%20b"} { // not all write the slash
			a, doc := g.propfind(t, folder, "1", c.body, c.lines...)
			if doc == nil || len(doc.Responses) != 2 || doc.Responses[1].Href != hash.Path()+"/disk/a%20b/C%2B%2B%20%26%20100%25.mkv" {
				t.Errorf("%s: %s: %d %s", name, folder, a.status, a.body)
				continue
			}
			if p := doc.Responses[1].Stats[0].Prop; p.Length != "70000" || doc.Responses[1].Stats[0].Status != "HTTP/1.1 200 OK" {
				t.Errorf("%s: %+v", name, doc.Responses[1])
			}
		}
	}
	// Windows' Web Folders and Office want what is in a folder, without the folder itself.
	for _, depth := range []string{"1,noroot", "1, noroot", "1,NoRoot"} {
		a, doc := g.propfind(t, hash.Path()+"/disk/", depth, "")
		if doc == nil || len(doc.Responses) != 2 || doc.Responses[0].Href != hash.Path()+"/disk/a%20b/" || doc.Responses[1].Href != hash.Path()+"/disk/c.txt" || a.get("Allow") != "" {
			t.Errorf("Depth %s: %d, Allow %q, %s", depth, a.status, a.get("Allow"), a.body)
		}
	}
	// Bodies say that they are in another character set, and have a property of that.
	for label, name := range map[string]string{"us-ascii": "a", "ISO-8859-1": "\xe9", "windows-1251": "\xe9", "Shift_JIS": "\x83\x65"} {
		a, doc := g.propfind(t, hash.Path()+"/disk/c.txt", "0", `<?xml version="1.0" encoding="`+label+`"?><D:propfind xmlns:D="DAV:"><D:prop><D:getcontentlength/><x:`+name+` xmlns:x="urn:x"/></D:prop></D:propfind>`)
		if doc == nil || doc.Responses[0].Stats[0].Prop.Length != "0" {
			t.Errorf("in %s: %d %s", label, a.status, a.body)
		}
	}
	// A body in chunks, as .NET's client sends it.
	body := `<D:propfind xmlns:D="DAV:"><D:prop><D:getcontentlength/></D:prop></D:propfind>`
	a := g.raw(t, fmt.Sprintf("PROPFIND %s/disk/a%%20b/ HTTP/1.1\nHost: %s\nConnection: close\nDepth: 1\nTransfer-Encoding: chunked\n\n%x\n%s\n0\n\n", hash.Path(), g.addr, len(body), body))
	if a.status != 207 || !strings.Contains(string(a.body), "<D:getcontentlength>70000<") || strings.Contains(string(a.body), "getetag") {
		t.Errorf("in chunks: %d %s", a.status, a.body)
	}
	// What desktops look for beside each file is not there, at once.
	for _, name := range []string{"/.DS_Store", "/._a%20b", "/desktop.ini", "/Thumbs.db", "/.hidden", "/folder.jpg", "/AutoRun.inf"} {
		for _, path := range []string{hash.Path() + name, hash.Path() + "/disk" + name, hash.Path() + "/disk/a%20b" + name} {
			if a, _ := g.propfind(t, path, "0", ""); a.status != 404 {
				t.Errorf("%s: %d", path, a.status)
			}
		}
	}
}
