package lanes

import (
	"crypto/sha1"
	"crypto/sha256"
	"encoding"
	"encoding/binary"
	"hash"
	"math"
)

// A SHA1 hashes up to sixteen messages side by side. A message begins with Reset, goes
// on with Write and ends with Sum; then its lane is free for another. The zero value is
// ready. Not for concurrent use.
type SHA1 struct{ set }

// A SHA256 does for SHA-256 what SHA1 does for SHA-1.
type SHA256 struct{ set }

// Write hashes the next bytes of each message. part[i] holds those of lane i, of any
// length, and is empty where the lane has none now. Messages are hashed together while
// five or more have whole blocks of 64 bytes left. It is fastest if all parts have the
// same length.
func (d *SHA1) Write(part *[Width][]byte) { d.write(&algorithm1, part) }

// Sum returns the hash of the message in a lane and ends the message.
func (d *SHA1) Sum(lane int) [sha1.Size]byte {
	d.saved = d.leave(&algorithm1, lane).Sum(d.saved[:0])
	return [sha1.Size]byte(d.saved)
}

// Write does what that of SHA1 does.
func (d *SHA256) Write(part *[Width][]byte) { d.write(&algorithm256, part) }

// Sum returns the hash of the message in a lane and ends the message.
func (d *SHA256) Sum(lane int) [sha256.Size]byte {
	d.saved = d.leave(&algorithm256, lane).Sum(d.saved[:0])
	return [sha256.Size]byte(d.saved)
}

// A state has the words of a hash, each in all lanes; SHA-1 uses five.
type state [8][Width]uint32

// An algorithm holds the differences between the two hashes.
type algorithm struct {
	start  []uint32 // the initial hash value: FIPS 180-4, sections 5.3.1 and 5.3.3
	magic  string   // with which a standard hash's state begins, before its words
	make   func() hash.Hash
	blocks func(s *state, from *[Width]*byte, blocks int)
	half   func(s *state, from *[Width]*byte, blocks int) // the same for the first Half lanes alone
}

var algorithm1 = algorithm{
	start: []uint32{0x67452301, 0xefcdab89, 0x98badcfe, 0x10325476, 0xc3d2e1f0},
	magic: "sha\x01", make: sha1.New, blocks: blocks1, half: half1,
}

var algorithm256 = algorithm{
	start: []uint32{
		0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a, 0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19,
	},
	magic: "sha\x03", make: sha256.New, blocks: blocks256, half: half256,
}

// A set is sixteen messages. A message has its state in its lane of words, or apart
// from the others in a standard hash. It moves there when it is not hashed together
// with the others. An empty message has no state yet.
type set struct {
	words state
	n     [Width]uint64 // bytes of each message so far
	apart [Width]bool
	alone [Width]hash.Hash // nil: never needed
	from  [Width]*byte     // scratch, like saved
	saved []byte
}

// Reset begins a message in a lane.
func (s *set) Reset(lane int) { s.n[lane], s.apart[lane] = 0, false }

// write hashes as much as it can of five or more messages in lanes, again and again,
// and the rest of each alone.
func (s *set) write(a *algorithm, part *[Width][]byte) {
	left := *part
	for Available() {
		n, count := together(&left, &s.n)
		if count < Worth {
			break
		}
		s.writeTogether(a, &left, n)
	}
	for lane, p := range left {
		if len(p) > 0 {
			s.leave(a, lane).Write(p)
			s.n[lane] += uint64(len(p))
		}
	}
}

// together returns the number of messages that have whole blocks left, and the bytes
// that each of them has at least.
func together(left *[Width][]byte, done *[Width]uint64) (n, count int) {
	n = math.MaxInt
	for lane, p := range left {
		if len(p) >= blockSize && done[lane]%blockSize == 0 {
			n = min(n, len(p)/blockSize*blockSize)
			count++
		}
	}
	return min(n, most), count
}

// writeTogether hashes n bytes of each message that has them left.
func (s *set) writeTogether(a *algorithm, left *[Width][]byte, n int) {
	clear(s.from[:])
	var some *byte
	last := 0
	for lane, p := range left {
		if len(p) < n || s.n[lane]%blockSize != 0 {
			if s.n[lane] > 0 {
				s.leave(a, lane) // since its lane goes on with what is no part of it
			}
			continue
		}
		s.join(a, lane)
		s.from[lane], some, last = &p[0], &p[0], lane
		left[lane] = p[n:]
		s.n[lane] += uint64(n)
	}
	for lane := range s.from {
		if s.from[lane] == nil {
			s.from[lane] = some
		}
	}
	if last < Half {
		a.half(&s.words, &s.from, n/blockSize)
	} else {
		a.blocks(&s.words, &s.from, n/blockSize)
	}
	clear(s.from[:]) // which would keep the parts' memory
}

// join moves a message to its lane. It has only whole blocks so far.
func (s *set) join(a *algorithm, lane int) {
	switch {
	case s.n[lane] == 0:
		for i, v := range a.start {
			s.words[i][lane] = v
		}
	case s.apart[lane]:
		s.saved, _ = s.alone[lane].(encoding.BinaryAppender).AppendBinary(s.saved[:0]) // it has no error
		for i := range a.start {
			s.words[i][lane] = binary.BigEndian.Uint32(s.saved[len(a.magic)+4*i:])
		}
	}
	s.apart[lane] = false
}

// leave moves a message to a standard hash of its own. crypto/sha1 and crypto/sha256
// marshal their state as magic, words, a partial block, and the length in bytes. If
// that ever changes the lanes fail their test, and are not used.
func (s *set) leave(a *algorithm, lane int) hash.Hash {
	if s.alone[lane] == nil {
		s.alone[lane] = a.make()
	}
	h := s.alone[lane]
	switch {
	case s.apart[lane]:
		return h
	case s.n[lane] == 0:
		h.Reset()
	default:
		s.saved = append(s.saved[:0], a.magic...)
		for i := range a.start {
			s.saved = binary.BigEndian.AppendUint32(s.saved, s.words[i][lane])
		}
		s.saved = append(s.saved, make([]byte, blockSize)...)
		s.saved = binary.BigEndian.AppendUint64(s.saved, s.n[lane])
		_ = h.(encoding.BinaryUnmarshaler).UnmarshalBinary(s.saved) // it is what it wrote
	}
	s.apart[lane] = true
	return h
}
