// Package cpushare shares out CPU time for dear work: what costs much more than the request
// for it, as parsing metadata of 100,000 files or writing the page of them.
//
// At most as many jobs run at a time as there are cores but one, so that what is cheap always
// finds a core. Clients take turns, and none has more than a part of a core for long. Work that
// is charged without a turn has the same bounds, by client and in all. A job must wait for
// nothing while it has its turn, since its time is that of the clock. So a machine that is busy
// otherwise gives less to dear work.
package cpushare
