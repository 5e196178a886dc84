package metainfo

import "testing"

func TestSmoke(t *testing.T) {
	in, err := ParseInfo([]byte("d5:filesld6:lengthi20000e4:pathl1:a1:beed6:lengthi5e4:pathl1:cee" + "e4:name1:n12:piece lengthi16384e6:pieces40:0123456789012345678901234567890123456789e"))
	if err != nil {
		t.Fatal(err)
	}
	if in.NumPieces() != 2 || in.PieceSize(1) != 3621 {
		t.Fatal(in.NumPieces(), in.PieceSize(1))
	}
	if n, err := in.Lookup([]string{"n", "a", "b"}); err != nil || n.Size != 20000 {
		t.Fatal(err)
	}
}
