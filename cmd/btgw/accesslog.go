package main

import (
	"io"
	"os"
	"sync"

	"github.com/btgw/btgw/gateway"
)

// operatingFlags say how a server tells of requests, and ends.
type operatingFlags struct {
	DrainTime       string `default:"20s" placeholder:"TIME" env:"BTGW_DRAIN_TIME" help:"How long transfers under way have to end once btgw is told to stop (${default}); then they are cut."`
	AccessLog       string `placeholder:"FILE" env:"BTGW_ACCESS_LOG" help:"A line for each request for content goes to FILE, or with - to standard output: infohash, range, bytes, source, time to the first byte; no query, key or cookie. SIGHUP begins the file anew."`
	AccessLogFormat string `default:"json" placeholder:"json|combined" env:"BTGW_ACCESS_LOG_FORMAT" help:"How: json, or combined as Apache and nginx have it (${default})."`
}

// accessLogSettings holds the access log's file and format.
type accessLogSettings struct {
	file   string // "" for nowhere, "-" for standard output
	format string // json or combined
}

// accessFile is the file of an access log, which others may move away: reopen begins it anew. It is safe for concurrent use.
type accessFile struct {
	name string

	mu   sync.Mutex
	file *os.File // guarded by mu; nil after close
}

// openAccessLog opens what settings name; nil for both where that is nothing. The file is to be closed.
func openAccessLog(s accessLogSettings, stdout io.Writer) (*gateway.AccessLog, *accessFile, error) {
	switch s.file {
	case "":
		return nil, nil, nil
	case "-":
		return gateway.NewAccessLog(&lineWriter{to: stdout}, s.format == "combined"), nil, nil
	}
	f := &accessFile{name: s.file}
	if err := f.reopen(); err != nil {
		return nil, nil, err
	}
	return gateway.NewAccessLog(f, s.format == "combined"), f, nil
}

// reopen opens the file by its name, and writes there from now on. After an error it goes on as before.
func (f *accessFile) reopen() error {
	if f == nil {
		return nil
	}
	file, err := os.OpenFile(f.name, os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o600)
	if err != nil {
		return err
	}
	f.mu.Lock()
	old := f.file
	f.file = file
	f.mu.Unlock()
	if old != nil {
		return old.Close()
	}
	return nil
}

// Write implements io.Writer.
func (f *accessFile) Write(p []byte) (int, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.file == nil {
		return 0, os.ErrClosed
	}
	return f.file.Write(p)
}

// close ends the writing.
func (f *accessFile) close() error {
	if f == nil {
		return nil
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	file := f.file
	f.file = nil
	return file.Close()
}

// lineWriter has lines written one after the other.
type lineWriter struct {
	mu sync.Mutex
	to io.Writer
}

// Write implements io.Writer.
func (w *lineWriter) Write(p []byte) (int, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.to.Write(p)
}
