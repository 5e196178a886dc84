package main

import (
	"context"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"
)

// A server that never answers, or never ends its answer, is given up. A command that is stopped says so.
func TestAdminClientGivesUp(t *testing.T) {
	t.Parallel()
	for name, begun := range map[string]bool{"no answer": false, "half an answer": true} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				if begun {
					_, _ = w.Write([]byte("{"))
					w.(http.Flusher).Flush()
				}
				<-r.Context().Done()
			}))
			t.Cleanup(server.Close)
			client := adminClient{base: server.URL, limit: 50 * time.Millisecond}
			if err := client.do(t.Context(), http.MethodGet, "/", nil, nil); err == nil || !strings.Contains(err.Error(), "no answer within 50ms") {
				t.Errorf("%v", err)
			}
			client = client.lasting()
			if client.limit <= callTime {
				t.Errorf("a call that goes over the cache has %v", client.limit)
			}
			ctx, stop := context.WithCancel(t.Context())
			stop()
			if err := client.do(ctx, http.MethodGet, "/", nil, nil); err != context.Canceled {
				t.Errorf("stopped: %v", err)
			}
		})
	}
}
