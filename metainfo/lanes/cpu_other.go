//go:build !amd64

package lanes

// Available returns false: lanes exist for amd64 only.
func Available() bool { return false }

func blocks1(*state, *[Width]*byte, int) { panic(none) }

func half1(*state, *[Width]*byte, int) { panic(none) }

func blocks256(*state, *[Width]*byte, int) { panic(none) }

func half256(*state, *[Width]*byte, int) { panic(none) }

const none = "lanes: none on this processor"
