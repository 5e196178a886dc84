package netguard

import "time"

// DialTimeout bounds one dial, its name lookup included, whatever the
// context of the caller allows.
const DialTimeout = 15 * time.Second
