// Package ledger remembers, over restarts, what each torrent took and gave, which web seeds it had,
// and what its operator said of uploads. It owns those numbers and their file; all calls return at
// once but Open and Save, which wait for the disk.
package ledger
