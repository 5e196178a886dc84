// Package bench measures the whole program against real peers, beside
// references taken in the same run: it has nothing but benchmarks.
//
//	make bench-e2e
//
// runs them five times each. Figures are ratios where a machine's speed or its
// other load would decide an absolute one.
package bench
