package metainfo

import (
	"errors"
	"fmt"

	"github.com/btgw/btgw/metainfo/bencode"
)

// ErrNotFound means that a path names nothing in a torrent.
var ErrNotFound = errors.New("metainfo: no such file")

// Reason says why a torrent, infohash or magnet link is refused. It is an
// error, so that errors.Is(err, metainfo.ReasonMissing) works.
type Reason string

// Error returns the reason as text.
func (r Reason) Error() string { return string(r) }

// The reasons for a refusal.
const (
	ReasonBencode     Reason = "not canonical bencoding"
	ReasonMissing     Reason = "missing"
	ReasonKind        Reason = "of the wrong kind"
	ReasonRange       Reason = "out of range"
	ReasonLimit       Reason = "over the limit"
	ReasonLength      Reason = "of the wrong length"
	ReasonVersion     Reason = "a version that is not supported"
	ReasonPieceLength Reason = "not a valid piece length"
	ReasonPieceCount  Reason = "not as many hashes as pieces"
	ReasonNoFiles     Reason = "no file with content"
	ReasonTree        Reason = "not a valid file tree"
	ReasonRoot        Reason = "not a valid pieces root"
	ReasonHybrid      Reason = "v1 and v2 describe different content"
	ReasonLayer       Reason = "does not match the pieces root"
	ReasonPad         Reason = "not a valid padding file"
	ReasonSyntax      Reason = "malformed"
	ReasonConflict    Reason = "contradicts itself"
)

// InvalidError reports foreign input that is refused. It unwraps to its Reason, and to
// the *bencode.SyntaxError for ReasonBencode.
type InvalidError struct {
	Field  string // the key or parameter, as "info.files[3].length"
	Reason Reason
	Detail string // the values concerned, "" if the reason says it all
	err    error
}

// Error returns one line: field, reason, detail.
func (e *InvalidError) Error() string {
	s := fmt.Sprintf("invalid %s: %s", e.Field, string(e.Reason))
	if e.Detail != "" {
		s += " (" + e.Detail + ")"
	}
	return s
}

// Unwrap returns the reason and its cause.
func (e *InvalidError) Unwrap() []error {
	if e.err == nil {
		return []error{e.Reason}
	}
	return []error{e.Reason, e.err}
}

func invalid(field string, reason Reason) *InvalidError {
	return &InvalidError{Field: field, Reason: reason}
}

func invalidf(field string, reason Reason, format string, args ...any) *InvalidError {
	return &InvalidError{Field: field, Reason: reason, Detail: fmt.Sprintf(format, args...)}
}

// wrapBencode turns an error of the scanner into one about field; an
// *InvalidError from deeper inside stays as it is.
func wrapBencode(field string, err error) error {
	var inv *InvalidError
	var kind *bencode.KindError
	switch {
	case err == nil:
		return nil
	case errors.As(err, &inv):
		return inv
	case errors.As(err, &kind):
		return &InvalidError{field, ReasonKind, fmt.Sprintf("%s where %s is wanted", kind.Got, kind.Want), err}
	}
	var syntax *bencode.SyntaxError
	if errors.As(err, &syntax) {
		return &InvalidError{field, ReasonBencode, fmt.Sprintf("%s at byte %d", string(syntax.Reason), syntax.Offset), err}
	}
	return &InvalidError{field, ReasonSyntax, err.Error(), err}
}
