package clients

import "testing"

// TestTransmissionSeeds: odd names and padding included.
func TestTransmissionSeeds(t *testing.T) {
	t.Parallel()
	spec := mixed(11)
	spec.PadFiles = true
	p := MakePayload(t, spec)
	seed, leech := StartTransmission(t), StartLibtorrent(t, LibtorrentOptions{})
	seed.Seed(p)
	dir := t.TempDir()
	leech.DownloadMagnet(p.Magnet(seed.Addr()), dir)
	leech.WaitFinished(within(t))
	p.CheckCopy(t, dir)
	await(t, "account of what it sent", func() bool { return seed.Uploaded() > 3<<20 })
	seed.Kill()
}

// TestTransmissionLeeches: from a libtorrent that dials it.
func TestTransmissionLeeches(t *testing.T) {
	t.Parallel()
	p := MakePayload(t, Spec{Size: 1<<20 + 1})
	seed, leech := StartLibtorrent(t, LibtorrentOptions{}), StartTransmission(t)
	seed.Seed(p, true)
	dir := t.TempDir()
	leech.Download(p.Torrent, dir)
	seed.Connect(leech.Addr())
	leech.WaitFinished(within(t))
	p.CheckCopy(t, dir)
}
