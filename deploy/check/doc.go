// Package check tests what deploy holds: the chart, the units, the Compose file and the packages.
//
// It is a module of its own, so that nothing of Kubernetes and Helm is in btgw's.
package check
