package attacks

import (
	"bufio"
	"context"
	"net"
	"os"
	"strings"
	"sync/atomic"
	"testing"

	"golang.org/x/net/dns/dnsmessage"
)

// names is the name server of this machine: what is under silent.test is never
// answered, and any name of victim.test is the victim.
type names struct {
	victim string
	asked  atomic.Int64 // queries
}

// startNames serves names until the end of the test.
func startNames(t *testing.T, victim string) *names {
	t.Helper()
	pc, err := net.ListenPacket("udp", net.JoinHostPort(nameserver(t), "53"))
	if err != nil {
		t.Fatal(err)
	}
	n := &names{victim: victim}
	g := newGroup(t)
	context.AfterFunc(g.ctx, func() { pc.Close() })
	g.Go(func() {
		buf := make([]byte, 1500)
		for {
			k, from, err := pc.ReadFrom(buf)
			if err != nil {
				return
			}
			n.asked.Add(1)
			if answer := n.answer(buf[:k]); answer != nil {
				_, _ = pc.WriteTo(answer, from)
			}
		}
	})
	return n
}

// nameserver is the one that programs of this machine ask.
func nameserver(t *testing.T) string {
	t.Helper()
	f, err := os.Open("/etc/resolv.conf")
	if err != nil {
		return "127.0.0.1" // what the resolver asks then
	}
	defer f.Close()
	for lines := bufio.NewScanner(f); lines.Scan(); {
		if w := strings.Fields(lines.Text()); len(w) > 1 && w[0] == "nameserver" {
			return w[1]
		}
	}
	return "127.0.0.1"
}

// answer gives that to a query; nil is none.
func (n *names) answer(query []byte) []byte {
	var p dnsmessage.Parser
	head, err := p.Start(query)
	if err != nil {
		return nil
	}
	q, err := p.Question()
	if err != nil || strings.HasSuffix(q.Name.String(), "silent.test.") {
		return nil
	}
	known := strings.HasSuffix(q.Name.String(), "victim.test.")
	m := dnsmessage.Message{
		Header:    dnsmessage.Header{ID: head.ID, Response: true, RecursionAvailable: true},
		Questions: []dnsmessage.Question{q},
	}
	if !known {
		m.RCode = dnsmessage.RCodeNameError
	} else if q.Type == dnsmessage.TypeA {
		m.Answers = []dnsmessage.Resource{{
			Header: dnsmessage.ResourceHeader{Name: q.Name, Class: q.Class, TTL: 1},
			Body:   &dnsmessage.AResource{A: [4]byte(net.ParseIP(n.victim).To4())},
		}}
	}
	answer, err := m.Pack()
	if err != nil {
		return nil
	}
	return answer
}
