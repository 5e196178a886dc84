//go:build !race

package rawtcp

const raceCopies = 0
