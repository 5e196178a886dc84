package wire

// AppendUploadOnly appends libtorrent's message upload_only, under the id that the
// receiver gave it. By it a peer says that it only uploads from now on (BEP 21), or no
// longer. An extension handshake takes nothing back there.
func AppendUploadOnly(b []byte, id uint8, only bool) []byte {
	b, at := startExtended(b, id)
	said := byte(0)
	if only {
		said = 1
	}
	return endExtended(append(b, said), at)
}

// ParseUploadOnly reads the body of upload_only.
func ParseUploadOnly(body []byte) (only bool, err error) {
	if len(body) != 1 {
		return false, badLength(Extended, len(body))
	}
	return body[0] != 0, nil
}
