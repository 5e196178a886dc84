//go:build !race

package main

// buildFlags makes the binary under test as this test is made.
func buildFlags() []string { return nil }
