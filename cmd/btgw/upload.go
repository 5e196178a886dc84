package main

import (
	"fmt"
	"strconv"
	"time"

	"github.com/btgw/btgw/peer"
)

// uploadFlags say what btgw gives back.
type uploadFlags struct {
	UploadRate        string `default:"0" placeholder:"SIZE" aliases:"max-upload-rate" env:"BTGW_UPLOAD_RATE" help:"How much is uploaded to peers a second, at most (${default}: without a limit)."`
	TorrentUploadRate string `default:"0" placeholder:"SIZE" env:"BTGW_TORRENT_UPLOAD_RATE" help:"How much of one torrent (${default}: without a limit)."`
	SeedTime          string `default:"0" placeholder:"TIME" env:"BTGW_SEED_TIME" help:"How long a torrent is uploaded after its last reader, as 2h (${default}: while it is there)."`
	SeedRatio         string `default:"0" placeholder:"N" env:"BTGW_SEED_RATIO" help:"How much of a torrent is uploaded once nobody reads it, in parts of what there is of it (${default}: without an end)."`
	NoUpload          toggle `env:"BTGW_NO_UPLOAD" help:"Upload nothing. Peers give less to a peer that gives nothing."`
}

// uploadSettings is the meaning of uploadFlags; 0 is no limit.
type uploadSettings struct {
	rate, torrentRate ByteSize // a second
	seedTime          time.Duration
	seedRatio         float64
	off               bool
}

// settings checks the flags.
func (f *uploadFlags) settings(p *problems) uploadSettings {
	s := uploadSettings{
		rate:        p.size("upload-rate", f.UploadRate, 0, maxUploadRate),
		torrentRate: p.size("torrent-upload-rate", f.TorrentUploadRate, 0, maxUploadRate),
		off:         p.bool("no-upload", f.NoUpload),
	}
	if f.SeedTime != "0" {
		s.seedTime = p.duration("seed-time", f.SeedTime)
	}
	ratio, err := strconv.ParseFloat(f.SeedRatio, 64)
	if err != nil || !(ratio >= 0 && ratio <= peer.MaxSeedRatio) {
		p.add("seed-ratio", fmt.Errorf("%q is not a number from 0 to %d", f.SeedRatio, int64(peer.MaxSeedRatio)))
	}
	s.seedRatio = ratio
	return s
}
