// Package rawtcp reads and writes TCP connections without telling Go's scheduler.
//
// net announces each read and write as a call that may block. A call that
// takes longer than 20 us, as a copy of 64 KiB does, loses its processor to the
// runtime's monitor. The monitor then looks again every 20 us for milliseconds. At 500 MB/s
// that is a tenth of a process's CPU. A socket never blocks here: it is non-blocking,
// and waiting is the poller's. So a call is as much work as a copy in memory, and is
// made as one. This has a cost: for the time of one call, at most maxCall bytes, the
// processor runs no other goroutine, and a collection of garbage waits.
//
// WritePages sends a file without copying it: its pages go through a pipe to the socket. Taking
// them of the file may wait for the disk. The scheduler is told of it, unless the page cache has all of them
// (cachestat, since Linux 6.5), or had them when they were looked for within the last second.
//
// A Conn may be used like a *net.TCPConn, by several goroutines at once; each
// direction has a lock, which a reader or a writer holds while it waits. On other
// systems than Linux connections stay what they are.
package rawtcp
