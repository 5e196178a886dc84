// Package objectseed makes what an object store has of a torrent a source of blocks, like a peer
// or a web seed. Blocks that lie next to each other in an object are one request, and several
// requests are under way at a time. What comes is handed on block by block, and is not verified
// here.
//
// While the store fails the seed chokes. It does not try the store again by itself: package
// object says when that answers.
package objectseed
