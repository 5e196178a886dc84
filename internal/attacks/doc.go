// Package attacks has tests alone: btgw as it is built and shipped, open to
// strangers of whom one attacks while another reads.
//
// The tests run in a network namespace of their own in which every address is
// this machine, so that public addresses can be used and no packet leaves it. It
// is made with root's privileges, or in a user namespace where those are free to
// all. Where neither can be had the tests fail.
//
// Every attack is bounded: -attacks.time is how long one lasts. docs/lab/attacks.md
// has what they do and what was measured.
package attacks
