// Package blame finds out which peers lied, in a piece that failed its hash. A Case owns the
// versions of that piece's blocks, each distinct one once, and knows the peers that sent them. A
// Record is what is known of one peer's honesty, and a Book the conflicts between peers. They are
// values: they never block, and are not safe for concurrent use.
//
// A failed piece that came from several peers is requested once more, each block from another peer
// than before. Then there are two versions of a block of which one of two peers lied. If it is the
// same peer each time, the piece without that peer's blocks is right (Case.Suspect). Where several
// lied, the most credible version of each block is kept, the others come from yet another peer, and
// the hash says whether that was right (Case.Next). If nothing helps, or there is no memory for
// versions, one peer sends the whole piece alone: a failure convicts it then.
package blame
