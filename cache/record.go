package cache

import (
	"encoding/binary"
	"hash/crc32"

	"github.com/btgw/btgw/metainfo"
)

// The journal's format. All integers are little-endian. The file is a row of
// slots of 16 bytes; a record is one slot or, if it is the header or names a
// torrent, four. The last four bytes of each record are its CRC-32C.
//
//	header   "btgwjrnl" version:4 zero:48 crc:4
//	torrent  kind:4 id:4 hashlen:1 runpieces:3 hash:32 piecelen:4 pieces:4 span:8 crc:4
//	put      kind|count:4 id:4 piece:4 crc:4
//	evict    kind:4 id:4 run:4 crc:4
//	drop     kind:4 id:4 piece:4 crc:4
//	remove   kind:4 id:4 zero:4 crc:4
//
// The kind is in the upper 5 bits of the first integer, a number of pieces in the lower
// 27. Put claims that many pieces of one run, from a piece on. Evict withdraws all claims
// on a run, drop that on a piece. Records refer to torrents by an id, which a torrent
// record gave to an infohash. Since every record starts at a multiple of 16, a damaged
// one is skipped and the next is found again.
//
// Version 1 had one file for each torrent.
const (
	journalMagic   = "btgwjrnl"
	journalVersion = 2
)

type recordKind uint32

const (
	recordTorrent recordKind = iota + 1
	recordPut
	recordEvict
	recordDrop
	recordRemove
)

const (
	kindShift = 27
	countMask = 1<<kindShift - 1
)

// A geometry is what the disk tier must know of a torrent before its info dictionary is
// at hand. It names the torrent's files and gives the place of each piece in them.
type geometry struct {
	hash      string // the infohash's 20 or 32 bytes
	pieceLen  int64  // bytes from one piece's start to the next's
	pieces    int
	span      int64 // end of the byte space, in bytes
	runPieces int   // pieces of each run but the last
}

// same reports whether two geometries are of the same torrent, whatever its runs are.
func (g geometry) same(other geometry) bool {
	other.runPieces = g.runPieces
	return g == other
}

// offset returns the offset of a piece in the byte space, in bytes.
func (g geometry) offset(i int) int64 { return int64(i) * g.pieceLen }

// A record is one entry of the journal.
type record struct {
	kind  recordKind
	id    uint32
	piece int      // of recordPut the first, of recordEvict the run
	count int      // of recordPut: how many pieces
	geo   geometry // of recordTorrent
}

// crcOf seals and checks records; the table is a constant in all but syntax.
func crcOf(b []byte) uint32 { return crc32.Checksum(b, crc32.MakeTable(crc32.Castagnoli)) }

// seal appends the checksum of what was appended to dst since start.
func seal(dst []byte, start int) []byte {
	return binary.LittleEndian.AppendUint32(dst, crcOf(dst[start:]))
}

// sealed reports whether the checksum at the end of b fits.
func sealed(b []byte) bool {
	n := len(b) - 4
	return crcOf(b[:n]) == binary.LittleEndian.Uint32(b[n:])
}

// appendHeader appends a journal's first four slots.
func appendHeader(dst []byte) []byte {
	start := len(dst)
	dst = append(dst, journalMagic...)
	dst = binary.LittleEndian.AppendUint32(dst, journalVersion)
	dst = append(dst, make([]byte, 48)...)
	return seal(dst, start)
}

// headerVersion returns the version of the journal that b begins with; 0 is no journal. The
// header is the same in all versions.
func headerVersion(b []byte) uint32 {
	if len(b) < wideLen || string(b[:8]) != journalMagic || !sealed(b[:wideLen]) {
		return 0
	}
	return binary.LittleEndian.Uint32(b[8:])
}

// appendTo appends the record's slots to dst.
func (r record) appendTo(dst []byte) []byte {
	start := len(dst)
	le := binary.LittleEndian
	dst = le.AppendUint32(dst, uint32(r.kind)<<kindShift|uint32(r.count)&countMask)
	dst = le.AppendUint32(dst, r.id)
	if r.kind != recordTorrent {
		dst = le.AppendUint32(dst, uint32(r.piece))
		return seal(dst, start)
	}
	var hash [32]byte
	copy(hash[:], r.geo.hash)
	n := r.geo.runPieces
	dst = append(dst, byte(len(r.geo.hash)), byte(n), byte(n>>8), byte(n>>16))
	dst = append(dst, hash[:]...)
	dst = le.AppendUint32(dst, uint32(r.geo.pieceLen))
	dst = le.AppendUint32(dst, uint32(r.geo.pieces))
	dst = le.AppendUint64(dst, uint64(r.geo.span))
	return seal(dst, start)
}

// parseRecord reads the record at the start of b, which holds at least one slot. n is
// the number of bytes that it takes. ok is false where there is no valid record at this
// slot; n is one slot then.
func parseRecord(b []byte) (r record, n int, ok bool) {
	le := binary.LittleEndian
	first := le.Uint32(b)
	r = record{kind: recordKind(first >> kindShift), id: le.Uint32(b[4:]), count: int(first & countMask)}
	switch r.kind {
	case recordPut, recordEvict, recordDrop, recordRemove:
		r.piece = int(le.Uint32(b[8:]))
		return r, slotLen, sealed(b[:slotLen])
	case recordTorrent:
		if len(b) < wideLen || !sealed(b[:wideLen]) {
			return r, slotLen, false
		}
		if r.geo, ok = parseGeometry(b[8 : wideLen-4]); !ok {
			return r, slotLen, false
		}
		return r, wideLen, true
	}
	return r, slotLen, false
}

// parseGeometry reads the body of a torrent record.
func parseGeometry(b []byte) (g geometry, ok bool) {
	le := binary.LittleEndian
	n := int(b[0])
	if n != 20 && n != 32 {
		return g, false
	}
	g.runPieces = int(b[1]) | int(b[2])<<8 | int(b[3])<<16
	g.hash = string(b[4 : 4+n])
	b = b[36:]
	g.pieceLen, g.pieces, g.span = int64(le.Uint32(b)), int(le.Uint32(b[4:])), int64(le.Uint64(b[8:]))
	return g, g.valid()
}

// valid reports whether a torrent can have this shape.
func (g geometry) valid() bool {
	return g.pieceLen > 0 && g.pieceLen <= metainfo.MaxPieceLength && g.pieces > 0 && g.pieces <= metainfo.MaxPieces &&
		g.span > 0 && g.span <= maxSpan && g.span <= g.pieceLen*int64(g.pieces) &&
		g.runPieces > 0 && g.runPieces <= maxRunPieces
}

// fits reports whether there are so many pieces from this one on in its run.
func (g geometry) fits(piece, count int) bool {
	return piece >= 0 && count > 0 && count <= g.pieces-piece && piece%g.runPieces+count <= g.runPieces
}
