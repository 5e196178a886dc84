package wire

import "fmt"

// Error is a message, or a handshake, that breaks the protocol. The connection
// that it came on cannot go on.
type Error struct {
	ID     ID     // of the message; zero for the handshake
	Reason string // what is wrong, without the peer's own text
}

// Error names the message and what is wrong with it.
func (e *Error) Error() string { return "wire: " + e.Reason }

func badLength(id ID, n int) error {
	return &Error{ID: id, Reason: fmt.Sprintf("%s message of %d bytes", id, n)}
}
