package simnet

import "time"

// metadataTick is the interval at which a Seed with a MetadataBuffer looks at what it
// put off: libtorrent's ut_metadata does so once a second.
const metadataTick = time.Second

// metadataQueue is what a connection knows of requests for the info dictionary. Its
// fields belong to the Seed's lock.
type metadataQueue struct {
	off     []int     // parts put off, in order
	tick    time.Time // when they are looked at
	owed    int       // answers that are not yet on their way
	writing int       // bytes of the write under way
	read    int       // bytes handed to the socket at the instant at
	at      time.Time
}

// onMetadataRequest answers a request, puts it off, or rejects it.
func (p *seedConn) onMetadataRequest(part int) {
	s, q := p.seed, &p.metadata
	switch {
	case s.cfg.MetadataQueue > 0 && q.owed >= s.cfg.MetadataQueue:
		p.say(metadataReject(p.metadataID, part))
	case s.cfg.MetadataBuffer > 0 && p.sendBuffer() >= s.cfg.MetadataBuffer:
		if len(q.off) == 0 {
			q.tick = s.start.Add((time.Since(s.start)/metadataTick + 1) * metadataTick)
		}
		q.off = append(q.off, part)
		p.poke()
	default:
		p.answerMetadata(part)
	}
}

func (p *seedConn) answerMetadata(part int) {
	p.metadata.owed++
	p.out = append(p.out, delayed{time.Now().Add(p.seed.cfg.MetadataDelay), p.seed.metadataAnswer(p.metadataID, part), true})
	p.poke()
}

// sendBuffer is the bytes that wait for the socket; what came at this instant was
// read at once, so nothing was handed over in between.
func (p *seedConn) sendBuffer() (n int) {
	for i := range p.out {
		n += len(p.out[i].b)
	}
	if p.metadata.at.Equal(time.Now()) {
		return n + p.metadata.read
	}
	return n + p.metadata.writing
}

// handOver counts what is written now.
func (q *metadataQueue) handOver(now time.Time, n int) {
	if !q.at.Equal(now) {
		q.at, q.read = now, 0
	}
	q.read += n
	q.writing = n
}

// metadataDue answers what was put off, at its tick, and gives the time until then;
// never is a long one.
func (p *seedConn) metadataDue(now time.Time, never time.Duration) time.Duration {
	q := &p.metadata
	if len(q.off) > 0 && !now.Before(q.tick) {
		for len(q.off) > 0 && p.sendBuffer() < p.seed.cfg.MetadataBuffer {
			p.answerMetadata(q.off[0])
			q.off = q.off[1:]
		}
		q.tick = q.tick.Add(metadataTick)
	}
	if len(q.off) == 0 {
		return never
	}
	return min(never, q.tick.Sub(now))
}
