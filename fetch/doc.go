// Package fetch turns reads of a torrent's bytes into requests to its peers, in the
// order in which readers need them. No byte that was not verified leaves it.
//
// A Torrent's state is a sched.Core that knows no goroutine, clock or socket: every
// method takes the time and leaves behind the effects to carry out. One mutex guards
// it, held only inside those methods. Effects (messages, bans, hashing, writes to the
// cache) are carried out after it is released.
//
// A byte takes this way:
//
//   - A Content opens a window in the core, and its picker gives every unchoked peer
//     the blocks worth most.
//   - A block is read from the socket into its place in the piece's buffer
//     (download.go).
//   - Blocks are hashed in order while they are hot, on the goroutine that brought them
//     (verify.go), when their hash is known (fetch/hashplan). Where pieces
//     come fast, they are hashed side by side, some milliseconds later (lanes.go).
//   - A verified piece is published to its waiting readers at once and handed to the
//     cache behind them (finish.go).
package fetch
