// Package check tests what deploy holds: the chart, the units, the Compose files, the packages, and the
// balancers of a fleet in front of gateways that are made up.
//
// It is a module of its own, so that nothing of Kubernetes and Helm is in btgw's.
package check
