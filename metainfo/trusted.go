package metainfo

// These functions read bytes that a Scanner has checked already, and check nothing. The
// names in an info dictionary are read from it each time that they are asked for, so
// reading has to cost little.

// trustedString returns the string at p, and what is behind it.
func trustedString(raw []byte, p int) (s []byte, next int) {
	n := 0
	for ; raw[p] != ':'; p++ {
		n = n*10 + int(raw[p]-'0')
	}
	p++
	return raw[p : p+n : p+n], p + n
}

// trustedSkip returns what is behind the value at p.
func trustedSkip(raw []byte, p int) int {
	for depth := 0; ; {
		switch raw[p] {
		case 'i':
			for p++; raw[p] != 'e'; p++ {
			}
			p++
		case 'l', 'd':
			depth++
			p++
		case 'e':
			depth--
			p++
		default:
			_, p = trustedString(raw, p)
		}
		if depth == 0 {
			return p
		}
	}
}

// trustedList appends the strings of the list at p to list.
func trustedList(list [][]byte, raw []byte, p int) [][]byte {
	for p++; raw[p] != 'e'; {
		var e []byte
		e, p = trustedString(raw, p)
		list = append(list, e)
	}
	return list
}

// trustedLast returns the last string of the list at p, which is not empty.
func trustedLast(raw []byte, p int) (last []byte) {
	for p++; raw[p] != 'e'; {
		last, p = trustedString(raw, p)
	}
	return last
}

// trustedField returns the offset of the value of key in the dictionary at p. It
// returns that of preferred instead, if there is one and it is a list that is not
// empty. It returns 0 if neither is there.
func trustedField(raw []byte, p int, key, preferred string) (at int) {
	for p++; raw[p] != 'e'; p = trustedSkip(raw, p) {
		var k []byte
		k, p = trustedString(raw, p)
		switch alias(k) {
		case preferred:
			if key == preferred || raw[p] == 'l' && raw[p+1] != 'e' { // fileDict.rawPath
				return p
			}
		case key:
			at = p
		}
	}
	return at
}
