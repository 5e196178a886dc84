// Package limit owns who counts as one client and what each may use: connections, places of
// transfers, requests, surplus and bytes a second. Nothing in it waits for others, but for the
// refusal of a client that floods, which is held back for floodHold, and Conns.Wait.
package limit
