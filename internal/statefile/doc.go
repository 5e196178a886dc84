// Package statefile keeps small state over restarts: one file, read whole at the start and
// replaced whole afterwards. It owns the file's first line, its size and the way it is written;
// what it holds is the caller's. Load and Save wait for the disk, so no lock that others need is
// held around them.
package statefile
