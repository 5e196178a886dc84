package lanes

import (
	"sync"

	"golang.org/x/sys/cpu"
)

// Available reports whether this processor and operating system have AVX-512, and the
// lanes passed their test.
func Available() bool { return available() }

var available = sync.OnceValue(func() bool {
	return cpu.X86.HasAVX512F && cpu.X86.HasAVX512BW && cpu.X86.HasAVX512VL && correct()
})

func blocks1(s *state, from *[Width]*byte, n int) { sha1Blocks((*[5][Width]uint32)(s[:5]), from, n) }

func half1(s *state, from *[Width]*byte, n int) { sha1Half((*[5][Width]uint32)(s[:5]), from, n) }

func blocks256(s *state, from *[Width]*byte, n int) {
	sha256Blocks((*[8][Width]uint32)(s), from, n)
}

func half256(s *state, from *[Width]*byte, n int) { sha256Half((*[8][Width]uint32)(s), from, n) }
