// Package access decides who may read what: it checks signed links. It knows canonical paths and
// clients' addresses; requests and answers are the gateway's.
//
// A signed link names what it permits (a file, or a directory with all below it), until when, for
// whom and how fast, and carries a keyed hash of all that. Whoever has the key makes links; whoever
// has a link may use it. Nothing is looked up but the key, so a forged link costs one hash.
//
// Keys are replaced as a whole, by package reload; a check never waits.
package access
