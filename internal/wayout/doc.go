// Package wayout has tests alone: with --bind and --proxy, btgw as it is built fetches
// content, and no packet leaves by another way.
//
// The tests run in a network namespace of their own. It has two ways out. One leads to a
// second namespace with a swarm, a name server and real SOCKS 5 proxies. The other is the
// default route of both families. Everything is counted there, and nothing arrives.
package wayout
