package webseed

import (
	"bytes"
	"fmt"
	"net/http"
	"os"
	"path"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/btgw/btgw/internal/clients"
	"github.com/btgw/btgw/metainfo"
	"github.com/btgw/btgw/peer"
	"github.com/btgw/btgw/peer/contact"
)

// askFile asks for each block that lies within a file alone.
func (r *running) askFile(f *metainfo.File) (n int) {
	for p := range r.info.NumPieces() {
		for b := range r.info.NumBlocks(p) {
			block := r.info.Block(p, b)
			if from, to := place(r.info, block); from >= f.Offset && to <= f.Offset+f.Length {
				r.Send(peer.Command{Op: peer.Request, Block: block})
				n++
			}
		}
	}
	return n
}

// ranged answers with the part of content that was asked for, under a status and a Content-Range that are the test's.
func ranged(w http.ResponseWriter, req *http.Request, content []byte, status int, label string, length bool) {
	var from, to int
	_, _ = fmt.Sscanf(req.Header.Get("Range"), "bytes=%d-%d", &from, &to)
	if label != "" {
		w.Header().Set("Content-Range", strings.NewReplacer("FROM", fmt.Sprint(from), "TO", fmt.Sprint(to), "SIZE", fmt.Sprint(len(content))).Replace(label))
	}
	if length {
		w.Header().Set("Content-Length", fmt.Sprint(to+1-from))
	}
	w.WriteHeader(status)
	if !length {
		w.(http.Flusher).Flush()
	}
	_, _ = w.Write(content[from : to+1])
}

// TestLabelsThatAreWrong: what has the right length is taken, whatever it is called; the hash decides.
func TestLabelsThatAreWrong(t *testing.T) {
	p, content := one(t, 1<<20+77)
	size := len(content)
	for name, answer := range map[string]http.HandlerFunc{
		"Content-Encoding of the file itself": func(w http.ResponseWriter, req *http.Request) {
			w.Header().Set("Content-Encoding", "x-gzip")
			http.ServeContent(w, req, "", time.Time{}, bytes.NewReader(content))
		},
		"of a whole file": func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Encoding", "gzip")
			w.Header().Set("Content-Length", fmt.Sprint(size))
			_, _ = w.Write(content)
		},
		"Content-Type": func(w http.ResponseWriter, req *http.Request) {
			w.Header().Set("Content-Type", "text/html")
			http.ServeContent(w, req, "", time.Time{}, bytes.NewReader(content))
		},
		"206 with the whole file": func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Range", fmt.Sprintf("bytes 0-%d/%d", size-1, size))
			w.WriteHeader(http.StatusPartialContent)
			_, _ = w.Write(content)
		},
		"206 with the whole file and no Content-Range": func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Length", fmt.Sprint(size))
			w.WriteHeader(http.StatusPartialContent)
			_, _ = w.Write(content)
		},
		"a Content-Range with =": func(w http.ResponseWriter, req *http.Request) {
			ranged(w, req, content, http.StatusPartialContent, "bytes=FROM-TO/SIZE", true)
		},
		"a Content-Range without a unit": func(w http.ResponseWriter, req *http.Request) {
			ranged(w, req, content, http.StatusPartialContent, "FROM-TO/SIZE", true)
		},
		"a Content-Range of a size that is none": func(w http.ResponseWriter, req *http.Request) {
			ranged(w, req, content, http.StatusPartialContent, "bytes FROM-TO/unknown (SIZE)", true)
		},
		"206 in chunks, without Content-Range": func(w http.ResponseWriter, req *http.Request) {
			ranged(w, req, content, http.StatusPartialContent, "", false)
		},
		"206 in chunks, of unknown size": func(w http.ResponseWriter, req *http.Request) {
			ranged(w, req, content, http.StatusPartialContent, "bytes FROM-TO/*", false)
		},
		"200 with a part": func(w http.ResponseWriter, req *http.Request) {
			ranged(w, req, content, http.StatusOK, "bytes FROM-TO/SIZE", true)
		},
		"203 with the whole file": func(w http.ResponseWriter, _ *http.Request) {
			w.WriteHeader(http.StatusNonAuthoritativeInfo)
			_, _ = w.Write(content)
		},
		"Content-Encoding of no coding": func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Encoding", "UTF-8")
			w.(http.Flusher).Flush() // in chunks
			_, _ = w.Write(content)
		},
		"206 without Content-Range": func(w http.ResponseWriter, req *http.Request) {
			var from, to int
			_, _ = fmt.Sscanf(req.Header.Get("Range"), "bytes=%d-%d", &from, &to)
			w.Header().Set("Content-Length", fmt.Sprint(to+1-from))
			w.WriteHeader(http.StatusPartialContent)
			_, _ = w.Write(content[from : to+1])
		},
		"a range that begins earlier": func(w http.ResponseWriter, req *http.Request) {
			var from, to int
			_, _ = fmt.Sscanf(req.Header.Get("Range"), "bytes=%d-%d", &from, &to)
			from -= from % 65536
			w.Header().Set("Content-Range", fmt.Sprintf("bytes %d-%d/%d", from, size-1, size))
			w.WriteHeader(http.StatusPartialContent)
			_, _ = w.Write(content[from:])
		},
		"a range that ends earlier": func(w http.ResponseWriter, req *http.Request) {
			var from, to int
			_, _ = fmt.Sscanf(req.Header.Get("Range"), "bytes=%d-%d", &from, &to)
			to = min(to, from+199_999)
			w.Header().Set("Content-Range", fmt.Sprintf("bytes %d-%d/%d", from, to, size))
			w.WriteHeader(http.StatusPartialContent)
			_, _ = w.Write(content[from : to+1])
		},
	} {
		t.Run(name, func(t *testing.T) {
			r := begin(t, open(), serve(t, answer), p.Info)
			r.sink.arrive(t, r.askAll())
			r.right(t, content)
			if st := r.Status(); st.State != Ready || st.Error != "" {
				t.Errorf("%+v", st)
			}
		})
	}
}

// TestFaultOfOneFile: a file that is not as it should be costs itself, and not the seed.
func TestFaultOfOneFile(t *testing.T) {
	p := clients.MakePayload(t, clients.Spec{Name: "two", Seed: 2, PieceLength: 64 << 10, Files: []clients.FileSpec{{Path: []string{"bad.bin"}, Size: 6 << 20}, {Path: []string{"good.bin"}, Size: 1 << 20}}})
	good, bad := &p.Info.Files[1], &p.Info.Files[0]
	content, err := os.ReadFile(p.Path(bad))
	if err != nil {
		t.Fatal(err)
	}
	inside := serve(t, func(http.ResponseWriter, *http.Request) {})
	for name, answer := range map[string]http.HandlerFunc{
		"gone":      http.NotFound,
		"forbidden": func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusForbidden) },
		"another size": func(w http.ResponseWriter, req *http.Request) {
			http.ServeContent(w, req, "", time.Time{}, bytes.NewReader(content[1:]))
		},
		"encoded": func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Encoding", "gzip")
			_, _ = w.Write(content[:100])
		},
		"no ranges": func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write(content) },
		"206 with the whole of a large file": func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Range", fmt.Sprintf("bytes 0-%d/%d", len(content)-1, len(content)))
			w.WriteHeader(http.StatusPartialContent)
			_, _ = w.Write(content)
		},
		"another range": func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Range", fmt.Sprintf("bytes 5000000-5000009/%d", len(content)))
			w.WriteHeader(http.StatusPartialContent)
		},
		"a redirect into a loop": func(w http.ResponseWriter, req *http.Request) {
			http.Redirect(w, req, inside+"again", http.StatusFound)
		},
	} {
		if name == "a redirect into a loop" {
			var loop string
			loop = serve(t, func(w http.ResponseWriter, req *http.Request) { http.Redirect(w, req, loop+"x", http.StatusFound) })
			answer = func(w http.ResponseWriter, req *http.Request) { http.Redirect(w, req, loop, http.StatusFound) }
		}
		t.Run(name, func(t *testing.T) {
			r := begin(t, open(), serve(t, func(w http.ResponseWriter, req *http.Request) {
				if strings.HasSuffix(path.Base(req.URL.Path), "bad.bin") {
					answer(w, req)
					return
				}
				http.ServeFile(w, req, p.Path(good))
			}), p.Info)
			r.Send(peer.Command{Op: peer.Request, Block: p.Info.Block(3, 0)})
			r.sink.expect(t, peer.HasField)
			r.sink.expect(t, peer.Rejected)
			r.sink.arrive(t, r.askFile(good))
			if st := r.Status(); st.State != Ready {
				t.Errorf("%+v", st)
			}
		})
	}
}

// TestWithout: wrong bytes cost the file that they are of, and of too many files the seed.
func TestWithout(t *testing.T) {
	files := make([]clients.FileSpec, 6)
	for i := range files {
		files[i] = clients.FileSpec{Path: []string{fmt.Sprintf("%d.bin", i)}, Size: 128 << 10}
	}
	p := clients.MakePayload(t, clients.Spec{Name: "six", Seed: 3, PieceLength: 64 << 10, Files: files})
	client := NewClient(open(), contact.NewGate())
	defer client.Close()
	seed, err := client.NewSeed("http://seed.example/", p.Info, nil)
	if err != nil {
		t.Fatal(err)
	}
	for i := range MaxWrong - 1 {
		next, ok := seed.Without(2 * i)
		if !ok || next.has.Count(12) != 12-2*(i+1) || next.has.Has(2*i+1) || !next.has.Has(11) {
			t.Fatalf("%d: %t", i, ok)
		}
		seed = next
	}
	if _, ok := seed.Without(11); ok {
		t.Error("a seed that lies everywhere is kept")
	}
	lone, _ := one(t, 1<<20)
	if seed, err = client.NewSeed("http://seed.example/", lone.Info, nil); err != nil {
		t.Fatal(err)
	}
	if _, ok := seed.Without(0); ok {
		t.Error("a seed that has nothing is kept")
	}
}

// TestWithoutABorder: of a piece that crosses files that piece alone is given up, until one within a file is wrong.
func TestWithoutABorder(t *testing.T) {
	p := clients.MakePayload(t, clients.Spec{Name: "crossed", Seed: 5, PieceLength: 64 << 10, Files: []clients.FileSpec{
		{Path: []string{"a.bin"}, Size: 150_000}, {Path: []string{"b.bin"}, Size: 200_000}, {Path: []string{"c.bin"}, Size: 300_000},
	}})
	client := NewClient(open(), contact.NewGate())
	defer client.Close()
	seed, err := client.NewSeed("http://seed.example/", p.Info, nil)
	if err != nil {
		t.Fatal(err)
	}
	// a has pieces 0 to 2, b 2 to 5, c 5 to 9. What is left after each that was wrong:
	for _, step := range []struct {
		piece int
		has   []int
	}{{5, []int{0, 1, 2, 3, 4, 6, 7, 8, 9}}, {2, []int{0, 1, 3, 4, 6, 7, 8, 9}}, {3, []int{0, 1, 6, 7, 8, 9}}} {
		next, ok := seed.Without(step.piece)
		if !ok {
			t.Fatalf("piece %d: nothing is left", step.piece)
		}
		for i := range p.Info.NumPieces() {
			if next.has.Has(i) != slices.Contains(step.has, i) {
				t.Errorf("after piece %d: piece %d: %t", step.piece, i, next.has.Has(i))
			}
		}
		seed = next
	}
}

// A judge is a Download that finds a piece wrong as soon as it has come: it has the seed banned and replaced
// within the Update that brought it.
type judge struct {
	*sink
	seed *Seed
	next chan *Seed
}

func (j *judge) Update(events []peer.Event) {
	for _, e := range events {
		if e.Kind == peer.Arrived {
			j.seed.Ban("lies")
			next, _ := j.seed.Without(int(e.Block.Piece))
			j.next <- next
		}
	}
	j.sink.Update(events)
}

// TestWithoutInUpdate: a seed is banned and replaced by who is told of its blocks, and ends.
func TestWithoutInUpdate(t *testing.T) {
	p := clients.MakePayload(t, clients.Spec{Name: "two", Seed: 4, PieceLength: 64 << 10, Files: []clients.FileSpec{
		{Path: []string{"a.bin"}, Size: 64 << 10}, {Path: []string{"b.bin"}, Size: 64 << 10},
	}})
	client := NewClient(open(), contact.NewGate())
	defer client.Close()
	seed, err := client.NewSeed(serve(t, func(w http.ResponseWriter, req *http.Request) {
		http.ServeContent(w, req, "", time.Time{}, bytes.NewReader(make([]byte, 64<<10)))
	}), p.Info, nil)
	if err != nil {
		t.Fatal(err)
	}
	j := &judge{sink: newSink(p.Info), seed: seed, next: make(chan *Seed, 1000)}
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		seed.Run(t.Context(), j)
	}()
	seed.Send(peer.Command{Op: peer.Request, Block: p.Info.Block(0, 0)})
	select {
	case <-ended:
	case <-time.After(patience):
		t.Fatal("the seed does not end")
	}
	if next := <-j.next; next == nil || next.has.Has(0) || !next.has.Has(1) {
		t.Error("the other file is not to be had")
	}
}
