package webseed

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"os"
	"strconv"
	"time"

	"github.com/btgw/btgw/metainfo"
	"github.com/btgw/btgw/peer/contact"
	"github.com/btgw/btgw/peer/netguard"
)

// A finalError ends the seed: trying again would be no better.
type finalError struct{ error }

// A missingError says that the server does not have one of the files.
type missingError struct {
	file   *metainfo.File
	reason string
}

// Error implements error.
func (e *missingError) Error() string { return e.reason }

// A retryError is an answer that asks for patience.
type retryError struct {
	why    error // the server was not asked; nil: it was
	status int
	after  time.Duration // 0: the server does not say
}

// Error implements error.
func (e *retryError) Error() string {
	var resting *contact.RestingError
	switch {
	case errors.As(e.why, &resting):
		return "it failed a short while ago: " + cause(resting.Cause)
	case e.why != nil:
		return e.why.Error()
	}
	return "the server answers " + statusText(e.status)
}

var errStalled = fmt.Errorf("nothing came for %v", blockTime)

// refusal is what a status other than 200 and 206 means.
func refusal(resp *http.Response, f *metainfo.File) error {
	switch code := resp.StatusCode; {
	case code == http.StatusLoopDetected:
		return &finalError{errors.New("the URL leads back to this gateway")}
	case code == http.StatusTooManyRequests, code == http.StatusRequestTimeout, code >= 500:
		return &retryError{status: code, after: retryAfter(resp.Header.Get("Retry-After"), time.Now())}
	default:
		return &missingError{file: f, reason: "the server answers " + statusText(code)}
	}
}

func statusText(code int) string { return fmt.Sprintf("%d %s", code, http.StatusText(code)) }

// retryAfter reads a Retry-After field, seconds or a date (RFC 9110 section 10.2.3), as a
// wait of at most maxRetryAfter; 0 where it says nothing.
func retryAfter(value string, now time.Time) time.Duration {
	if n, err := strconv.ParseUint(value, 10, 32); err == nil {
		return min(time.Duration(n)*time.Second, maxRetryAfter)
	}
	if at, err := http.ParseTime(value); err == nil {
		return min(max(at.Sub(now), 0), maxRetryAfter)
	}
	return 0
}

// final reports whether an error will not go away.
func final(err error) bool {
	return errors.As(err, new(*finalError)) || errors.As(err, new(*netguard.ForbiddenError))
}

// cause says what went wrong in words for a status page. It does not quote what a parser
// quotes: URLs hold keys, and answers anything.
func cause(err error) string {
	var wrapped *url.Error
	if errors.As(err, &wrapped) {
		err = wrapped.Err
	}
	var last *finalError
	var missing *missingError
	var retry *retryError
	var forbidden *netguard.ForbiddenError
	var network *net.OpError
	switch {
	case errors.As(err, &last):
		return last.Error()
	case errors.As(err, &missing):
		return missing.Error()
	case errors.As(err, &retry):
		return retry.Error()
	case errors.As(err, &forbidden):
		return forbidden.Error()
	case errors.Is(err, errStalled):
		return err.Error()
	case errors.Is(err, os.ErrDeadlineExceeded), errors.Is(err, context.DeadlineExceeded), errors.Is(err, context.Canceled):
		return "no answer in time"
	case errors.As(err, &network):
		return network.Error()
	case errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF):
		return "the answer was cut short"
	default:
		return "the server does not answer by HTTP's rules"
	}
}
