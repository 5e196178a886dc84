package sibling

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"slices"
)

// Secrets are those that a gateway takes: one, and while that is replaced another one too.
// It shows the first. Secrets do not change, and are safe for concurrent use.
type Secrets struct{ all []*Secret }

// NewSecrets takes at least one, and at most MaxSecrets.
func NewSecrets(all ...*Secret) (*Secrets, error) {
	switch {
	case len(all) == 0:
		return nil, errors.New("sibling: there is no secret")
	case len(all) > MaxSecrets:
		return nil, fmt.Errorf("sibling: more than %d secrets", MaxSecrets)
	}
	return &Secrets{slices.Clone(all)}, nil
}

// ParseSecrets reads secrets as they stand in a file: one a line. Empty lines, and those that
// begin with #, say nothing.
func ParseSecrets(r io.Reader) (*Secrets, error) {
	var all []*Secret
	lines := bufio.NewScanner(r)
	for lines.Scan() {
		line := bytes.TrimSpace(lines.Bytes())
		if len(line) == 0 || line[0] == '#' {
			continue
		}
		s, err := NewSecret(line)
		if err != nil {
			return nil, err
		}
		all = append(all, s)
	}
	if err := lines.Err(); err != nil {
		return nil, fmt.Errorf("sibling: secrets: %w", err)
	}
	return NewSecrets(all...)
}

// First is the secret that is shown.
func (s *Secrets) First() *Secret { return s.all[0] }

// Has reports whether a secret is taken.
func (s *Secrets) Has(x *Secret) bool { return slices.ContainsFunc(s.all, x.Equal) }

// Of returns the secret that has a channel; nil where none has it.
func (s *Secrets) Of(channel [20]byte) *Secret {
	for _, x := range s.all {
		if x.channel == channel {
			return x
		}
	}
	return nil
}

// Channels returns the channel of each.
func (s *Secrets) Channels() (all [][20]byte) {
	for _, x := range s.all {
		all = append(all, x.channel)
	}
	return all
}

// Check returns the secret by which a proof is right that is of the end with a role; nil
// where it is wrong.
func (s *Secrets) Check(x *Exchange, by Role, proof []byte) *Secret {
	for _, one := range s.all {
		if one.Check(x, by, proof) {
			return one
		}
	}
	return nil
}
