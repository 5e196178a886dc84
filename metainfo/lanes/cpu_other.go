//go:build !amd64

package lanes

// Available is false: there are lanes for amd64 alone.
func Available() bool { return false }

func blocks1(*state, *[Width]*byte, int) { panic("lanes: none on this processor") }

func blocks256(*state, *[Width]*byte, int) { panic("lanes: none on this processor") }
