package simnet

// slowStart is the congestion window of one direction that never loses a
// segment: it grows by what is acknowledged while it limits the sender.
type slowStart struct {
	window int64
	acked  int64
	acks   account // bytes acknowledged, when the sender learns it

	// most is the largest number of bytes that were unacknowledged at once since mark.
	// The window never grows beyond twice that, since a sender that sends little has
	// not proved more (as Linux does it).
	most, mark int64
	lastSend   int64
}

// room is the bytes that may go at now, sent being the bytes that went.
func (w *slowStart) room(sent, now int64) int64 {
	n := w.acks.collect(now)
	w.acked += n
	if n > 0 && w.window < 2*w.most {
		w.window = min(w.window+n, 2*w.most)
	}
	if w.acked == sent && sent > 0 && now-w.lastSend > int64(idleRestart) {
		w.window = min(w.window, initialWindow)
		w.most = 0
	}
	return w.window - (sent - w.acked)
}

// onSend notes that bytes went, sent being their sum with what went before.
func (w *slowStart) onSend(sent, now int64) {
	out := sent - w.acked
	if w.acked >= w.mark || out > w.most {
		w.most = out
		w.mark = sent
	}
	w.lastSend = now
}

// account is bytes by the time at which somebody learns of them, in order.
type account struct{ ring[entry] }

type entry struct {
	at int64
	n  int64
}

func (a *account) add(at int64, n int) {
	if n == 0 {
		return
	}
	if a.len() > 0 {
		last := a.newest()
		if at = max(at, last.at); at == last.at {
			last.n += int64(n)
			return
		}
	}
	a.push(entry{at, int64(n)})
}

// collect takes out what is due.
func (a *account) collect(now int64) int64 {
	var sum int64
	for a.len() > 0 && a.first().at <= now {
		e, _ := a.pop()
		sum += e.n
	}
	return sum
}

// next returns the time at which there is something to collect, or never.
func (a *account) next() int64 {
	if a.len() == 0 {
		return never
	}
	return a.first().at
}
