// Package reload keeps what was read from a file as new as the file: keys, lists and certificates that
// an operator edits while the program runs.
//
// One [Watcher] looks at all files of a process; everybody else may Load at any time and never waits.
package reload

import (
	"fmt"
	"io"
	"os"
	"sync/atomic"
	"time"
)

// Interval is the time between two looks at files.
const Interval = 2 * time.Second

// A File is the meaning of a file, of its newest version that could be read. All methods are safe
// for concurrent use.
type File[T any] struct {
	name  string
	most  int64
	parse func(io.Reader) (T, error)
	now   atomic.Pointer[version[T]]
}

// version is one state of the file. It is replaced, never changed.
type version[T any] struct {
	value T
	time  time.Time
	size  int64
}

// Open reads a file of at most so many bytes. parse gives its meaning, which nobody may change
// afterwards.
func Open[T any](name string, most int64, parse func(io.Reader) (T, error)) (*File[T], error) {
	f := &File[T]{name: name, most: most, parse: parse}
	_, err := f.Reload(true)
	return f, err
}

// Name is the file's name, as Open was given it.
func (f *File[T]) Name() string { return f.name }

// Load is the meaning of the newest version that could be read.
func (f *File[T]) Load() T { return f.now.Load().value }

// Reload implements [Source]: the file changed if its time or size did.
func (f *File[T]) Reload(force bool) (changed bool, err error) {
	file, err := os.Open(f.name)
	if err != nil {
		return false, err
	}
	defer file.Close()
	stat, err := file.Stat()
	if err != nil {
		return false, err
	}
	if old := f.now.Load(); !force && old.time.Equal(stat.ModTime()) && old.size == stat.Size() {
		return false, nil
	}
	if stat.Size() > f.most {
		return false, fmt.Errorf("%s: longer than %d bytes", f.name, f.most)
	}
	value, err := f.parse(io.LimitReader(file, f.most))
	if err != nil {
		return false, fmt.Errorf("%s: %w", f.name, err)
	}
	f.now.Store(&version[T]{value, stat.ModTime(), stat.Size()})
	return true, nil
}
