package cpushare

import "time"

const (
	// perClient is what one client may have of a core for long, as a divisor of its time.
	// clientBurst is what it may have at once: the metadata of the largest torrent, and its
	// page.
	perClient   = 5
	clientBurst = 400 * time.Millisecond
	// recount is how long the number of clients that owe something is taken to be the same, and how
	// long who has paid is one of them.
	recount = 10 * time.Millisecond
	// maxJobs bounds the jobs at a time, which have memory each.
	maxJobs = 4
	// clientWaiting and maxWaiting bound the jobs that wait for their turn, of one client and
	// in all.
	clientWaiting = 32
	maxWaiting    = 512
)
