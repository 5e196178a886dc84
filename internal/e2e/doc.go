// Package e2e has no code but tests. They run btgw as it is built, with the race
// detector, against BitTorrent and HTTP clients that others wrote. Package
// internal/clients says which, and what they do.
//
// Every test has a btgw of its own, with free ports and an empty cache folder.
// It fails where that btgw panics, races, logs an error or does not end with
// status 0 when it is told to.
//
// BTGW_E2E_RACE=0 builds btgw without the race detector.
package e2e
