package main

import (
	"io"
	"strings"
	"testing"
)

const output = `goos: linux
BenchmarkSeek-2   	       1	       250.0 ms-first-byte	         1.500 of-floor
BenchmarkWarm/ranges-2   	       1	     20000 requests/s
BenchmarkSeek-2   	       1	       200.0 ms-first-byte	         1.100 of-floor
BenchmarkSeek-2   	       1	       900.0 ms-first-byte	         5.000 of-floor
PASS
`

const want = `| benchmark | figure | median | least | most | runs |
|---|---|---:|---:|---:|---:|
| Seek | ms-first-byte | 250 | 200 | 900 | 3 |
| Seek | of-floor | 1.5 | 1.1 | 5 | 3 |
| Warm/ranges | requests/s | 20000 | 20000 | 20000 | 1 |
`

// TestTable: medians, and an end that tells whether all went well.
func TestTable(t *testing.T) {
	var table, echo strings.Builder
	if err := convert(strings.NewReader(output), &table, &echo); err != nil {
		t.Fatal(err)
	}
	if table.String() != want {
		t.Errorf("the table is\n%s", table.String())
	}
	if echo.String() != output {
		t.Errorf("what was read came out as\n%s", echo.String())
	}
	for _, bad := range []string{"", output + "--- FAIL: BenchmarkSeek\n", output + "FAIL\n"} {
		if err := convert(strings.NewReader(bad), io.Discard, io.Discard); err == nil {
			t.Errorf("no error after %q", bad)
		}
	}
}
