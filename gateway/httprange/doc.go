// Package httprange is what HTTP says of parts of a file: Range and If-Range headers, Content-Range,
// and entity tags with their two comparisons (RFC 9110, sections 8.8.3, 13.1 and 14). It owns nothing
// and nothing in it blocks.
package httprange
