// Package runs joins the blocks that a source is asked for into runs: blocks that lie next to
// each other and are one request. It owns what waits and what is under way of one source that
// serves ranges, a web server or an object store; only Next blocks.
package runs
