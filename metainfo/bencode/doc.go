// Package bencode reads and writes bencoding (BEP 3), the encoding of
// .torrent files, extension messages, tracker answers and DHT packets.
//
// All of these come from strangers, so reading is strict and bounded. It takes one
// pass over the bytes, without reflection, and without an allocation that the input
// can ask for. It accepts only the one canonical encoding of each value. That
// matters for more than tidiness: an infohash names the bytes of a dictionary, and two
// readers that understand the same bytes differently disagree about what was
// named.
//
// Scanner is a pull parser that visits each byte once; large inputs (info
// dictionaries) are read with it. Value is a checked value that can be asked
// by key, for small messages. The Append functions and Append write.
package bencode
