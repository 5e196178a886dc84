package lanes

// correct hashes sixteen messages of two and a half blocks, each its own, in lanes and alone.
func correct() bool { return passes(&algorithm1) && passes(&algorithm256) }

func passes(a *algorithm) bool {
	const n = 2 * blockSize
	var s set
	var left [Width][]byte
	text := make([]byte, Width+n+blockSize/2)
	for i := range text {
		text[i] = byte(i*i>>3 + 5*i)
	}
	for lane := range left {
		left[lane] = text[lane:]
	}
	s.writeTogether(a, &left, n)
	for lane, rest := range left {
		alone := a.make()
		alone.Write(text[lane:])
		s.leave(a, lane).Write(rest)
		if string(s.leave(a, lane).Sum(nil)) != string(alone.Sum(nil)) {
			return false
		}
	}
	return true
}
