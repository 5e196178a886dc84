package clients

import (
	"context"
	"testing"
	"time"

	"go.uber.org/goleak"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// within gives a context for what ought to take a few seconds.
func within(t *testing.T) context.Context {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 2*time.Minute)
	t.Cleanup(cancel)
	return ctx
}

// mixed is a torrent of the files that real ones have.
func mixed(seed uint64) Spec {
	return Spec{
		Name: "Mixed & odd – 練習", Seed: seed, PieceLength: 64 << 10,
		Files: []FileSpec{
			{Path: []string{"a folder", "film (1).mkv"}, Size: 3<<20 + 17},
			{Path: []string{"empty"}, Size: 0},
			{Path: []string{"100% #?&.txt"}, Size: 1},
			{Path: []string{"small.bin"}, Size: 70_001},
		},
	}
}
