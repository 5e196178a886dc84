package gateway

import (
	"context"
	"fmt"
	"net"
	"testing"
	"time"

	"go.opentelemetry.io/otel/sdk/metric"
	"go.opentelemetry.io/otel/sdk/metric/metricdata"

	"github.com/btgw/btgw/gateway/limit"
)

// The places of clients that closed are free for others although their handlers are
// stuck where no context reaches them: before the header, and in the middle of a body.
func TestClientsThatLeft(t *testing.T) {
	const clients = 2
	for _, at := range []int{0, 1 << 20} {
		t.Run(fmt.Sprint("at ", at), func(t *testing.T) {
			g := serve(t, func(cfg *Config) {
				cfg.MaxStreamsPerClient = clients
				cfg.TrustedProxies = []string{"127.0.0.1"} // so that the bound holds here
			})
			hash, data := g.single(t, "a.bin", 3<<20)
			proceed, waiting := make(chan struct{}), make(chan struct{}, clients)
			setHook(g.backend, &g.backend.onOpen, func(c *fakeContent) {
				c.wait = func(_ context.Context, pos int) error {
					if pos == at {
						waiting <- struct{}{}
						<-proceed
					}
					return nil
				}
			})
			var conns []net.Conn
			for range clients {
				conn, err := net.Dial("tcp", g.addr)
				if err != nil {
					t.Fatal(err)
				}
				conns = append(conns, conn)
				fmt.Fprintf(conn, "GET %s/a.bin HTTP/1.1\r\nHost: %s\r\n\r\n", hash.Path(), g.addr)
				<-waiting
			}
			if a := g.get(t, hash.Path()+"/a.bin"); a.status != 429 {
				t.Errorf("one too many: %d", a.status)
			}
			for _, conn := range conns {
				conn.Close()
			}
			for end := time.Now().Add(30 * time.Second); ; time.Sleep(time.Millisecond) {
				if total, lingering := g.streams.Counts(); total == 0 && lingering == clients {
					break
				} else if time.Now().After(end) {
					t.Fatalf("%d streams, %d linger", total, lingering)
				}
			}
			setHook(g.backend, &g.backend.onOpen, nil)
			a := g.get(t, hash.Path()+"/a.bin")
			if a.status != 200 {
				t.Errorf("after they left: %d", a.status)
			}
			a.wantBody(t, data)
			close(proceed)
		})
	}
}

// A proxy, a mirror or a test on this machine reads as much at once as there are places.
func TestManyStreamsOfThisMachine(t *testing.T) {
	const readers = 200
	reader := metric.NewManualReader()
	g := serve(t, func(cfg *Config) {
		cfg.MaxStreams = readers
		cfg.MeterProvider = metric.NewMeterProvider(metric.WithReader(reader))
	})
	hash, data := g.single(t, "a.bin", 1000)
	proceed, waiting := make(chan struct{}), make(chan struct{}, readers)
	setHook(g.backend, &g.backend.onOpen, func(c *fakeContent) {
		c.wait = func(context.Context, int) error {
			waiting <- struct{}{}
			<-proceed
			return nil
		}
	})
	answers := make(chan *answer, readers)
	for range readers {
		go func() { answers <- g.get(t, hash.Path()+"/a.bin") }()
	}
	for range readers {
		<-waiting
	}
	if a := g.get(t, hash.Path()+"/a.bin"); a.status != 429 {
		t.Errorf("one more than there may be in all: %d", a.status)
	}
	close(proceed)
	for range readers {
		a := <-answers
		if a.status != 200 {
			t.Fatal(a.status)
		}
		a.wantBody(t, data)
	}
	var all metricdata.ResourceMetrics
	if err := reader.Collect(t.Context(), &all); err != nil {
		t.Fatal(err)
	}
	for _, m := range all.ScopeMetrics[0].Metrics {
		if m.Name != "btgw.refused.count" {
			continue
		}
		for _, point := range m.Data.(metricdata.Sum[int64]).DataPoints {
			reason, _ := point.Attributes.Value("btgw.reason")
			if want := map[string]int64{limit.RefusedStreams: 1}[reason.AsString()]; point.Value != want {
				t.Errorf("%d refused for %s, not %d", point.Value, reason.AsString(), want)
			}
		}
		return
	}
	t.Error("what was refused is not counted")
}
