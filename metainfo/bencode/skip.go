package bencode

// Skip reads one value of any kind and checks all of it.
func (s *Scanner) Skip() error {
	switch s.Kind() {
	case Int:
		if err := s.count(); err != nil {
			return err
		}
		_, err := s.integer()
		return err
	case String:
		if err := s.count(); err != nil {
			return err
		}
		_, err := s.text()
		return err
	case List, Dict:
		return s.skipNested()
	}
	return s.fail(s.noValue())
}

// Raw reads one value of any kind, checks all of it and returns its encoding.
func (s *Scanner) Raw() ([]byte, error) {
	start := s.pos
	if err := s.Skip(); err != nil {
		return nil, err
	}
	return s.data[start:s.pos:s.pos], nil
}

// skipNested is Skip for a list or a dictionary: a loop with a stack of its
// own, because this is where hostile input spends its time.
func (s *Scanner) skipNested() error {
	var stack [MaxDepth]struct {
		dict bool
		any  bool
		key  []byte
	}
	base := s.depth
	for {
		kind := s.Kind()
		if err := s.count(); err != nil {
			return err
		}
		var err error
		switch kind {
		case Int:
			_, err = s.integer()
		case String:
			_, err = s.text()
		case List, Dict:
			if err = s.enter(); err == nil {
				level := &stack[s.depth-base-1]
				level.dict, level.any, level.key = kind == Dict, false, nil
			}
		default:
			err = s.fail(s.noValue())
		}
		if err != nil {
			return err
		}
		for s.depth > base && s.leave() {
		}
		if s.depth == base {
			return nil
		}
		level := &stack[s.depth-base-1]
		if !level.dict {
			continue
		}
		if level.key, err = s.key(level.key, !level.any); err != nil {
			return err
		}
		level.any = true
	}
}
