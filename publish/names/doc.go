// Package names gives torrents names that stay while the torrents change (BEP 46).
//
// A Name is a public key and a salt. Who has the private key says by a mutable item of the DHT
// (BEP 44) which torrent the name stands for now. A Book finds that out, believes nothing that was
// not signed, and never goes back to an older item than it has seen, over restarts too. A Keeper has
// a key of ours: it signs what our names stand for, and says it again before nodes forget it.
package names
