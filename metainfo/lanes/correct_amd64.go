package lanes

// correct hashes messages of two and a half blocks, each its own, in lanes and alone: as many as there
// are lanes, and half of them.
func correct() bool {
	for _, a := range []*algorithm{&algorithm1, &algorithm256} {
		if !passes(a, Width) || !passes(a, Half) {
			return false
		}
	}
	return true
}

func passes(a *algorithm, messages int) bool {
	const n = 2 * blockSize
	var s set
	var left [Width][]byte
	text := make([]byte, Width+n+blockSize/2)
	for i := range text {
		text[i] = byte(i*i>>3 + 5*i)
	}
	for lane := range messages {
		left[lane] = text[lane:]
	}
	s.writeTogether(a, &left, n)
	for lane, rest := range left[:messages] {
		alone := a.make()
		alone.Write(text[lane:])
		s.leave(a, lane).Write(rest)
		if string(s.leave(a, lane).Sum(nil)) != string(alone.Sum(nil)) {
			return false
		}
	}
	return true
}
