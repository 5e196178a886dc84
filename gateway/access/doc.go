// Package access decides which client may read what: by signed links, and by users' keys. It knows canonical
// paths and clients' addresses; requests and answers are the gateway's.
//
// A signed link names what it permits: a file, or a directory with all below it. It says until when,
// for which clients and how fast, and carries a keyed hash of all that. The holder of the key makes
// links, and the holder of a link may use it. Nothing is looked up but the key, so a forged link
// costs one hash.
//
// A user has a key, which comes as a password or a token, and limits. What users have spent is kept
// in Accounts, under one lock, which nobody holds for longer than a few additions.
//
// Files of keys and users are replaced as a whole, by package reload; a check never waits.
package access
