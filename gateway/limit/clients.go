package limit

// Clients are what one client may use, as long as nobody changes it: then all clients begin
// anew.
type Clients struct {
	Requests  *Requests
	Surpluses *Surpluses
	Paces     *Paces
}

// NewClients bounds the requests of each client and the surplus that it causes in bytes, a
// second each on average, and its bytes of content a second. Unbounded is no bound on the
// first two, 0 none on the last.
func NewClients(requests, surplus int, pace int64) *Clients {
	return &Clients{newRequests(requests), newSurpluses(surplus, SurplusBurst*surplus), newPaces(pace)}
}
