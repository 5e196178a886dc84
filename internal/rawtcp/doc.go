// Package rawtcp reads and writes TCP connections without telling Go's scheduler.
//
// net announces each read and write as a call that may block. When it takes longer
// than 20 us, as a copy of 64 KiB does, the runtime's monitor takes the processor away
// from it, and looks again every 20 us for milliseconds: at 500 MB/s that is a
// tenth of a process's CPU. A socket never blocks here (it is non-blocking, and
// waiting is the poller's), so that a call is as much work as a copy in memory, and
// is made as one. What it costs: for the time of one call, at most maxCall bytes,
// the processor runs no other goroutine, and a collection of garbage waits.
//
// A Conn may be used like a *net.TCPConn, by several goroutines at once; each
// direction has a lock, which who reads or writes holds while it waits. Where there
// is no Linux, connections stay what they are.
package rawtcp
