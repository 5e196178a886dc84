package h1

import (
	"context"
	"net"
	"net/http"

	"github.com/btgw/btgw/gateway/limit"
)

// laneOf is that of a connection; nil if it has none, or net/http has it as it is.
func laneOf(conn net.Conn) *lane {
	if c, ok := conn.(*Conn); ok && c.plain {
		return nil
	}
	if c, ok := conn.(interface{ of() *lane }); ok {
		return c.of()
	}
	return nil
}

// connKey and seatKey are where the context of a request has its connection, and the seat
// of that.
type (
	connKey struct{}
	seatKey struct{}
)

// ConnContext is an http.Server's, by which Handling and SeatOf find the connection.
func ConnContext(ctx context.Context, conn net.Conn) context.Context {
	if laneOf(conn) != nil {
		ctx = context.WithValue(ctx, connKey{}, conn)
	}
	if c, ok := conn.(interface{ NetConn() net.Conn }); ok { // TLS
		conn = c.NetConn()
	}
	if c, ok := conn.(*Conn); ok && c.fast != nil && !c.plain {
		c.ctx, c.end = context.WithCancel(ctx)
	}
	if c, ok := conn.(*Conn); ok && c.seat != nil {
		ctx = context.WithValue(ctx, seatKey{}, c.seat)
	}
	return ctx
}

// ConnState is an http.Server's: it tells a connection when an answer has gone out whole,
// and that what is written next before a handler is called is net/http's.
func ConnState(conn net.Conn, state http.ConnState) {
	if l := laneOf(conn); l != nil && state == http.StateIdle {
		one := l.answering.Swap(false)
		l.line.next()
		if c, ok := conn.(*Conn); ok && one {
			c.idle()
		}
	}
}

// Handling tells the connection of a request that a handler answers it now, and returns it
// if it can be corked for that; otherwise nil. A handler calls it before it writes anything.
func Handling(req *http.Request) *Conn {
	conn, ok := req.Context().Value(connKey{}).(net.Conn)
	if !ok {
		return nil
	}
	laneOf(conn).handles(req)
	if c, ok := conn.(*Conn); ok && req.ProtoMajor == 1 {
		c.reading.bodiless = req.Body == http.NoBody
		return c
	}
	return nil
}

// SeatOf is the seat of the connection of a request; nil: it is not counted.
func SeatOf(r *http.Request) *limit.Seat {
	s, _ := r.Context().Value(seatKey{}).(*limit.Seat)
	return s
}
