package wire

import "encoding/binary"

// Messages of BEP 3.

// A Block is a part of a piece, in bytes, as requests and piece messages name
// it.
type Block struct{ Piece, Begin, Length uint32 }

// AppendSimple appends a message that is its id alone: Choke, Unchoke,
// Interested, NotInterested, HaveAll or HaveNone.
func AppendSimple(b []byte, id ID) []byte { return append(b, 0, 0, 0, 1, byte(id)) }

// AppendKeepAlive appends the empty message.
func AppendKeepAlive(b []byte) []byte { return append(b, 0, 0, 0, 0) }

// AppendIndex appends a message about one piece: Have, Suggest or AllowedFast.
func AppendIndex(b []byte, id ID, piece uint32) []byte {
	b = append(b, 0, 0, 0, 5, byte(id))
	return binary.BigEndian.AppendUint32(b, piece)
}

// ParseIndex reads the payload of Have, Suggest or AllowedFast. ReadFrame has
// checked its length.
func ParseIndex(payload []byte) uint32 { return binary.BigEndian.Uint32(payload) }

// AppendBlock appends a message about one block: Request, Cancel or Reject.
func AppendBlock(b []byte, id ID, blk Block) []byte {
	b = append(b, 0, 0, 0, 13, byte(id))
	b = binary.BigEndian.AppendUint32(b, blk.Piece)
	b = binary.BigEndian.AppendUint32(b, blk.Begin)
	return binary.BigEndian.AppendUint32(b, blk.Length)
}

// ParseBlock reads the payload of Request, Cancel or Reject. ReadFrame has
// checked its length.
func ParseBlock(payload []byte) Block {
	_ = payload[11]
	return Block{
		Piece:  binary.BigEndian.Uint32(payload),
		Begin:  binary.BigEndian.Uint32(payload[4:]),
		Length: binary.BigEndian.Uint32(payload[8:]),
	}
}

// AppendBitfield appends a bitfield (bytes in BEP 3's order, spare bits zero).
func AppendBitfield(b, field []byte) []byte {
	b = binary.BigEndian.AppendUint32(b, uint32(1+len(field)))
	b = append(b, byte(Bitfield))
	return append(b, field...)
}

// AppendPieceHeader appends the PieceHeaderLen bytes that come before a
// block's data.
func AppendPieceHeader(b []byte, blk Block) []byte {
	b = binary.BigEndian.AppendUint32(b, 9+blk.Length)
	b = append(b, byte(Piece))
	b = binary.BigEndian.AppendUint32(b, blk.Piece)
	return binary.BigEndian.AppendUint32(b, blk.Begin)
}

// ParsePieceHeader reads which block the piece message with frame f carries.
// b starts at the message and holds at least PieceHeaderLen bytes of it.
func ParsePieceHeader(f Frame, b []byte) Block {
	_ = b[PieceHeaderLen-1]
	return Block{
		Piece:  binary.BigEndian.Uint32(b[5:]),
		Begin:  binary.BigEndian.Uint32(b[9:]),
		Length: uint32(f.Payload - 8),
	}
}

// AppendPort appends the UDP port of our DHT node (BEP 5).
func AppendPort(b []byte, port uint16) []byte {
	b = append(b, 0, 0, 0, 3, byte(Port))
	return binary.BigEndian.AppendUint16(b, port)
}

// ParsePort reads the payload of Port. ReadFrame has checked its length.
func ParsePort(payload []byte) uint16 { return binary.BigEndian.Uint16(payload) }
