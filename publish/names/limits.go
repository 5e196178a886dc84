package names

import "time"

const (
	// freshTime is for how long what a name stands for is believed without asking again, and
	// anewTime where a client asks for it anew. Nobody is asked more often than that, however many
	// clients there are.
	freshTime = 30 * time.Second
	anewTime  = time.Second

	// absentTime is for how long it is believed that nobody knows a name.
	absentTime = 5 * time.Second

	// lookupTime bounds one lookup; it goes on when who asked has gone.
	lookupTime = 20 * time.Second

	// staleWait is how long a client waits for news of a name that was known before.
	staleWait = 2 * time.Second

	// shelfTime bounds a question to the shelf. A name is put there that was resolved shelfUses times.
	shelfTime = 5 * time.Second
	shelfUses = 2

	// maxNames is how many names are remembered, of some 400 bytes each; those that were not asked
	// for the longest go first. maxLookups is how many are looked up at once.
	maxNames   = 2000
	maxLookups = 64

	// saveTime is between two writes of what is remembered.
	saveTime = 10 * time.Second

	// maxBookFile and maxOwnFile bound the files, in bytes.
	maxBookFile = 1500 * maxNames
	maxOwnFile  = 1 << 20

	// againTime is between two puts of the same (BEP 44: nodes forget after two hours). Where no
	// node took it, the next comes after firstRetry, and twice that each time.
	againTime  = time.Hour
	firstRetry = time.Second
	maxRetry   = 5 * time.Minute

	// lonelyTime is how long no node has to take a name until the log warns. A start without known
	// nodes needs seconds.
	lonelyTime = 30 * time.Second

	// maxOwn is how many names of ours there may be.
	maxOwn = 1000
)
