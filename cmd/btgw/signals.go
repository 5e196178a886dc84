package main

import (
	"context"
	"fmt"
	"os"
	"os/signal"
	"sync/atomic"
	"syscall"
)

// interruption is the cause of the end of a context that a signal ended.
type interruption struct{ signal syscall.Signal }

// Error names the signal.
func (i interruption) Error() string { return fmt.Sprintf("stopped by a signal (%s)", i.signal) }

// hangups receives SIGHUP while a command handles it instead of ending.
type hangups struct {
	taken atomic.Bool
	came  chan struct{}
}

type hangupsKey struct{}

// onHangup has SIGHUP end ctx no longer: each is told by the channel, or several by one. Nil where no signals come.
func onHangup(ctx context.Context) <-chan struct{} {
	h, ok := ctx.Value(hangupsKey{}).(*hangups)
	if !ok {
		return nil
	}
	h.taken.Store(true)
	return h.came
}

// untilSignal returns a context that the first SIGINT, SIGTERM or SIGHUP ends; the second ends the process at once. A SIGHUP
// that the process was started to ignore (nohup) stays ignored. release gives the signals back and ends the context.
func untilSignal() (ctx context.Context, release func()) {
	h := &hangups{came: make(chan struct{}, 1)}
	ctx, cancel := context.WithCancelCause(context.WithValue(context.Background(), hangupsKey{}, h))
	signals := make(chan os.Signal, 2)
	done := make(chan struct{})
	signal.Notify(signals, syscall.SIGINT, syscall.SIGTERM)
	if !signal.Ignored(syscall.SIGHUP) {
		signal.Notify(signals, syscall.SIGHUP)
	}
	go func() {
		for {
			select {
			case s := <-signals:
				number, _ := s.(syscall.Signal)
				if number == syscall.SIGHUP && h.taken.Load() {
					select {
					case h.came <- struct{}{}:
					default: // it is told of one already
					}
					continue
				}
				if ctx.Err() != nil {
					os.Exit(exitSignal + int(number))
				}
				cancel(interruption{number})
			case <-done:
				return
			}
		}
	}()
	return ctx, func() {
		signal.Stop(signals)
		close(done)
		cancel(nil)
	}
}
