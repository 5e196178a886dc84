// Package lanes hashes up to sixteen messages at once with SHA-1 or SHA-256 (FIPS
// 180-4), a message in each 32-bit lane of AVX-512's registers. One message is a chain
// that cannot be shortened. Sixteen chains side by side take about as long as one.
//
// crypto/sha1 or crypto/sha256 hashes each message instead, with the same sums, where
// the processor has no AVX-512 or the lanes fail their test at the first use. They also
// hash where there are fewer messages than Worth.
//
// The assembly is generated: the command in gen writes it.
package lanes

//go:generate go run ./gen -out lanes_amd64.s -stubs lanes_amd64.go -pkg lanes

// Width is the largest number of messages.
const Width = 16

// Half is the number of messages that are hashed in registers of half the size, where
// no lane behind them has one. Most processors take half as long for them.
const Half = Width / 2

// Worth is the least number of messages for which lanes are faster than one message
// after the other. A processor with instructions for SHA-1 hashes one message about as
// fast as lanes do three (BenchmarkLanes).
const Worth = 5

// most is the number of bytes of each message that are hashed in one call of the
// assembly. That takes some tens of microseconds, in which the scheduler of goroutines
// cannot interrupt it.
const most = 16 << 10

// blockSize is the block of both hashes, in bytes.
const blockSize = 64
