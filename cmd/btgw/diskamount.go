package main

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/btgw/btgw/cache"
)

// diskAmount is a size on disk, or a share of the disk that a folder is on.
type diskAmount struct {
	size    ByteSize
	percent float64 // 0: size counts
}

// parseDiskAmount reads a size, as 256MiB or 10GB, or a share, as 80%.
func parseDiskAmount(text string) (diskAmount, error) {
	number, share := strings.CutSuffix(strings.TrimSpace(text), "%")
	if !share {
		size, err := ParseByteSize(text)
		return diskAmount{size: size}, err
	}
	percent, err := strconv.ParseFloat(strings.TrimSpace(number), 64)
	if err != nil || !(percent >= 0 && percent <= 100) {
		return diskAmount{}, fmt.Errorf("%q is not a share of the disk: write a number from 0 to 100, as 80%%", text)
	}
	return diskAmount{percent: percent}, nil
}

// in is how many bytes that is for a folder, which need not be there yet.
func (a diskAmount) in(dir string) (int64, error) {
	if a.percent == 0 || dir == "" {
		return int64(a.size), nil
	}
	total, err := cache.DiskSize(dir)
	return int64(float64(total) * a.percent / 100), err
}

// diskAmount parses a size within [low, high], or a share of the disk.
func (p *problems) diskAmount(name, text string, low, high ByteSize) diskAmount {
	a, err := parseDiskAmount(text)
	if err == nil && a.percent == 0 && (a.size < low || a.size > high) {
		err = fmt.Errorf("%s is not between %s and %s", a.size, low, high)
	}
	p.add(name, err)
	return a
}
