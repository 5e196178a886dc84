package access

import (
	"bufio"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"
)

// A User has a key, and limits. Zero limits are none.
type User struct {
	Name       string
	Streams    int   // requests for content at once
	Rate       int64 // bytes a second, of all its requests together
	Day, Month int64 // bytes in a day and in a month of UTC
	Requests   int   // requests for content a second, on average
	NoAdd      bool  // it may read torrents that are known here, and no others
}

// Users are all of one version of a file. They never change.
type Users struct {
	byKey map[[sha256.Size]byte]*User
}

// UserParser reads a file of users. size reads "8MiB". A line is a name, the SHA-256 of a key, and
// limits:
//
//	# comment
//	alice sha256:<64 digits>
//	bob   sha256:<64 digits> streams=4 requests=20 rate=8MiB day=10GiB month=100GiB add=no
//
// A user may have several lines with keys, of which the first has the limits.
func UserParser(size func(string) (int64, error)) func(io.Reader) (*Users, error) {
	return func(r io.Reader) (*Users, error) {
		users := &Users{byKey: make(map[[sha256.Size]byte]*User)}
		named := make(map[string]*User)
		lines := bufio.NewScanner(r)
		for n := 1; lines.Scan(); n++ {
			line := strings.TrimSpace(lines.Text())
			if line == "" || line[0] == '#' {
				continue
			}
			if err := users.add(strings.Fields(line), named, size); err != nil {
				return nil, fmt.Errorf("line %d: %w", n, err)
			}
		}
		if len(named) == 0 && lines.Err() == nil {
			return nil, errors.New("there is no user")
		}
		return users, lines.Err()
	}
}

func (u *Users) add(fields []string, named map[string]*User, size func(string) (int64, error)) error {
	if len(fields) < 2 || !validName(fields[0]) {
		return errors.New("a name and sha256:<64 digits> are expected, and limits after them")
	}
	digits, ok := strings.CutPrefix(fields[1], "sha256:")
	sum, err := hex.DecodeString(digits)
	if !ok || err != nil || len(sum) != sha256.Size {
		return fmt.Errorf("%s has no sha256:<64 digits>, as `btgw key %[1]s` prints it", fields[0])
	}
	key := [sha256.Size]byte(sum)
	if u.byKey[key] != nil {
		return errors.New("this key is there twice")
	}
	if len(u.byKey) == maxUserKeys {
		return fmt.Errorf("more than %d keys", maxUserKeys)
	}
	user := named[fields[0]]
	if user != nil && len(fields) > 2 {
		return fmt.Errorf("the limits of %s are on its first line", fields[0])
	}
	if user == nil {
		user = &User{Name: fields[0]}
		for _, limit := range fields[2:] {
			if err := user.set(limit, size); err != nil {
				return err
			}
		}
		named[user.Name] = user
	}
	u.byKey[key] = user
	return nil
}

// set takes one limit.
func (u *User) set(limit string, size func(string) (int64, error)) (err error) {
	name, value, _ := strings.Cut(limit, "=")
	switch name {
	case "streams":
		u.Streams, err = strconv.Atoi(value)
		if err == nil && u.Streams < 1 {
			err = errors.New("at least 1 is expected")
		}
	case "requests":
		u.Requests, err = strconv.Atoi(value)
		if err == nil && (u.Requests < 1 || u.Requests > maxUserRequests) {
			err = fmt.Errorf("a number from 1 to %d is expected", maxUserRequests)
		}
	case "rate":
		u.Rate, err = size(value)
	case "day":
		u.Day, err = size(value)
	case "month":
		u.Month, err = size(value)
	case "add":
		u.NoAdd = value == "no"
		if value != "no" && value != "yes" {
			err = errors.New("yes or no is expected")
		}
	default:
		return fmt.Errorf("%q is no limit: streams, requests, rate, day, month and add are", name)
	}
	if err == nil && (u.Rate < 0 || u.Day < 0 || u.Month < 0) {
		err = errors.New("a size above zero is expected")
	}
	if err != nil {
		return fmt.Errorf("%s of %s: %w", name, u.Name, err)
	}
	return nil
}

// Find gives the user that an Authorization field names, "Bearer KEY" or "Basic" with the name and
// the key (RFC 6750 and 7617); nil is nobody. Keys are looked up by their hash, so that time tells
// nothing of them.
func (u *Users) Find(authorization string) *User {
	scheme, value, _ := strings.Cut(authorization, " ")
	value = strings.TrimSpace(value)
	if len(value) > maxAuthorization {
		return nil
	}
	switch {
	case strings.EqualFold(scheme, "Bearer"):
		return u.byKey[sha256.Sum256([]byte(value))]
	case strings.EqualFold(scheme, "Basic"):
		raw, err := base64.StdEncoding.DecodeString(value)
		name, key, ok := strings.Cut(string(raw), ":")
		if err != nil || !ok {
			return nil
		}
		if user := u.byKey[sha256.Sum256([]byte(key))]; user != nil && user.Name == name {
			return user
		}
	}
	return nil
}
