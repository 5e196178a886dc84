package lab

import (
	"os"
	"runtime"
	"time"
)

// watch looks at the gateway every minute, and notes what it holds at each hour.
func (d *day) watch() {
	var before int64
	for at := time.Minute; at <= dayLength; at += time.Minute {
		time.Sleep(time.Until(d.start.Add(at)))
		torrents, disk := len(d.gate.session.List()), d.gate.store.Stats().DiskBytes
		d.result.MostTorrents = max(d.result.MostTorrents, torrents)
		d.result.MostDisk = max(d.result.MostDisk, disk)
		sent := d.gate.net.Stats().Sent
		d.result.MostUpload = max(d.result.MostUpload, sent-before)
		before = sent
		if at >= dayStart && at%time.Hour == 0 {
			d.result.Loads = append(d.result.Loads, d.load(at, torrents, disk))
		}
	}
}

func (d *day) load(at time.Duration, torrents int, disk int64) Load {
	runtime.GC()
	runtime.GC() // what was in a sync.Pool goes with the second
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	files, err := os.ReadDir("/proc/self/fd")
	if err != nil {
		d.t.Error(err)
	}
	if at == dayStart {
		d.mu.Lock()
		d.result.Early = d.result.Swarms
		d.mu.Unlock()
	}
	readers := 0
	for _, st := range d.gate.session.List() {
		readers += st.Readers
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	return Load{
		At: at, Heap: int64(m.HeapAlloc), Goroutines: runtime.NumGoroutine() - d.up, Files: len(files), Torrents: torrents,
		Conns: d.gate.host.Stats().Conns, Readers: readers, Disk: disk, Buffers: d.gate.pool.Outstanding(),
	}
}
