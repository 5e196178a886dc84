package metainfo

import (
	"sort"
)

// Block is a range of a piece, as in request messages (BEP 3).
type Block struct {
	Piece  uint32 // index
	Begin  uint32 // bytes from the start of the piece
	Length uint32 // bytes
}

// NumPieces returns the number of pieces, 1 to MaxPieces.
func (in *Info) NumPieces() int {
	return int((in.span + in.PieceLength - 1) / in.PieceLength)
}

// PieceOffset returns the offset of piece i in the byte space, in bytes.
func (in *Info) PieceOffset(i int) int64 { return int64(i) * in.PieceLength }

// PieceSize returns the number of bytes of piece i that go over the wire. That is
// PieceLength, but less in the last piece, and in a v2-only torrent less in the last
// piece of each file. i is in range.
func (in *Info) PieceSize(i int) int {
	start := in.PieceOffset(i)
	end := min(start+in.PieceLength, in.span)
	if !in.HasV1() {
		f := in.pieceFile(i)
		end = min(end, f.Offset+f.Length)
	}
	return int(end - start)
}

// pieceFile returns the file that piece i belongs to, in a torrent with a v2 half. No
// piece holds content of two files there. So it is the last file that starts at the
// piece or before it.
func (in *Info) pieceFile(i int) *File {
	start := in.PieceOffset(i)
	n := sort.Search(len(in.Files), func(n int) bool { return in.Files[n].Offset > start })
	return &in.Files[n-1]
}

// NumBlocks returns the number of blocks of BlockLen in a piece; the last one may be
// shorter.
func (in *Info) NumBlocks(piece int) int {
	return (in.PieceSize(piece) + BlockLen - 1) / BlockLen
}

// Block returns the n-th block of a piece. Both are in range.
func (in *Info) Block(piece, n int) Block {
	begin := n * BlockLen
	return Block{
		Piece:  uint32(piece),
		Begin:  uint32(begin),
		Length: uint32(min(BlockLen, in.PieceSize(piece)-begin)),
	}
}

// ValidBlock reports whether b is exactly one of the torrent's blocks. A peer may send
// us no other, since we request no other.
func (in *Info) ValidBlock(b Block) bool {
	if int64(b.Piece) >= int64(in.NumPieces()) || b.Begin%BlockLen != 0 {
		return false
	}
	n := int(b.Begin / BlockLen)
	return n < in.NumBlocks(int(b.Piece)) && b == in.Block(int(b.Piece), n)
}

// ValidRequest reports whether a peer may request b: within one piece, not empty, at
// most MaxRequest bytes, at any alignment. In a v2-only torrent a request may run into
// the gap behind a file, as libtorrent's do: zeros fill it (Content).
func (in *Info) ValidRequest(b Block) bool {
	if int64(b.Piece) >= int64(in.NumPieces()) || b.Length == 0 || b.Length > MaxRequest {
		return false
	}
	size := uint64(in.PieceSize(int(b.Piece)))
	if !in.HasV1() && uint64(b.Begin) < size {
		size = uint64(in.PieceLength)
	}
	return uint64(b.Begin)+uint64(b.Length) <= size
}

// Content returns how many bytes of a valid request belong to the piece; the rest are
// zeros.
func (in *Info) Content(b Block) int {
	return min(int(b.Length), in.PieceSize(int(b.Piece))-int(b.Begin))
}

// Pieces returns the first and the last of the pieces that hold bytes off to off+n of a
// file of this torrent. n > 0, and the range is in the file.
func (in *Info) Pieces(f *File, off, n int64) (first, last int) {
	start := f.Offset + off
	return int(start / in.PieceLength), int((start + n - 1) / in.PieceLength)
}
