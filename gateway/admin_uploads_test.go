package gateway

import (
	"fmt"
	"testing"

	"github.com/btgw/btgw/metainfo"
)

// send makes a request with a body of JSON.
func (g *gatewayTest) send(t *testing.T, method, path, kind, body string) *answer {
	t.Helper()
	return g.raw(t, fmt.Sprintf("%s %s HTTP/1.0\nHost: %s\nContent-Type: %s\nContent-Length: %d\n\n%s", method, path, g.addr, kind, len(body), body))
}

// A policy is changed field by field, as a merge patch, and nothing of a patch
// that is wrong is obeyed.
func TestAdminUploadPolicy(t *testing.T) {
	g := serveAdmin(t, nil)
	hash := g.backend.add(t, "a.bin", metainfo.V1, map[string][]byte{"": random(1, 50_000)})
	path := "/api/v1/torrents/" + hash.String() + "/upload-policy"
	for _, step := range []struct {
		kind, patch string
		status      int
		now         string
	}{
		{"application/json", `{"upload_rate": 65536, "stopped": true}`, 200, `{"upload_rate":65536,"stopped":true}`},
		{"application/merge-patch+json", `{"seed_ratio": 1.5, "seed_time": 3600}`, 200, `{"upload_rate":65536,"seed_time":3600,"seed_ratio":1.5,"stopped":true}`},
		{"application/json", `{"upload_rate": null, "stopped": null}`, 200, `{"seed_time":3600,"seed_ratio":1.5}`},
		{"application/json", `{"upload_rate": 0}`, 200, `{"upload_rate":0,"seed_time":3600,"seed_ratio":1.5}`},
		{"application/json", `{"seed_time": 1, "upload_rate": 1023}`, 400, `{"upload_rate":0,"seed_time":3600,"seed_ratio":1.5}`},
		{"application/json", `{"seed_time": -1}`, 400, `{"upload_rate":0,"seed_time":3600,"seed_ratio":1.5}`},
		{"application/json", `{"seed_time": 9223372036854775807}`, 400, `{"upload_rate":0,"seed_time":3600,"seed_ratio":1.5}`},
		{"application/json", `{"seed_ratio": -0.5}`, 400, `{"upload_rate":0,"seed_time":3600,"seed_ratio":1.5}`},
		{"application/json", `{"seed_ratio": 1e22}`, 400, `{"upload_rate":0,"seed_time":3600,"seed_ratio":1.5}`},
		{"application/json", `{"seed_ratio": 1e999}`, 400, `{"upload_rate":0,"seed_time":3600,"seed_ratio":1.5}`},
		{"application/json", `{"upload_rat": 4096}`, 400, `{"upload_rate":0,"seed_time":3600,"seed_ratio":1.5}`},
		{"application/json", `null`, 400, `{"upload_rate":0,"seed_time":3600,"seed_ratio":1.5}`},
		{"application/json", `{}{}`, 400, `{"upload_rate":0,"seed_time":3600,"seed_ratio":1.5}`},
		{"text/plain", `{}`, 415, `{"upload_rate":0,"seed_time":3600,"seed_ratio":1.5}`},
	} {
		if a := g.send(t, "PATCH", path, step.kind, step.patch); a.status != step.status {
			t.Errorf("%s: %d %s", step.patch, a.status, a.body)
		}
		if a := g.get(t, path); a.status != 200 || string(a.body) != step.now {
			t.Errorf("after %s: %d %s", step.patch, a.status, a.body)
		}
	}
	if a := g.send(t, "PATCH", "/api/v1/torrents/"+v1Hex+"/upload-policy", "application/json", `{}`); a.status != 404 {
		t.Errorf("of no torrent: %d", a.status)
	}
}

// One switch stops all uploads.
func TestAdminUploads(t *testing.T) {
	g := serveAdmin(t, nil)
	for _, step := range []struct {
		body   string
		status int
		now    bool
	}{{`{"stopped": true}`, 200, true}, {`{"stopped": null}`, 400, true}, {`[]`, 400, true}, {`{"stopped": false}`, 200, false}} {
		a := g.send(t, "PUT", "/api/v1/uploads", "application/json", step.body)
		if a.status != step.status || g.backend.UploadsStopped() != step.now {
			t.Errorf("%s: %d %s", step.body, a.status, a.body)
		}
		if a := g.get(t, "/api/v1/uploads"); string(a.body) != fmt.Sprintf(`{"stopped":%t}`, step.now) {
			t.Errorf("%s", a.body)
		}
	}
}
