package gateway

import "strings"

// defaultType is the type of a file whose extension says nothing.
const defaultType = "application/octet-stream"

// mediaTypes gives the media type for an extension in lower case. It is not
// changed after newMediaTypes.
type mediaTypes map[string]string

// newMediaTypes reads the table.
func newMediaTypes() mediaTypes {
	types := make(mediaTypes)
	for line := range strings.Lines(mediaTypeTable) {
		mediaType, extensions, _ := strings.Cut(line, ": ")
		for ext := range strings.FieldsSeq(extensions) {
			types[ext] = mediaType
		}
	}
	return types
}

// maxExtension is the length in bytes of the longest extension in the table.
const maxExtension = 8

// of gives the type of a file by its name's extension, in any case. Content is
// never sniffed: that would need its first piece, and be wrong.
func (types mediaTypes) of(name string) string {
	dot := strings.LastIndexByte(name, '.')
	if dot < 0 || len(name)-dot-1 > maxExtension {
		return defaultType
	}
	var lower [maxExtension]byte
	ext := lower[:copy(lower[:], name[dot+1:])]
	for i, b := range ext {
		if 'A' <= b && b <= 'Z' {
			ext[i] = b + 'a' - 'A'
		}
	}
	if t, ok := types[string(ext)]; ok {
		return t
	}
	return defaultType
}

// runsScript reports whether a browser runs scripts in a document of this
// type: HTML, and everything that is XML underneath (SVG, XHTML, feeds).
func runsScript(mediaType string) bool {
	mediaType, _, _ = strings.Cut(mediaType, ";")
	return mediaType == "text/html" || mediaType == "multipart/related" ||
		strings.HasSuffix(mediaType, "+xml") || strings.HasSuffix(mediaType, "/xml")
}

// mediaTypeTable is btgw's own: system tables differ between machines and lack
// much of what torrents hold. Text is said to be UTF-8, so that no browser
// guesses.
const mediaTypeTable = `video/mp4: mp4 m4v mp4v f4v f4p ismv
video/x-matroska: mkv mk3d
video/webm: webm
video/iso.segment: m4s cmfv cmfa cmft
video/mp2t: ts m2ts mts m2t tp trp
video/quicktime: mov qt
video/x-msvideo: avi divx xvid
video/x-ms-wmv: wmv wm
video/x-ms-asf: asf
video/x-ms-wtv: wtv
video/x-ms-dvr: dvr-ms
video/x-flv: flv
video/mpeg: mpg mpeg mpe vob evo m1v m2v m2p mpv vro
video/ogg: ogv ogm ogx
video/3gpp: 3gp 3gpp
video/3gpp2: 3g2
application/vnd.rn-realmedia: rm
application/vnd.rn-realmedia-vbr: rmvb
application/mxf: mxf
video/dv: dv dif
video/h264: h264 264 avc
video/h265: h265 265 hevc
video/x-av1: obu
video/x-ivf: ivf
video/x-vc1: vc1
video/x-mjpeg: mjpg mjpeg
video/x-yuv4mpeg: y4m
video/x-nut: nut
video/x-nsv: nsv
video/x-amv: amv
video/x-bink: bik bk2
video/x-smacker: smk
video/x-flic: fli flc
video/x-vivo: viv vivo
video/x-cdg: cdg
audio/mpeg: mp3 mp2 mp1 mpa m2a mpga
audio/mp4: m4a m4b m4r f4a f4b isma
audio/aac: aac adts
audio/flac: flac
audio/ogg: opus ogg oga spx
audio/wav: wav w64 rf64
audio/x-matroska: mka
audio/webm: weba
audio/x-ms-wma: wma
audio/ac3: ac3
audio/eac3: eac3 ec3
audio/ac4: ac4
audio/vnd.dts: dts
audio/vnd.dts.hd: dtshd dtsma
audio/vnd.dolby.mlp: mlp thd
audio/vnd.rn-realaudio: ra
audio/vnd.audible: aa aax
audio/aiff: aif aiff aifc
audio/midi: mid midi kar
audio/x-ape: ape apl
audio/x-wavpack: wv
audio/x-musepack: mpc mp+
audio/x-tta: tta
audio/x-tak: tak
audio/x-shorten: shn
audio/x-optimfrog: ofr
audio/x-dsf: dsf dff
audio/x-caf: caf
audio/x-voc: voc
audio/x-oma: oma omg aa3 at3
audio/x-adx: adx
audio/x-xm: xm s3m mptm mo3 umx
audio/basic: au snd
audio/amr: amr
audio/amr-wb: awb
image/jpeg: jpg jpeg jpe jfif
image/png: png
image/apng: apng
image/gif: gif
image/webp: webp
image/avif: avif
image/heic: heic
image/jxl: jxl
image/bmp: bmp
image/x-icon: ico
image/tiff: tif tiff
image/svg+xml: svg
image/vnd.adobe.photoshop: psd
font/woff: woff
font/woff2: woff2
font/ttf: ttf
font/otf: otf
text/plain; charset=utf-8: txt text log nfo diz md5 sha1 sha256 sha512 sfv ini cfg conf yaml yml toml c h cc cpp hpp go rs py sh java sql asc tex rst
text/markdown; charset=utf-8: md markdown
text/csv; charset=utf-8: csv
text/tab-separated-values; charset=utf-8: tsv
text/vtt; charset=utf-8: vtt
application/x-subrip; charset=utf-8: srt
text/x-ssa; charset=utf-8: ass ssa
text/x-microdvd: sub
application/x-sami: smi sami
application/ttml+xml: ttml dfxp
application/x-pgs: sup
application/vnd.apple.mpegurl: m3u8
audio/x-mpegurl: m3u
audio/x-scpls: pls
application/x-cue; charset=utf-8: cue
application/dash+xml: mpd
text/html; charset=utf-8: html htm shtml
application/xhtml+xml: xhtml xht
application/xml: xml xsl xslt xul mml opf ncx gpx kml
application/rss+xml: rss
application/atom+xml: atom
application/rdf+xml: rdf
multipart/related: mht mhtml
text/css; charset=utf-8: css
text/javascript; charset=utf-8: js mjs
application/json: json map
application/x-ndjson: jsonl ndjson
application/wasm: wasm
application/pdf: pdf
application/epub+zip: epub
application/x-mobipocket-ebook: mobi
application/vnd.amazon.mobi8-ebook: azw3
application/x-fictionbook+xml: fb2
image/vnd.djvu: djvu djv
application/rtf: rtf
application/msword: doc
application/vnd.openxmlformats-officedocument.wordprocessingml.document: docx
application/vnd.ms-excel: xls
application/vnd.openxmlformats-officedocument.spreadsheetml.sheet: xlsx
application/vnd.ms-powerpoint: ppt
application/vnd.openxmlformats-officedocument.presentationml.presentation: pptx
application/vnd.oasis.opendocument.text: odt
application/vnd.oasis.opendocument.spreadsheet: ods
application/vnd.oasis.opendocument.presentation: odp
application/zip: zip
application/vnd.comicbook+zip: cbz
application/vnd.comicbook-rar: cbr
application/vnd.rar: rar
application/x-7z-compressed: 7z
application/x-tar: tar
application/gzip: gz tgz
application/x-bzip2: bz2 tbz2
application/x-xz: xz txz
application/zstd: zst tzst
application/x-iso9660-image: iso
application/x-bittorrent: torrent
application/vnd.android.package-archive: apk
application/vnd.debian.binary-package: deb
application/x-rpm: rpm
application/x-apple-diskimage: dmg
application/java-archive: jar
application/vnd.microsoft.portable-executable: exe dll
application/x-msi: msi
application/vnd.adobe.flash.movie: swf
application/vnd.sqlite3: sqlite sqlite3 db
application/vnd.apache.parquet: parquet
application/warc: warc
`
