package fetch

import (
	"context"
	"errors"
	"net/http"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/btgw/btgw/internal/bubble"
	"github.com/btgw/btgw/internal/simnet"
	"github.com/btgw/btgw/metainfo"
	"github.com/btgw/btgw/peer/contact"
)

// site starts a web server of the simulation, and returns its URL and what it was asked for.
func (s *sim) site(handler http.HandlerFunc) (base string, asked func() []string) {
	host := s.net.Host(simnet.HostConfig{})
	l, err := host.Listen(s.t.Context(), "tcp", ":80")
	if err != nil {
		s.t.Fatal(err)
	}
	var mu sync.Mutex
	var paths []string
	server := &http.Server{Handler: http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		mu.Lock()
		paths = append(paths, r.URL.Path)
		mu.Unlock()
		handler(w, r)
	})}
	served := make(chan error, 1)
	go func() { served <- server.Serve(l) }()
	s.t.Cleanup(func() {
		_ = server.Close()
		if err := <-served; err != http.ErrServerClosed {
			s.t.Error(err)
		}
	})
	return "http://" + host.AddrPort(webPort).String(), func() []string {
		mu.Lock()
		defer mu.Unlock()
		slices.Sort(paths)
		return slices.Clone(paths)
	}
}

// Without any peer the metadata comes from where a link says that the .torrent is, and from
// beside the content of a web seed. What has another infohash, and what is none, is not it.
func TestSources(t *testing.T) {
	for name, hints := range map[string]func(base string) Hints{
		"xs": func(base string) Hints { return Hints{Torrents: []string{base + "/right"}} },
		"the second": func(base string) Hints {
			return Hints{Torrents: []string{base + "/none", base + "/page", base + "/other", base + "/right"}}
		},
		"by redirect":           func(base string) Hints { return Hints{Torrents: []string{base + "/moved"}} },
		"one hangs":             func(base string) Hints { return Hints{Torrents: []string{base + "/hangs", base + "/right"}} },
		"beside a file":         func(base string) Hints { return Hints{WebSeeds: []string{base + "/a/film.mkv"}} },
		"beside a folder":       func(base string) Hints { return Hints{WebSeeds: []string{base + "/folder/"}} },
		"in it, by its name":    func(base string) Hints { return Hints{WebSeeds: []string{base + "/in/"}, Name: "my film"} },
		"as archive.org has it": func(base string) Hints { return Hints{WebSeeds: []string{base + "/download/"}, Name: "an_item"} },
		"it trickles":           func(base string) Hints { return Hints{Torrents: []string{base + "/trickles"}} },
	} {
		t.Run(name, func(t *testing.T) {
			bubble.Test(t, func(t *testing.T) {
				s := newSim(t, simnet.Ideal, simRTT, 256<<10, 1<<20)
				info, err := metainfo.ParseInfo([]byte("d6:lengthi1e4:name1:a12:piece lengthi16384e6:pieces20:aaaaaaaaaaaaaaaaaaaae"))
				if err != nil {
					t.Fatal(err)
				}
				other := &metainfo.Torrent{Info: info}
				base, asked := s.site(func(w http.ResponseWriter, r *http.Request) {
					switch r.URL.Path {
					case "/right", "/a/film.mkv.torrent", "/folder.torrent", "/in/my film.torrent", "/download/an_item/an_item_archive.torrent":
						_, _ = w.Write(s.torrent.Encode())
					case "/trickles": // for longer than one that is silent is waited for
						body := s.torrent.Encode()
						for i := range 9 {
							_, _ = w.Write(body[len(body)*i/9 : len(body)*(i+1)/9])
							w.(http.Flusher).Flush()
							time.Sleep(2 * time.Second)
						}
					case "/moved":
						http.Redirect(w, r, "/right", http.StatusFound)
					case "/other":
						_, _ = w.Write(other.Encode())
					case "/page":
						_, _ = w.Write([]byte("<html>"))
					case "/hangs":
						<-r.Context().Done()
					default:
						w.WriteHeader(http.StatusNotFound)
					}
				})
				ctx, cancel := context.WithTimeout(context.Background(), 25*time.Second)
				defer cancel()
				begun := time.Now()
				info, err = s.gate.session.Info(ctx, s.hash(), hints(base))
				if err != nil || info.ID() != s.hash() {
					t.Fatalf("%v %v, asked for %q", info, err, asked())
				}
				if took := time.Since(begun); took > 12*simRTT && name != "it trickles" {
					t.Errorf("it took %v", took)
				}
			})
		})
	}
}

// Where none has it, each is asked once, and those who wait are told as without them.
func TestSourcesInVain(t *testing.T) {
	bubble.Test(t, func(t *testing.T) {
		s := newSim(t, simnet.Ideal, simRTT, 256<<10, 1<<20)
		base, asked := s.site(func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusNotFound) })
		for range 3 {
			ctx, cancel := context.WithTimeout(context.Background(), 4*time.Second)
			_, err := s.gate.session.Info(ctx, s.hash(), Hints{Torrents: []string{base + "/a", base + "/b"}, WebSeeds: []string{base + "/c"}})
			cancel()
			var unavailable *UnavailableError
			if !errors.As(err, &unavailable) {
				t.Fatal(err)
			}
		}
		if got := asked(); !slices.Equal(got, []string{"/a", "/b", "/c.torrent"}) {
			t.Errorf("asked for %q", got)
		}
	})
}

// A source is let go when nobody waits for it any more.
func TestSourcesAbandoned(t *testing.T) {
	bubble.Test(t, func(t *testing.T) {
		s := newSim(t, simnet.Ideal, simRTT, 256<<10, 1<<20)
		gone := make(chan struct{})
		base, _ := s.site(func(_ http.ResponseWriter, r *http.Request) {
			<-r.Context().Done()
			close(gone)
		})
		ctx, cancel := context.WithCancel(context.Background())
		go func() {
			time.Sleep(time.Second)
			cancel()
		}()
		begun := time.Now()
		_, err := s.gate.session.Info(ctx, s.hash(), Hints{Torrents: []string{base + "/hangs"}})
		if !errors.Is(err, context.Canceled) {
			t.Fatal(err)
		}
		<-gone
		if took := time.Since(begun); took > time.Second+2*simRTT {
			t.Errorf("let go after %v", took)
		}
	})
}

// Where what a link names redirects is a contact of its own: many hosts that lead to one have it
// asked no more often than anybody may.
func TestSourcesThatRedirect(t *testing.T) {
	bubble.Test(t, func(t *testing.T) {
		s := newSim(t, simnet.Ideal, simRTT, 256<<10, 1<<20)
		var mu sync.Mutex
		var times []time.Time
		victim, _ := s.site(func(w http.ResponseWriter, _ *http.Request) {
			mu.Lock()
			defer mu.Unlock()
			times = append(times, time.Now())
			w.WriteHeader(http.StatusNotFound)
		})
		var waiting sync.WaitGroup
		for i := range 5 {
			var urls []string
			for range maxSources {
				base, _ := s.site(func(w http.ResponseWriter, r *http.Request) { http.Redirect(w, r, victim+r.URL.Path, http.StatusFound) })
				urls = append(urls, base+"/a")
			}
			waiting.Go(func() {
				ctx, cancel := context.WithTimeout(context.Background(), 10*time.Second)
				defer cancel()
				_, _ = s.gate.session.Info(ctx, metainfo.NewV1([20]byte{byte(i + 1)}), Hints{Torrents: urls, Client: clientOf(i)})
			})
		}
		waiting.Wait()
		if len(times) < 2*contact.PerTarget {
			t.Errorf("%d requests at the target", len(times))
		}
		for i := contact.PerTarget; i < len(times); i++ {
			if d := times[i].Sub(times[i-contact.PerTarget]); d < time.Second {
				t.Fatalf("%d requests within %v", contact.PerTarget+1, d)
			}
		}
	})
}
