package gateway

import (
	"bytes"
	"io"
	"net"
	"testing"

	sdkmetric "go.opentelemetry.io/otel/sdk/metric"
	"go.opentelemetry.io/otel/trace/noop"
)

// The warm path: a keep-alive connection, 64 KiB ranges of a file; metrics are
// counted and spans go nowhere, as by default.
func BenchmarkWarmRange(b *testing.B) {
	const length = 64 << 10
	g := serve(b, func(cfg *Config) {
		cfg.TracerProvider = noop.NewTracerProvider()
		cfg.MeterProvider = sdkmetric.NewMeterProvider(sdkmetric.WithReader(sdkmetric.NewManualReader()))
	})
	hash, _ := g.single(b, "a.bin", 8<<20)
	conn, err := net.Dial("tcp", g.addr)
	if err != nil {
		b.Fatal(err)
	}
	defer conn.Close()
	request := []byte("GET " + hash.Path() + "/a.bin HTTP/1.1\r\nHost: localhost\r\nRange: bytes=65536-131071\r\n\r\n")
	answer := make([]byte, length+4096)
	if _, err := conn.Write(request); err != nil {
		b.Fatal(err)
	}
	got, err := io.ReadAtLeast(conn, answer, 4096)
	if err != nil {
		b.Fatal(err)
	}
	n := bytes.Index(answer, []byte("\r\n\r\n")) + 4 + length // of every answer
	if _, err := io.ReadFull(conn, answer[got:n]); err != nil {
		b.Fatal(err)
	}
	b.SetBytes(length)
	b.ReportAllocs()
	for b.Loop() {
		if _, err := conn.Write(request); err != nil {
			b.Fatal(err)
		}
		if _, err := io.ReadFull(conn, answer[:n]); err != nil {
			b.Fatal(err)
		}
	}
}
