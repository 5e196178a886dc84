package cache

import "golang.org/x/sys/windows"

// space returns how many bytes of a file system we may still take, and how many it has.
func space(dir string) (free, total int64, err error) {
	name, err := windows.UTF16PtrFromString(dir)
	if err != nil {
		return 0, 0, err
	}
	var ours, all, unused uint64
	if err := windows.GetDiskFreeSpaceEx(name, &ours, &all, &unused); err != nil {
		return 0, 0, err
	}
	return int64(ours), int64(all), nil
}
