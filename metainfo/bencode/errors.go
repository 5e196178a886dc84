package bencode

import "fmt"

// Reason says why an input is refused. It is an error, so that errors.Is(err,
// bencode.ErrDepth) works on the errors of this package.
type Reason string

// Error returns the reason as text.
func (r Reason) Error() string { return string(r) }

// The reasons for a refusal.
const (
	ErrTruncated   Reason = "input ends inside a value"
	ErrTrailing    Reason = "bytes after the value"
	ErrValue       Reason = "not the start of a value"
	ErrInteger     Reason = "integer not in canonical form"
	ErrRange       Reason = "integer outside 64 bits"
	ErrLength      Reason = "string length not in canonical form"
	ErrKey         Reason = "dictionary key is not a string"
	ErrKeyOrder    Reason = "dictionary keys not sorted"
	ErrDuplicate   Reason = "dictionary key twice"
	ErrDepth       Reason = "nested too deep"
	ErrTokens      Reason = "too many values"
	ErrOddDict     Reason = "dictionary key without a value"
	ErrUnsupported Reason = "cannot be encoded"
)

// SyntaxError reports an input that is not canonical bencoding or exceeds a bound.
type SyntaxError struct {
	Offset int    // bytes from the start of the input
	Reason Reason // unwraps to it
}

// Error names the reason and the place.
func (e *SyntaxError) Error() string {
	return fmt.Sprintf("bencode: %s at byte %d", string(e.Reason), e.Offset)
}

// Unwrap returns the Reason.
func (e *SyntaxError) Unwrap() error { return e.Reason }

// KindError reports a well-formed value of another kind than was asked for.
type KindError struct {
	Offset    int // bytes from the start of the input
	Want, Got Kind
}

// Error names both kinds and the place.
func (e *KindError) Error() string {
	return fmt.Sprintf("bencode: %s where %s is wanted at byte %d", e.Got, e.Want, e.Offset)
}
