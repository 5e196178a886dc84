package access

import (
	"encoding/json"
	"errors"
	"fmt"
	"sync"
	"time"

	"golang.org/x/time/rate"

	"github.com/btgw/btgw/internal/statefile"
)

// maxAccountsFile bounds the file that they are kept in, in bytes: some hundred thousand users.
const maxAccountsFile = 32 << 20

// Accounts are what users have spent. They outlive changes of the users, and restarts. All methods
// are safe for concurrent use.
type Accounts struct {
	file statefile.File // without a path nothing is kept

	mu     sync.Mutex
	byName map[string]*account // guarded by mu
}

// account is of one user.
type account struct {
	Day        string `json:"day"` // of DayBytes, in UTC
	DayBytes   int64  `json:"day_bytes"`
	Month      string `json:"month"`
	MonthBytes int64  `json:"month_bytes"`

	streams  int
	pace     *rate.Limiter
	requests *rate.Limiter // nil until the user asks and has a bound
}

// ErrStreams says that a user has as many requests as it may.
var ErrStreams = errors.New("as many requests are under way as this key may have")

// A QuotaError says that a user has had all bytes of a day or a month.
type QuotaError struct {
	Period string    // "day" or "month"
	Limit  int64     // bytes
	Until  time.Time // when there are more
}

// Error says so.
func (e *QuotaError) Error() string {
	return fmt.Sprintf("the key has had its %d bytes of this %s", e.Limit, e.Period)
}

// OpenAccounts reads what users have spent from a file that Save wrote; there may be none yet. "" is
// no file.
func OpenAccounts(file string) (*Accounts, error) {
	a := &Accounts{file: statefile.File{Path: file, Kind: "accounts", Version: 1, MaxSize: maxAccountsFile}, byName: make(map[string]*account)}
	text, _, err := a.file.Load()
	if err == nil && text != nil {
		err = json.Unmarshal(text, &a.byName)
	}
	if err != nil {
		return nil, fmt.Errorf("accounts: %w", err)
	}
	return a, nil
}

// Save writes what users have spent.
func (a *Accounts) Save() error {
	if a.file.Path == "" {
		return nil
	}
	a.mu.Lock()
	text, err := json.Marshal(a.byName)
	a.mu.Unlock()
	if err == nil {
		err = a.file.Save(text)
	}
	if err != nil {
		return fmt.Errorf("accounts: %w", err)
	}
	return nil
}

// Ask counts a request against what the user may make a second, and reports whether it may. For
// requestBurst seconds' worth of requests at once there is room.
func (a *Accounts) Ask(u *User, now time.Time) bool {
	if u.Requests == 0 {
		return true
	}
	a.mu.Lock()
	defer a.mu.Unlock()
	acc := a.of(u)
	if acc.requests == nil || acc.requests.Limit() != rate.Limit(u.Requests) {
		acc.requests = rate.NewLimiter(rate.Limit(u.Requests), requestBurst*u.Requests)
	}
	return acc.requests.AllowN(now, 1)
}

// of is the account of a user. mu is held.
func (a *Accounts) of(u *User) *account {
	acc := a.byName[u.Name]
	if acc == nil {
		acc = &account{}
		a.byName[u.Name] = acc
	}
	return acc
}

// Enter begins a request of a user. The error is ErrStreams or a QuotaError. Leave ends it, once.
func (a *Accounts) Enter(u *User, now time.Time) (*Spender, error) {
	a.mu.Lock()
	defer a.mu.Unlock()
	acc := a.of(u)
	if u.Streams > 0 && acc.streams >= u.Streams {
		return nil, ErrStreams
	}
	if _, err := acc.left(u, now); err != nil {
		return nil, err
	}
	switch {
	case u.Rate == 0:
		acc.pace = nil
	case acc.pace == nil || acc.pace.Limit() != rate.Limit(u.Rate): // it is new, or changed
		acc.pace = Pace(u.Rate)
	}
	acc.streams++
	return &Spender{of: a, user: u, account: acc, Pace: acc.pace}, nil
}

// left is how many bytes a user may still have now. mu is held.
func (acc *account) left(u *User, now time.Time) (n int64, err error) {
	now = now.UTC()
	if day := now.Format(time.DateOnly); acc.Day != day {
		acc.Day, acc.DayBytes = day, 0
	}
	if month := now.Format("2006-01"); acc.Month != month {
		acc.Month, acc.MonthBytes = month, 0
	}
	n = 1 << 62
	if u.Day > 0 {
		n = u.Day - acc.DayBytes
	}
	if n <= 0 {
		return 0, &QuotaError{"day", u.Day, time.Date(now.Year(), now.Month(), now.Day()+1, 0, 0, 0, 0, time.UTC)}
	}
	if u.Month > 0 {
		n = min(n, u.Month-acc.MonthBytes)
	}
	if n <= 0 {
		return 0, &QuotaError{"month", u.Month, time.Date(now.Year(), now.Month()+1, 1, 0, 0, 0, 0, time.UTC)}
	}
	return n, nil
}

// A Spender is one request of a user.
type Spender struct {
	Pace *rate.Limiter // what all requests of the user share; nil is no bound

	of      *Accounts
	user    *User
	account *account
}

// Take counts bytes before they are sent: all n of them, or as many as are left, which may be fewer.
// None left is a QuotaError.
func (s *Spender) Take(n int, now time.Time) (int, error) {
	s.of.mu.Lock()
	defer s.of.mu.Unlock()
	left, err := s.account.left(s.user, now)
	if err != nil {
		return 0, err
	}
	taken := min(int64(n), left)
	s.account.DayBytes += taken
	s.account.MonthBytes += taken
	return int(taken), nil
}

// Leave ends the request.
func (s *Spender) Leave() {
	s.of.mu.Lock()
	defer s.of.mu.Unlock()
	s.account.streams--
}

// Pace bounds bytes a second. A tenth of a second's go out at once, between minPace and maxPace.
func Pace(bytes int64) *rate.Limiter {
	return rate.NewLimiter(rate.Limit(bytes), int(min(max(bytes/10, minPace), MaxPace)))
}
