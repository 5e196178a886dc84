// Package wire is the peer protocol as bytes:
//
//   - the handshake and the messages of BEP 3;
//   - the fast extension (BEP 6);
//   - the extension protocol (BEP 10) with metadata exchange (BEP 9), upload_only
//     (BEP 21) and lt_donthave (BEP 54);
//   - the hash transfer of BEP 52;
//   - the names in peer ids (BEP 20).
//
// There is one file per family of messages, with parsing and appending side by
// side. Parsing works in place on the bytes that the socket gave and does not
// allocate for messages of the download path; appending extends a slice of the
// caller's. Nothing here does I/O, keeps state, or knows a torrent: whether an
// index lies inside the torrent is for the caller to say. What a length prefix
// announces is bounded by the kind of message before anything is made of it.
package wire
