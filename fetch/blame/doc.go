// Package blame finds out who lied, in a piece that failed its hash. A Case owns the versions of
// that piece's blocks, each distinct one once, and who sent them; a Record what is known of one
// peer's honesty, and a Book the conflicts between peers. They are values: nothing in them blocks,
// and nothing is safe for concurrent use.
//
// A piece that failed and came from several peers comes once more, each block from another peer
// than before. Then there are two versions of each block of which one of two peers lied. If that
// is the same peer each time, the piece without what it sent is right (Case.Suspect). Where several
// lied, the most credible version of each block is kept, the others come of yet another peer, and
// the hash says whether that was right (Case.Next). Where nothing helps, or there is no memory for
// versions, one peer sends the whole piece alone: a failure convicts it then.
package blame
