//go:build race

package fetch

// raced reports that the race detector is on. The detector looks at every byte that is copied, so that
// the tests which move the most play a few of their cases then, and all of them without it:
// make test runs both.
const raced = true
