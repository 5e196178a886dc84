package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"strings"
	"unicode/utf8"

	"github.com/btgw/btgw/metainfo"
)

// checkContent reports every path that no torrent can be made of, as far as that can be told without reading files. It
// looks at all of them before the first one is hashed, which may take hours.
func checkContent(ctx context.Context, paths []string, options metainfo.MakeOptions) error {
	var errs []error
	for _, path := range paths {
		options.Root = path
		if _, err := metainfo.Fingerprint(ctx, options); err != nil {
			if ctx.Err() != nil {
				return err
			}
			errs = append(errs, contentError(path, err))
		}
	}
	return errors.Join(errs...)
}

// contentError is an error of a path that a user named, in the user's words.
func contentError(path string, err error) error {
	// A name that is not UTF-8 may have come through the parser of the command line, which writes U+FFFD for such bytes.
	named := utf8.ValidString(path) && !strings.ContainsRune(path, utf8.RuneError)
	shown := printable(path)
	var onDisk *fs.PathError
	switch {
	case errors.Is(err, fs.ErrNotExist) && !named:
		return fmt.Errorf("%s: the name is not UTF-8, as names in a torrent have to be", shown)
	case errors.Is(err, metainfo.ReasonNoFiles):
		return fmt.Errorf("%s: no file with content: a torrent has one byte at least", shown)
	case errors.As(err, &onDisk):
		if !strings.Contains(onDisk.Path, "/") { // it is the path itself
			return fmt.Errorf("%s: %w", shown, onDisk.Err)
		}
		return fmt.Errorf("%s: %s: %w", shown, printable(onDisk.Path), onDisk.Err)
	}
	return fmt.Errorf("%s: %w", shown, err)
}
