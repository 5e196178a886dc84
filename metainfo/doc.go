// Package metainfo describes torrents. It has infohashes, the info dictionary of BEP 3
// (v1), BEP 52 (v2) and both at once (hybrid), and the tree of files that URLs name. It
// also has the geometry of pieces and blocks, the hashes that verify them, .torrent
// files, magnet links, and the making of torrents.
//
// The package is pure: no clock, no network, and no files except those that Make and
// Check are given to read. Its inputs come from strangers, so every length, count and
// depth has a bound (limits.go). Every refusal is an *InvalidError with a Reason that a
// caller can compare.
//
// # Names and URLs
//
// The names in a torrent are arbitrary bytes. A file's place in the URL tree (Tree,
// Lookup, Info.Path) is the torrent's own path, except where that could not be a URL or
// two files would share one:
//
//   - An element that is empty, "." or ".." becomes "_", because URL parsers resolve
//     it; such a torrent name becomes the infohash.
//   - An element over 255 bytes is cut, and gets a few digits of its hash before its
//     extension.
//   - The later of two files with one path gets a number before its extension, and so
//     does a file that has the path of a directory. A torrent with many such files is
//     refused.
//
// All else is kept byte for byte: "/", NUL, control characters, invalid UTF-8 and names
// that differ in case or normal form only, because percent-encoding can express them.
// Info.RawPath returns the torrent's own path.
package metainfo
