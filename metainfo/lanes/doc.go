// Package lanes hashes up to sixteen messages at once with SHA-1 or SHA-256
// (FIPS 180-4), a message in each 32-bit lane of AVX-512's registers. One message
// is a chain that nothing makes shorter; sixteen chains side by side take about
// as long as one.
//
// Where the processor has no AVX-512, or the lanes fail their test at the first
// use, or too few messages are there to be worth it, each is hashed by crypto/sha1 or
// crypto/sha256. The sums are the same.
//
// The assembly is generated: the command in gen writes it.
package lanes

//go:generate go run ./gen -out lanes_amd64.s -stubs lanes_amd64.go -pkg lanes

// Width is how many messages there are at most.
const Width = 16

// Worth is how many messages have to go on together for lanes to beat one after the
// other: a processor with instructions for SHA-1 hashes one message about as
// fast as lanes do four (BenchmarkLanes).
const Worth = 5

// most is how many bytes of each message are hashed at once: some tens of
// microseconds, for the scheduler of goroutines cannot interrupt it.
const most = 16 << 10

// blockSize is what both hashes take at a time, in bytes.
const blockSize = 64
