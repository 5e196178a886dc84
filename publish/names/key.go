package names

import (
	"crypto/ed25519"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base32"
	"errors"
	"os"
	"path/filepath"
	"strings"

	"github.com/btgw/btgw/internal/statefile"
)

// ErrBackup means that a line is no backup of a key, as Backup writes it, or that a letter of it
// is wrong.
var ErrBackup = errors.New("names: this is no backup of a key, or a letter of it is wrong")

// ErrOtherKey means that there is another key already.
var ErrOtherKey = errors.New("names: there is another key already")

const (
	backupPrefix = "btgw-key-"
	backupSum    = 3 // bytes of a checksum
)

var backupCode = base32.StdEncoding.WithPadding(base32.NoPadding)

// Backup returns a private key as a line that can be copied by hand.
func Backup(key ed25519.PrivateKey) string {
	seed := key.Seed()
	sum := sha256.Sum256(seed)
	return backupPrefix + strings.ToLower(backupCode.EncodeToString(append(seed, sum[:backupSum]...)))
}

// ParseBackup reads a line that Backup wrote.
func ParseBackup(line string) (ed25519.PrivateKey, error) {
	text, ok := strings.CutPrefix(strings.ToLower(strings.TrimSpace(line)), backupPrefix)
	b, err := backupCode.DecodeString(strings.ToUpper(text))
	if !ok || err != nil || len(b) != ed25519.SeedSize+backupSum {
		return nil, ErrBackup
	}
	seed := b[:ed25519.SeedSize]
	if sum := sha256.Sum256(seed); string(sum[:backupSum]) != string(b[ed25519.SeedSize:]) {
		return nil, ErrBackup
	}
	return ed25519.NewKeyFromSeed(seed), nil
}

// keyFile returns the file below dir that keeps the key, in the form of its backup.
func keyFile(dir string) statefile.File {
	return statefile.File{Path: filepath.Join(dir, "key"), Kind: "key", Version: 1, MaxSize: 1 << 10}
}

// LoadKey reads the key that is kept below dir, nil where there is none.
func LoadKey(dir string) (ed25519.PrivateKey, error) {
	b, _, err := keyFile(dir).Load()
	if err != nil || len(b) == 0 {
		return nil, err
	}
	return ParseBackup(string(b))
}

// EnsureKey is LoadKey, and makes a key where there is none; made tells that it did.
func EnsureKey(dir string) (key ed25519.PrivateKey, made bool, err error) {
	if key, err = LoadKey(dir); key != nil || err != nil {
		return key, false, err
	}
	_, key, err = ed25519.GenerateKey(rand.Reader)
	if err != nil {
		return nil, false, err
	}
	return key, true, ImportKey(dir, key)
}

// ImportKey keeps a key below dir. ErrOtherKey where another one is there.
func ImportKey(dir string, key ed25519.PrivateKey) error {
	old, err := LoadKey(dir)
	switch {
	case err != nil:
		return err
	case old.Equal(key):
		return nil
	case old != nil:
		return ErrOtherKey
	}
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return err
	}
	return keyFile(dir).Save([]byte(Backup(key) + "\n"))
}
