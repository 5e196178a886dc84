package main

import (
	"path/filepath"
	"strings"
	"testing"

	"github.com/btgw/btgw/cache"
)

func TestDiskAmount(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "not", "made", "yet")
	total, err := cache.DiskSize(dir)
	if err != nil {
		t.Fatal(err)
	}
	for text, want := range map[string]int64{
		"3MiB": 3 << 20, "0": 0, "0%": 0, "100%": total, "50 %": total / 2, "0.5%": int64(float64(total) * 0.5 / 100),
	} {
		a, err := parseDiskAmount(text)
		if err != nil {
			t.Errorf("%s: %v", text, err)
		}
		if got, err := a.in(dir); got != want || err != nil {
			t.Errorf("%s is %d, %v; not %d", text, got, err, want)
		}
	}
	for _, text := range []string{"", "%", "101%", "-1%", "NaN%", "8 potatoes", "x%"} {
		if a, err := parseDiskAmount(text); err == nil {
			t.Errorf("%q is %v", text, a)
		}
	}
	_, err = serveSettings(t, "--cache-size=200%", "--cache-min-free=x")
	for _, want := range []string{"cache-size", "cache-min-free", `"200%" is not a share of the disk`} {
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%v says nothing of %s", err, want)
		}
	}
	s, err := serveSettings(t, "--cache-size=80%", "--cache-dir="+dir)
	if err != nil || s.engine.cacheSize != (diskAmount{percent: 80}) {
		t.Errorf("%v, %v", s.engine.cacheSize, err)
	}
}
