package main

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"fmt"
	"hash"
	"io"
	"net/http"
	"net/url"
	"text/tabwriter"
	"time"

	"github.com/btgw/btgw/gateway"
)

// demoTime bounds the whole check.
const demoTime = 2 * time.Minute

// check fetches through HTTP what a user would, compares every byte with what was made up, and prints what it measured.
func (d *demo) check(ctx context.Context, w io.Writer) error {
	ctx, cancel := context.WithTimeout(ctx, demoTime)
	defer cancel()
	table := tabwriter.NewWriter(w, 0, 8, 2, ' ', 0)
	fmt.Fprintln(table, "\nchecked through HTTP\tbytes\tfirst byte\trate\t")
	film := d.mixed.files[2]
	var errs []error
	for _, step := range []struct {
		what string
		do   func(context.Context) (measured, error)
	}{
		{"a whole file, by infohash, nothing cached", func(ctx context.Context) (measured, error) {
			return d.fetch(ctx, d.url(d.large), d.large.files[0], whole)
		}},
		{"the same again, from the cache", func(ctx context.Context) (measured, error) {
			return d.fetch(ctx, d.url(d.large), d.large.files[0], whole)
		}},
		{"a range in the middle of another torrent's file", func(ctx context.Context) (measured, error) {
			return d.fetch(ctx, d.url(d.mixed, film.path...), film, span{off: film.size/2 - 1, n: 1 << 20})
		}},
		{"a magnet link, to its torrent's listing", d.magnetLeads},
		{"every file of a listing", d.fetchListed},
		{"HEAD", d.head},
	} {
		m, err := step.do(ctx)
		if err != nil {
			errs = append(errs, fmt.Errorf("%s: %w", step.what, err))
			fmt.Fprintf(table, "%s\tFAILED\t\t\t\n", step.what)
			continue
		}
		fmt.Fprintf(table, "%s\t%s\t\n", step.what, m)
	}
	table.Flush()
	if len(errs) == 0 {
		d.printCosts(w)
	}
	return errors.Join(errs...)
}

// printCosts says what the swarm had to send for it.
func (d *demo) printCosts(w io.Writer) {
	for _, t := range []*demoTorrent{d.large, d.mixed} {
		s, _ := d.gateway.engine.session.Status(t.Info.ID())
		held := min(int64(s.PiecesHave)*t.Info.PieceLength, t.Info.Span())
		fmt.Fprintf(w, "%q: %d pieces of %s verified; %s fetched from %d peers, %.4f bytes a byte kept\n",
			t.Info.Name, s.PiecesHave, ByteSize(t.Info.PieceLength), ByteSize(s.Downloaded), s.Swarm.Connected,
			float64(s.Downloaded)/float64(max(held, 1)))
	}
	fmt.Fprintln(w, "every byte was right: compared by SHA-256 with what was made up")
}

// measured is what one fetch took.
type measured struct {
	bytes    int64
	first    time.Duration // from the request to the first byte of the body
	whole    time.Duration // to the last
	bodyless bool
}

// String is the columns of the table.
func (m measured) String() string {
	if m.bodyless {
		return fmt.Sprintf("0\t%s\t", m.whole.Round(10*time.Microsecond))
	}
	return fmt.Sprintf("%d\t%s\t%.1f MB/s", m.bytes, m.first.Round(10*time.Microsecond), float64(m.bytes)/1e6/m.whole.Seconds())
}

// whole asks for a file without a Range.
var whole = span{n: -1}

// fetch gets a file, or a range of it, and compares it with what was made up.
func (d *demo) fetch(ctx context.Context, u string, f demoFile, s span) (measured, error) {
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, u, nil)
	if err != nil {
		return measured{}, err
	}
	status := http.StatusOK
	if s == whole {
		s = span{0, f.size}
	} else {
		status = http.StatusPartialContent
		request.Header.Set("Range", fmt.Sprintf("bytes=%d-%d", s.off, s.off+s.n-1))
	}
	begin := time.Now()
	answer, err := http.DefaultClient.Do(request)
	if err != nil {
		return measured{}, err
	}
	defer answer.Body.Close()
	if answer.StatusCode != status || answer.ContentLength != s.n {
		problem, _ := io.ReadAll(io.LimitReader(answer.Body, 1<<10))
		return measured{}, fmt.Errorf("%s, %d bytes instead of %d: %s", answer.Status, answer.ContentLength, s.n, problem)
	}
	got := newMeter(begin)
	if _, err := io.Copy(got, answer.Body); err != nil {
		return measured{}, err
	}
	want := sha256.New()
	if _, err := io.Copy(want, io.NewSectionReader(madeUpFile{f}, s.off, s.n)); err != nil {
		return measured{}, err
	}
	if !bytes.Equal(got.sum.Sum(nil), want.Sum(nil)) {
		return measured{}, errors.New("the bytes are not those that were made up")
	}
	return measured{bytes: got.bytes, first: got.first, whole: got.last}, nil
}

// fetchListed reads the listing of the torrent with several files and fetches each by the link there.
func (d *demo) fetchListed(ctx context.Context) (measured, error) {
	begin := time.Now()
	var listing gateway.TorrentListing
	if err := d.getJSON(ctx, d.gateway.url()+d.mixed.Info.ID().Path()+"/?format=json&tr="+url.QueryEscape(d.announce), &listing); err != nil {
		return measured{}, err
	}
	if len(listing.Files) != len(d.mixed.files) {
		return measured{}, fmt.Errorf("%d files are listed, not %d", len(listing.Files), len(d.mixed.files))
	}
	sum := measured{first: time.Since(begin)}
	for _, f := range listing.Files {
		made, ok := d.mixed.file(f.Path[1:])
		if !ok || made.size != f.Size {
			return measured{}, fmt.Errorf("%q of %d bytes is listed, which was not made", f.Path, f.Size)
		}
		m, err := d.fetch(ctx, d.gateway.url()+f.Href, made, whole)
		if err != nil {
			return measured{}, fmt.Errorf("%s: %w", f.Href, err)
		}
		sum.bytes += m.bytes
	}
	sum.whole = time.Since(begin)
	return sum, nil
}

// magnetLeads follows a magnet link to the torrent.
func (d *demo) magnetLeads(ctx context.Context) (measured, error) {
	begin := time.Now()
	var listing gateway.TorrentListing
	if err := d.getJSON(ctx, d.gateway.url()+"/magnet?uri="+url.QueryEscape(d.magnet(d.large)), &listing); err != nil {
		return measured{}, err
	}
	if listing.Name != d.large.Info.Name || listing.Size != d.large.Info.Size() {
		return measured{}, fmt.Errorf("it leads to %q of %d bytes", listing.Name, listing.Size)
	}
	return measured{whole: time.Since(begin), bodyless: true}, nil
}

// getJSON gets a document.
func (d *demo) getJSON(ctx context.Context, u string, into any) error {
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, u, nil)
	if err != nil {
		return err
	}
	request.Header.Set("Accept", "application/json")
	answer, err := http.DefaultClient.Do(request)
	if err != nil {
		return err
	}
	defer answer.Body.Close()
	if answer.StatusCode != http.StatusOK {
		return errors.New(answer.Status)
	}
	return json.NewDecoder(answer.Body).Decode(into)
}

// head asks for a file's headers.
func (d *demo) head(ctx context.Context) (measured, error) {
	film := d.mixed.files[2]
	request, err := http.NewRequestWithContext(ctx, http.MethodHead, d.url(d.mixed, film.path...), nil)
	if err != nil {
		return measured{}, err
	}
	begin := time.Now()
	answer, err := http.DefaultClient.Do(request)
	if err != nil {
		return measured{}, err
	}
	defer answer.Body.Close()
	h := answer.Header
	if answer.StatusCode != http.StatusOK || answer.ContentLength != film.size || h.Get("ETag") == "" || h.Get("Accept-Ranges") != "bytes" {
		return measured{}, fmt.Errorf("%s, length %d, ETag %q, Accept-Ranges %q", answer.Status, answer.ContentLength, h.Get("ETag"), h.Get("Accept-Ranges"))
	}
	return measured{whole: time.Since(begin), bodyless: true}, nil
}

// meter hashes what is written to it and notes when.
type meter struct {
	begin       time.Time
	bytes       int64
	first, last time.Duration
	sum         hash.Hash
}

func newMeter(begin time.Time) *meter { return &meter{begin: begin, sum: sha256.New()} }

// Write takes the next bytes.
func (m *meter) Write(p []byte) (int, error) {
	m.last = time.Since(m.begin)
	if m.bytes == 0 {
		m.first = m.last
	}
	m.bytes += int64(len(p))
	return m.sum.Write(p)
}

// madeUpFile is an io.ReaderAt of a made-up file.
type madeUpFile struct{ file demoFile }

// ReadAt makes bytes of the file.
func (c madeUpFile) ReadAt(p []byte, off int64) (int, error) {
	n := min(int64(len(p)), c.file.size-off)
	if n <= 0 {
		return 0, io.EOF
	}
	c.file.content.fill(p[:n], off)
	if n < int64(len(p)) {
		return int(n), io.EOF
	}
	return int(n), nil
}
