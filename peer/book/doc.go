// Package book owns what is known of addresses: the Book of a torrent's, with when each may
// be dialled again; quotas of networks; peers that are remembered, and bans, over restarts.
// All of it but the files takes the time as an argument and blocks nowhere; the files block
// while they are read and written, which their callers do without a lock.
package book
