package main

import (
	"flag"
	"log/slog"
	"os"
	"path/filepath"
	"testing"

	"github.com/btgw/btgw/docs"
	"github.com/btgw/btgw/gateway"
	"github.com/btgw/btgw/internal/reference"
	"github.com/btgw/btgw/peer/tracker"
)

var writeReference = flag.Bool("reference.write", false, "write docs/reference in place of comparing it")

// TestReference compares docs/reference with what is generated from the program.
func TestReference(t *testing.T) {
	t.Parallel()
	pages := map[string]string{
		"commands.md": reference.Commands(newProgram(&cli{}, "btgw in the user's cache folder")),
		"metrics.md":  metricsPage(t),
	}
	var err error
	if pages["problems.md"], err = reference.Problems("../../gateway"); err != nil {
		t.Error(err)
	}
	if pages["api.md"], err = reference.API(docs.OpenAPI); err != nil {
		t.Error(err)
	}
	for name, want := range pages {
		file := filepath.Join("../../docs/reference", name)
		if *writeReference {
			if err := os.WriteFile(file, []byte(want), 0o644); err != nil {
				t.Error(err)
			}
			continue
		}
		if got, err := os.ReadFile(file); err != nil || string(got) != want {
			t.Errorf("%s is not what is generated (make reference): %v", name, err)
		}
	}
}

// metricsPage asks all that measures for its instruments.
func metricsPage(t *testing.T) string {
	t.Helper()
	var grammar cli
	_, a, err := parse([]string{"--cache-size=0", "--peer-listen=127.0.0.1:0", "--no-portmap", "--object-store=s3://pieces"}, &grammar, os.Stdout, os.Stderr)
	if err != nil {
		t.Fatal(err)
	}
	s := grammar.Serve.settings(a.problems)
	if err := a.problems.err(); err != nil {
		t.Fatal(err)
	}
	e, err := newEngine(s.engine, slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	defer func() {
		if err := e.close(t.Context()); err != nil {
			t.Error(err)
		}
	}()
	instruments := new(reference.Instruments)
	peers := tracker.New(tracker.Config{})
	defer peers.Close()
	if err := observe(instruments, e, peers); err != nil {
		t.Error(err)
	}
	if err := observeLists(instruments, nil); err != nil {
		t.Error(err)
	}
	if _, err := gateway.New(gateway.Config{Backend: e.session, MeterProvider: instruments}); err != nil {
		t.Error(err)
	}
	if err := instruments.Observe(t.Context()); err != nil {
		t.Error(err)
	}
	page, err := reference.Metrics(instruments)
	if err != nil {
		t.Error(err)
	}
	return page
}
