// Package names gives torrents names that stay while the torrents change (BEP 46).
//
// A Name is a public key and a salt. The holder of the private key says by a mutable item of the DHT
// (BEP 44) which torrent the name stands for now. A Book finds that item and believes nothing that
// was not signed. It never goes back to an older item than it has seen, over restarts too. A Keeper
// holds a key of ours: it signs the items of our names, and publishes them again before nodes forget
// them.
package names
