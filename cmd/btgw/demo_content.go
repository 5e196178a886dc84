package main

import (
	"encoding/binary"
	"io"
	"math"
	"math/rand/v2"
)

// The demo's content is made up and the same in every run. Each file is a function of the offset, so that a seeder needs no
// disk and no memory for it: what a peer asks for is made when it is sent.

// content gives the bytes of a file at an offset; off+len(p) is within the file.
type content interface{ fill(p []byte, off int64) }

// demoFile is one made-up file.
type demoFile struct {
	path    []string
	size    int64
	content content
}

// reader reads the file from its start.
func (f demoFile) reader() io.Reader { return &contentReader{file: f} }

// contentReader is an io.Reader of a demoFile.
type contentReader struct {
	file demoFile
	off  int64
}

// Read makes the next bytes.
func (r *contentReader) Read(p []byte) (int, error) {
	left := r.file.size - r.off
	if left == 0 {
		return 0, io.EOF
	}
	p = p[:min(int64(len(p)), left)]
	r.file.content.fill(p, r.off)
	r.off += int64(len(p))
	return len(p), nil
}

// demoFiles are the files of the torrent that holds several: the mix of names and sizes that real ones have.
func demoFiles() []demoFile {
	return []demoFile{
		{[]string{"README.txt"}, int64(len(demoReadme)), text(demoReadme)},
		{[]string{"empty.nfo"}, 0, text("")},
		{[]string{"film", "A film (of noise).mkv"}, 16 << 20, noise(1)},
		{[]string{"film", "A film (of noise).en.srt"}, int64(len(demoSubtitles)), text(demoSubtitles)},
		{[]string{"music", "01 C++ & 100% percussion.wav"}, 5_000_044, newTone(5_000_044)},
		{[]string{"music", "02 Übung – 練習.flac"}, 3_456_789, noise(2)},
		{[]string{"pictures", "10.png"}, 123_457, noise(3)},
		{[]string{"pictures", "9.png"}, 99_991, noise(4)},
	}
}

const (
	demoReadme = "This torrent was made up by `btgw demo`. The .wav files play; the film, the pictures and the .flac are noise.\n"

	demoSubtitles = "1\n00:00:00,000 --> 00:00:04,000\nNothing to see here.\n\n2\n00:00:05,000 --> 00:00:09,000\nBut every byte of it was verified.\n"
)

// text is content that is written out.
type text string

func (t text) fill(p []byte, off int64) { copy(p, t[off:]) }

// noise is content that no two offsets share; the value is its seed.
type noise byte

// noiseChunk is how many bytes come from one seeding of the generator.
const noiseChunk = 16 << 10

func (n noise) fill(p []byte, off int64) {
	var chunk [noiseChunk]byte
	for len(p) > 0 {
		var seed [32]byte
		seed[0] = byte(n)
		binary.LittleEndian.PutUint64(seed[8:], uint64(off/noiseChunk))
		rand.NewChaCha8(seed).Read(chunk[:]) // never fails
		copied := copy(p, chunk[off%noiseChunk:])
		p, off = p[copied:], off+int64(copied)
	}
}

// tone is a WAV file (RIFF, 16-bit stereo PCM) that plays a scale over and over.
type tone struct {
	header [wavHeader]byte
	loop   []byte // one scale: a second a note
}

const (
	wavHeader  = 44    // bytes before the samples
	wavRate    = 44100 // frames a second
	wavFrame   = 4     // bytes a frame: two channels of 16 bits
	toneLevel  = 6000  // amplitude, of 32767
	toneAttack = 2000  // frames over which a note begins and ends, so that it does not click
)

// newTone makes a WAV file of size bytes, at least wavHeader.
func newTone(size int64) *tone {
	scale := []float64{262, 294, 330, 349, 392, 440, 494, 523} // Hz, whole: each note fits its second
	t := &tone{loop: make([]byte, 0, len(scale)*wavRate*wavFrame)}
	for _, hertz := range scale {
		for i := range wavRate {
			edge := float64(min(i, wavRate-i, toneAttack)) / toneAttack
			sample := int16(edge * toneLevel * math.Sin(2*math.Pi*hertz*float64(i)/wavRate))
			t.loop = binary.LittleEndian.AppendUint16(t.loop, uint16(sample))
			t.loop = binary.LittleEndian.AppendUint16(t.loop, uint16(sample))
		}
	}
	h := append(t.header[:0], "RIFF"...)
	h = binary.LittleEndian.AppendUint32(h, uint32(size-8))
	h = append(h, "WAVEfmt \x10\x00\x00\x00\x01\x00\x02\x00"...) // a PCM format of 16 bytes, 2 channels
	h = binary.LittleEndian.AppendUint32(h, wavRate)
	h = binary.LittleEndian.AppendUint32(h, wavRate*wavFrame)
	h = append(h, wavFrame, 0, 16, 0)
	h = append(h, "data"...)
	binary.LittleEndian.AppendUint32(h, uint32(size-wavHeader))
	return t
}

func (t *tone) fill(p []byte, off int64) {
	if off < wavHeader {
		n := copy(p, t.header[off:])
		p, off = p[n:], off+int64(n)
	}
	for len(p) > 0 {
		n := copy(p, t.loop[(off-wavHeader)%int64(len(t.loop)):])
		p, off = p[n:], off+int64(n)
	}
}
