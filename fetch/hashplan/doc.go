// Package hashplan decides whom to ask for the hashes of a v2 torrent's pieces, which are not in
// its info dictionary (BEP 52). They come in runs of 512, each proved by itself against the root of
// its file. What readers wait for comes first, then the rest of the files that they read. While
// somebody wants the .torrent, those of all files come. Pieces are fetched meanwhile.
//
// A Plan owns what is missing and what was asked. It is a value that knows no goroutine, clock or
// socket, and blocks nobody.
package hashplan
