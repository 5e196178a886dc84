package bencode

// Kind is the kind of a value.
type Kind uint8

// The kinds. None is the zero Kind: no value starts here.
const (
	None Kind = iota
	Int
	String
	List
	Dict
)

// String returns the kind's name in running text.
func (k Kind) String() string {
	switch k {
	case Int:
		return "an integer"
	case String:
		return "a string"
	case List:
		return "a list"
	case Dict:
		return "a dictionary"
	}
	return "nothing"
}

// Scanner reads one bencoded value from memory, front to back, each byte once. Byte
// slices that it returns alias the input. The first error is final: the behaviour of a
// Scanner after it is undefined. Not for concurrent use.
type Scanner struct {
	// AnyOrder accepts dictionaries whose keys are not sorted, as some old programs
	// wrote them; Disordered tells that one was met. The caller has to find a key that
	// comes twice, unless the two are neighbours.
	AnyOrder bool
	// Lax accepts keys in any order, keys that come twice, and lengths with zeros
	// before them. It accepts integers with zeros or a plus before them, and reads one
	// beyond 64 bits as the nearest int64. It is for input of which nothing is hashed.
	Lax bool

	data       []byte
	pos        int
	depth      int
	tokens     int
	disordered bool
}

// NewScanner returns a Scanner at the start of data, which it does not copy.
func NewScanner(data []byte) *Scanner { return &Scanner{data: data} }

// Offset returns how many bytes were read.
func (s *Scanner) Offset() int { return s.pos }

// Disordered reports whether AnyOrder let a dictionary pass so far.
func (s *Scanner) Disordered() bool { return s.disordered }

// Kind returns the kind of the value that starts here, without reading it, and
// None where none does (at the end of a list, a dictionary or the input).
func (s *Scanner) Kind() Kind {
	if s.pos >= len(s.data) {
		return None
	}
	return kindOf(s.data[s.pos])
}

func kindOf(c byte) Kind {
	switch {
	case c >= '0' && c <= '9':
		return String
	case c == 'i':
		return Int
	case c == 'l':
		return List
	case c == 'd':
		return Dict
	}
	return None
}

// End reports whether the whole input was read: nil, or ErrTrailing.
func (s *Scanner) End() error {
	if s.pos != len(s.data) {
		return s.fail(ErrTrailing)
	}
	return nil
}

// Int reads an integer. An integer that does not fit 64 bits is ErrRange: BEP 3 sets no
// bound, but no field of any BEP needs more.
func (s *Scanner) Int() (int64, error) {
	if err := s.want(Int); err != nil {
		return 0, err
	}
	n, next, r := s.lexInt(s.pos)
	if r != "" {
		return 0, s.fail(r)
	}
	s.pos = next
	return n, nil
}

// Bytes reads a string. The slice aliases the input.
func (s *Scanner) Bytes() ([]byte, error) {
	if err := s.want(String); err != nil {
		return nil, err
	}
	return s.text()
}

// List reads a list and calls visit at the start of each element. visit reads
// that one element from the Scanner, or reads nothing and it is skipped.
func (s *Scanner) List(visit func() error) error {
	if err := s.want(List); err != nil {
		return err
	}
	if err := s.enter(); err != nil {
		return err
	}
	for !s.leave() {
		if err := s.element(visit); err != nil {
			return err
		}
	}
	return nil
}

// Dict reads a dictionary and calls visit after each key, at the start of its
// value. visit reads that one value from the Scanner, or reads nothing and it
// is skipped. key aliases the input. Keys come sorted and once each, or the
// dictionary is refused.
func (s *Scanner) Dict(visit func(key []byte) error) error {
	if err := s.want(Dict); err != nil {
		return err
	}
	if err := s.enter(); err != nil {
		return err
	}
	var last []byte
	for first := true; !s.leave(); first = false {
		key, err := s.key(last, first)
		if err != nil {
			return err
		}
		last = key
		start := s.pos
		if err := visit(key); err != nil {
			return err
		}
		if s.pos != start {
			continue
		}
		if err := s.Skip(); err != nil {
			return err
		}
	}
	return nil
}

func (s *Scanner) element(visit func() error) error {
	if s.Kind() == None {
		return s.fail(s.noValue())
	}
	start := s.pos
	if err := visit(); err != nil {
		return err
	}
	if s.pos != start {
		return nil
	}
	return s.Skip()
}

// want checks that a value of kind k starts here, and counts it.
func (s *Scanner) want(k Kind) error {
	got := s.Kind()
	if got == k {
		return s.count()
	}
	if got == None {
		return s.fail(s.noValue())
	}
	return &KindError{Offset: s.pos, Want: k, Got: got}
}

func (s *Scanner) count() error {
	if s.tokens >= MaxTokens {
		return s.fail(ErrTokens)
	}
	s.tokens++
	return nil
}

// enter goes past the first byte of a list or dictionary.
func (s *Scanner) enter() error {
	if s.depth >= MaxDepth {
		return s.fail(ErrDepth)
	}
	s.depth++
	s.pos++
	return nil
}

// leave goes past the end of the innermost list or dictionary, if it is here.
func (s *Scanner) leave() bool {
	if s.pos >= len(s.data) || s.data[s.pos] != 'e' {
		return false
	}
	s.depth--
	s.pos++
	return true
}

// text reads a string whose first digit is here.
func (s *Scanner) text() ([]byte, error) {
	start, end, r := lexString(s.data, s.pos, s.Lax)
	if r != "" {
		return nil, s.fail(r)
	}
	s.pos = end
	return s.data[start:end:end], nil
}

// key reads a dictionary key that has to come after last.
func (s *Scanner) key(last []byte, first bool) ([]byte, error) {
	at := s.pos
	switch s.Kind() {
	case String:
	case None:
		return nil, s.fail(s.noValue())
	default:
		return nil, s.fail(ErrKey)
	}
	if err := s.count(); err != nil {
		return nil, err
	}
	key, err := s.text()
	if err != nil {
		return nil, err
	}
	if !first {
		if r := s.checkOrder(last, key); r != "" {
			return nil, s.failAt(at, r)
		}
	}
	if s.pos < len(s.data) && s.data[s.pos] == 'e' {
		return nil, s.fail(ErrOddDict)
	}
	return key, nil
}

func (s *Scanner) noValue() Reason {
	if s.pos >= len(s.data) {
		return ErrTruncated
	}
	return ErrValue
}

func (s *Scanner) fail(r Reason) error { return s.failAt(s.pos, r) }

func (s *Scanner) failAt(pos int, r Reason) error {
	return &SyntaxError{Offset: pos, Reason: r}
}
