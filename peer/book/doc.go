// Package book owns what is known of addresses. A Book has the addresses of a torrent, and
// the time from which each may be dialled again. The package also has quotas of networks,
// and the remembered peers and bans that outlive a restart. All of it but the files takes
// the time as an argument and never blocks. The files block while they are read and
// written; their callers do that without a lock.
package book
