package object

import (
	"cmp"
	"context"
	"errors"
	"log/slog"
	"net"
	"net/http"
	"sync"
	"time"

	"github.com/minio/minio-go/v7"
	"github.com/minio/minio-go/v7/pkg/credentials"

	"github.com/btgw/btgw/internal/rawtcp"
)

// Errors that callers decide on.
var (
	// ErrMissing means that the store answers and has not what was asked for.
	ErrMissing = errors.New("object: not in the store")
	// ErrClosed means that the Store was closed.
	ErrClosed = errors.New("object: closed")
)

// A Config tells a Store where the bucket is and by what it is reached.
type Config struct {
	Location Location
	// Credentials sign the requests; nil: those of the environment (AWS_ACCESS_KEY_ID,
	// AWS_SECRET_ACCESS_KEY, AWS_SESSION_TOKEN), of AWS's files (AWS_PROFILE), or of the machine.
	Credentials *credentials.Credentials
	// Dial makes the connections; nil: the operating system does.
	Dial func(ctx context.Context, network, addr string) (net.Conn, error)
	Log  *slog.Logger // nil: nothing is logged
}

// A Store is a bucket.
type Store struct {
	at     Location
	s3     *minio.Core
	web    *http.Transport
	log    *slog.Logger
	count  counters
	rest   rest
	queue  chan func(context.Context) error
	writes sync.RWMutex // held for reading while something is written
	ctx    context.Context
	cancel context.CancelFunc
	done   sync.WaitGroup
}

// Errors of a store are told at once: callers have other sources, and the Store rests by itself.
func init() { minio.DefaultRetryUnit = 0 }

// Open returns a Store of the bucket. It makes no request: a store that is down now may be there
// later.
func Open(cfg Config) (*Store, error) {
	dial := cfg.Dial
	if dial == nil {
		dial = (&net.Dialer{Timeout: dialTime}).DialContext
	}
	web := &http.Transport{
		Proxy: http.ProxyFromEnvironment, DisableCompression: true,
		DialContext: func(ctx context.Context, network, addr string) (net.Conn, error) {
			nc, err := dial(ctx, network, addr)
			return rawtcp.Wrap(nc), err
		},
		MaxConnsPerHost: maxConns, MaxIdleConns: maxIdle, MaxIdleConnsPerHost: maxIdle, IdleConnTimeout: idleTime,
		TLSHandshakeTimeout: dialTime, ResponseHeaderTimeout: headerTime, WriteBufferSize: bufferBytes,
	}
	creds := cfg.Credentials
	if creds == nil {
		creds = credentials.NewChainCredentials([]credentials.Provider{
			&credentials.EnvAWS{}, &credentials.FileAWSCredentials{}, &credentials.IAM{},
		})
	}
	s3, err := minio.NewCore(cfg.Location.Endpoint, &minio.Options{
		Creds: creds, Secure: !cfg.Location.Plain, Region: cfg.Location.region(), Transport: web, MaxRetries: 1,
	})
	if err != nil {
		return nil, err
	}
	s := &Store{
		at: cfg.Location, s3: s3, web: web, log: cmp.Or(cfg.Log, slog.New(slog.DiscardHandler)),
		queue: make(chan func(context.Context) error, maxQueued),
	}
	s.ctx, s.cancel = context.WithCancel(context.Background())
	s.rest.up = make(chan struct{})
	close(s.rest.up)
	for range writers {
		s.done.Go(s.write)
	}
	return s, nil
}

// region is the bucket's. A store that is not Amazon's has mostly one, which goes by that name.
func (l Location) region() string {
	if l.Region == "" && l.Endpoint != defaultEndpoint {
		return "us-east-1"
	}
	return l.Region
}

// Close ends the requests under way and all goroutines, and forgets what waits to be written.
func (s *Store) Close() {
	s.rest.mu.Lock() // no goroutine begins from now on
	s.cancel()
	s.rest.mu.Unlock()
	s.done.Wait()
	s.web.CloseIdleConnections()
}

// ask makes a request that has to be answered within d, and says what became of it.
func (s *Store) ask(ctx context.Context, d time.Duration, do func(ctx context.Context) error) error {
	if s.ctx.Err() != nil {
		return ErrClosed
	}
	within, cancel := context.WithTimeout(ctx, d)
	defer cancel()
	defer context.AfterFunc(s.ctx, cancel)()
	return s.judge(ctx, do(within))
}

// judge takes in what came of a request, and returns the error for the caller. What its own ctx
// ended says nothing of the store.
func (s *Store) judge(ctx context.Context, err error) error {
	switch {
	case err == nil:
		s.rest.succeeded()
		return nil
	case s.ctx.Err() != nil:
		return ErrClosed
	case ctx.Err() != nil:
		return ctx.Err()
	case missing(err):
		s.rest.succeeded()
		return ErrMissing
	}
	s.fail(err)
	return err
}

// missing reports whether an error means that there is no such object, or that it is shorter.
func missing(err error) bool {
	switch minio.ToErrorResponse(err).Code {
	case minio.NoSuchKey, "InvalidRange":
		return true
	}
	return errors.Is(err, ErrMissing)
}
