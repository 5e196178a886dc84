package main

import "math"

// descriptorLimit returns no bound: Windows bounds handles by memory alone.
func descriptorLimit() int { return math.MaxInt32 }
