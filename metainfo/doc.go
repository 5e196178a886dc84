// Package metainfo says what a torrent is: its infohashes, the info
// dictionary of BEP 3 (v1), BEP 52 (v2) and both at once (hybrid), the tree of
// files that its URLs name, the geometry of pieces and blocks, the hashes that
// verify them, .torrent files, magnet links, and the making of torrents.
//
// The package is pure: no clock, no network, and no files except what Make is
// given to read. What is parsed comes from strangers, so every length, count
// and depth has a bound (limits.go) and every refusal is an *InvalidError with
// a Reason that a caller can compare.
//
// # Names and URLs
//
// The names in a torrent are arbitrary bytes. A file's place in the URL tree
// (Tree, Lookup, File.Path) differs from the torrent's own path only where
// that could not be a URL, or not one alone:
//
//   - an element that is empty, "." or ".." becomes "_", because URL parsers
//     resolve it; such a torrent name becomes the infohash;
//   - an element over 255 bytes is cut, and gets a few digits of its hash
//     before its extension;
//   - of two files with one path the later one, and of a file and a directory
//     with one path the file, gets a number before its extension; a torrent
//     with many such files is refused.
//
// All else is kept byte for byte: "/", NUL, control characters, invalid UTF-8
// and names that differ in case or normal form only, because percent-encoding
// can express them. File.RawPath keeps what the torrent says.
package metainfo
