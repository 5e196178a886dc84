package bencode

import "bytes"

// Skip reads one value of any kind and checks all of it.
func (s *Scanner) Skip() error {
	var next int
	var r Reason
	switch s.Kind() {
	case Int:
		_, next, r = s.lexInt(s.pos)
	case String:
		_, next, r = lexString(s.data, s.pos, s.Lax)
	case List, Dict:
		return s.skipNested()
	default:
		r = s.noValue()
	}
	if r != "" {
		return s.fail(r)
	}
	s.pos = next
	return s.count()
}

// Raw reads one value of any kind, checks all of it and returns its encoding.
func (s *Scanner) Raw() ([]byte, error) {
	start := s.pos
	if err := s.Skip(); err != nil {
		return nil, err
	}
	return s.data[start:s.pos:s.pos], nil
}

// level is a list or dictionary that skipNested is in.
type level struct {
	dict     bool
	hasKey   bool // dict: key is the last one read
	wantsVal bool // dict: a value has to follow
	key      []byte
}

// skipNested is Skip for a list or a dictionary. It is one loop with a stack
// of its own and no call that could be saved, because this is where hostile
// input spends our time.
func (s *Scanner) skipNested() error {
	var first [shallow]level
	stack := first[:]
	depth, tokens := s.depth, s.tokens // at the start
	data, pos, top := s.data, s.pos, -1
	var r Reason
	for {
		if pos >= len(data) {
			return s.failAt(pos, ErrTruncated)
		}
		c := data[pos]
		if c == 'e' && top >= 0 {
			if stack[top].wantsVal {
				return s.failAt(pos, ErrOddDict)
			}
			pos++
			if top--; top < 0 {
				s.pos, s.tokens = pos, tokens
				return nil
			}
			stack[top].wantsVal = false
			continue
		}
		if tokens++; tokens > MaxTokens {
			return s.failAt(pos, ErrTokens)
		}
		if top >= 0 && stack[top].dict && !stack[top].wantsVal {
			if pos, r = s.skipKey(&stack[top], pos); r != "" {
				return s.failAt(pos, r)
			}
			continue
		}
		switch {
		case isDigit(c):
			var end int
			if _, end, r = lexString(data, pos, s.Lax); r == "" {
				pos = end
			}
		case c == 'i':
			_, pos, r = s.lexInt(pos)
		case c == 'l' || c == 'd':
			if depth+top+1 >= MaxDepth {
				return s.failAt(pos, ErrDepth)
			}
			if top++; top == len(stack) {
				stack = append(stack, make([]level, MaxDepth-len(stack))...)
			}
			stack[top] = level{dict: c == 'd'}
			pos++
			continue // its end tells its parent
		default:
			r = ErrValue
		}
		if r != "" {
			return s.failAt(pos, r)
		}
		stack[top].wantsVal = false
	}
}

// skipKey reads a dictionary key, for skipNested.
func (s *Scanner) skipKey(l *level, pos int) (next int, r Reason) {
	switch kindOf(s.data[pos]) {
	case String:
	case None:
		return pos, ErrValue
	default:
		return pos, ErrKey
	}
	start, end, r := lexString(s.data, pos, s.Lax)
	if r != "" {
		return pos, r
	}
	key := s.data[start:end:end]
	if l.hasKey {
		if r := s.checkOrder(l.key, key); r != "" {
			return pos, r
		}
	}
	l.key, l.hasKey, l.wantsVal = key, true, true
	return end, ""
}

// checkOrder checks that key may come after last in a dictionary.
func (s *Scanner) checkOrder(last, key []byte) Reason {
	switch c := bytes.Compare(last, key); {
	case s.Lax:
	case c == 0:
		return ErrDuplicate
	case c > 0 && !s.AnyOrder:
		return ErrKeyOrder
	case c > 0:
		s.disordered = true
	}
	return ""
}
