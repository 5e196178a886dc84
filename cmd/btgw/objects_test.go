package main

import (
	"strings"
	"testing"

	"github.com/btgw/btgw/cache/object"
)

func TestObjectStoreSettings(t *testing.T) {
	t.Parallel()
	s, err := serveSettings(t, "--object-store=s3://pieces/fleet?endpoint=http://10.0.0.5:7070&region=eu")
	want := object.Location{Bucket: "pieces", Prefix: "fleet", Endpoint: "10.0.0.5:7070", Plain: true, Region: "eu"}
	if err != nil || s.engine.objectStore == nil || *s.engine.objectStore != want {
		t.Errorf("%+v, %v; want %+v", s.engine.objectStore, err, want)
	}
	if s, err := serveSettings(t); err != nil || s.engine.objectStore != nil {
		t.Errorf("without the flag: %v, %v", s.engine.objectStore, err)
	}
	if _, err := serveSettings(t, "--object-store=http://pieces"); err == nil || !strings.Contains(err.Error(), "--object-store: it has not the form s3://bucket/prefix") {
		t.Errorf("a URL of another kind: %v", err)
	}
}

// The figures of an object store are there where there is one.
func TestObjectStoreMetrics(t *testing.T) {
	t.Parallel()
	_, with := get(t, serveOn(t, t.TempDir(), "--object-store=s3://pieces?endpoint=http://127.0.0.1:9").admin+"/metrics")
	for _, want := range []string{
		"btgw_objects_up 1", `btgw_objects_requests_total{btgw_operation="put"} 0`, `btgw_objects_io_bytes_total{btgw_direction="read"} 0`,
		`btgw_objects_faults_total{btgw_fault="wrong"} 0`, "btgw_objects_queue 0", "btgw_objects_dropped_total 0",
	} {
		if !strings.Contains(string(with), "\n"+want+"\n") {
			t.Errorf("not there: %s", want)
		}
	}
	if _, without := get(t, serveOn(t, t.TempDir()).admin+"/metrics"); strings.Contains(string(without), "btgw_objects") {
		t.Error("there are figures of an object store that there is not")
	}
}
