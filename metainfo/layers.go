package metainfo

// PieceLayers holds the piece layers of a v2 torrent (BEP 52). The key is the pieces
// root of a file longer than a piece, the value the concatenated 32-byte hashes of its
// pieces. Layers are outside the info dictionary, so a client that knows the infohash
// alone has to ask the swarm for them.
type PieceLayers map[[32]byte][]byte

// CheckLayer checks that layer is the piece layer of a file of this torrent with the
// given root. It must have one hash for each piece, and they must lead to the root. The
// error is an *InvalidError.
func (in *Info) CheckLayer(root [32]byte, layer []byte) error {
	for i := range in.Files {
		if f := &in.Files[i]; f.Length > in.PieceLength && in.PiecesRoot(f) == root {
			return in.checkLayer(f, layer)
		}
	}
	return invalidf("piece layers", ReasonLayer, "no file with root %x", root[:4])
}

func (in *Info) checkLayer(f *File, layer []byte) error {
	pieces := in.filePieces(f)
	if int64(len(layer)) != pieces*hashLenV2 {
		return invalidf("piece layers", ReasonLength, "file %d: %d bytes for %d pieces", f.Index, len(layer), pieces)
	}
	if layerRoot(layer, int(in.PieceLength/BlockLen)) != in.PiecesRoot(f) {
		return invalidf("piece layers", ReasonLayer, "file %d", f.Index)
	}
	return nil
}

// filePieces returns the number of pieces that a file of a v2 torrent spans.
func (in *Info) filePieces(f *File) int64 {
	return (f.Length + in.PieceLength - 1) / in.PieceLength
}

// checkLayers checks that each of the layers is that of a file. A file may lack its
// layer: then the swarm has to be asked, as after a magnet link. A file of one piece
// has no layer; one that some programs write for it is dropped.
func (in *Info) checkLayers(layers PieceLayers) error {
	checked := make(map[[32]byte]int64, len(layers)) // root to number of pieces
	var short [][32]byte
	for i := range in.Files {
		f := &in.Files[i]
		if f.Pad || f.Length == 0 {
			continue
		}
		if f.Length <= in.PieceLength {
			short = append(short, in.PiecesRoot(f))
			continue
		}
		pieces, root := in.filePieces(f), in.PiecesRoot(f)
		if checked[root] == pieces {
			continue // the same content again
		}
		layer, ok := layers[root]
		if !ok {
			continue
		}
		if err := in.checkLayer(f, layer); err != nil {
			return err
		}
		checked[root] = pieces
	}
	for _, root := range short {
		if _, long := checked[root]; !long {
			delete(layers, root)
		}
	}
	if len(checked) != len(layers) {
		return invalidf("piece layers", ReasonLayer, "%d of no file", len(layers)-len(checked))
	}
	return nil
}

// pieceHashV2 returns the expected SHA-256 half of piece i, and the width of its tree
// in leaves. ok is false if the hash is in a layer that is missing.
func (in *Info) pieceHashV2(i int, layers PieceLayers) (hash [32]byte, width int, ok bool) {
	f := in.pieceFile(i)
	if f.Length <= in.PieceLength {
		return in.PiecesRoot(f), treeWidth((f.Length + BlockLen - 1) / BlockLen), true
	}
	layer := layers[in.PiecesRoot(f)]
	at := (i - int(f.Offset/in.PieceLength)) * hashLenV2
	if len(layer) < at+hashLenV2 {
		return hash, 0, false
	}
	return [32]byte(layer[at:]), int(in.PieceLength / BlockLen), true
}

// PieceSum returns what piece i hashes to: its SHA-1 where there is a v1 half, else the root
// of its tree. It is nil where only a missing layer knows.
func (in *Info) PieceSum(i int, layers PieceLayers) []byte {
	if in.HasV1() {
		return in.pieces[i*hashLenV1:][:hashLenV1]
	}
	hash, _, ok := in.pieceHashV2(i, layers)
	if !ok {
		return nil
	}
	return hash[:]
}

// FileRoot returns the file that piece i is in, and the root of its tree: ok is false in a
// torrent without a v2 half.
func (in *Info) FileRoot(i int) (f *File, root [32]byte, ok bool) {
	if !in.HasV2() {
		return nil, root, false
	}
	f = in.pieceFile(i)
	return f, in.PiecesRoot(f), true
}
