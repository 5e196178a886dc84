package wayout

import (
	"bufio"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"
	"math/rand/v2"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"syscall"
	"time"

	"github.com/anacrolix/dht/v2"
	"github.com/anacrolix/log"
	"golang.org/x/net/dns/dnsmessage"

	"github.com/btgw/btgw/metainfo"
)

// startTime bounds how long a program takes to be there.
const startTime = 30 * time.Second

// payload is what the swarm has.
func payload() []byte {
	b := make([]byte, 3<<20+5)
	_, _ = rand.NewChaCha8([32]byte{19}).Read(b)
	return b
}

// sum is the digest of the payload.
func sum() string {
	s := sha256.Sum256(payload())
	return hex.EncodeToString(s[:])
}

// swarm is the far namespace: a seeder that is a tracker and a node of the DHT, a name server, and two proxies. It ends with
// its standard input.
func swarm(dir string) error {
	in := bufio.NewReader(os.Stdin)
	if _, err := in.ReadString('\n'); err != nil {
		return err
	}
	if err := makeFar(); err != nil {
		return err
	}
	pc, err := net.ListenPacket("udp", net.JoinHostPort(namesAddr, "53"))
	if err != nil {
		return err
	}
	go serveNames(pc)
	ln, err := net.Listen("tcp", net.JoinHostPort(namesAddr, "53"))
	if err != nil {
		return err
	}
	go serveNamesTCP(ln)
	node, err := net.ListenPacket("udp4", net.JoinHostPort(swarmAddr, nodePort))
	if err != nil {
		return err
	}
	table, err := dht.NewServer(&dht.ServerConfig{
		Conn: node, NoSecurity: true, StartingNodes: func() ([]dht.Addr, error) { return nil, nil }, Logger: log.Default.FilterLevel(log.Disabled),
	})
	if err != nil {
		return err
	}
	defer table.Close()
	path := filepath.Join(dir, "published.bin")
	if err := os.WriteFile(path, payload(), 0o600); err != nil {
		return err
	}
	torrent, err := metainfo.Make(context.Background(), metainfo.MakeOptions{Root: path})
	if err != nil {
		return err
	}
	config := filepath.Join(dir, "danted.conf")
	if err := os.WriteFile(config, []byte(danteConfig), 0o600); err != nil {
		return err
	}
	for _, c := range []struct {
		path, pkg string
		args      []string
	}{
		{os.Getenv(insideEnv), "btgw", []string{"serve", "--publish=" + path, "--mode=open", "--listen=:8080", "--host=*", "--public-url=http://" + swarmAddr + ":8080",
			"--admin-listen=none", "--cache-dir=" + filepath.Join(dir, "seeder"), "--no-portmap", "--peer-listen=" + swarmAddr + ":22069", "--no-dht", "--log-level=warn"}},
		{"/usr/sbin/danted", "dante-server", []string{"-f", config}},
		{"microsocks", "microsocks", []string{"-i", farAddr, "-p", microsocks, "-u", "user", "-P", "pass"}},
	} {
		cmd := exec.Command(c.path, c.args...)
		cmd.Stderr = os.Stderr
		cmd.SysProcAttr = &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL}
		if err := cmd.Start(); err != nil {
			return fmt.Errorf("%w (Debian package %s)", err, c.pkg)
		}
		defer func() { _ = cmd.Process.Kill(); _ = cmd.Wait() }()
	}
	id := torrent.Info.ID().Path() + "/published.bin"
	if err := awaitAll(id); err != nil {
		return err
	}
	fmt.Println(id)
	_, _ = io.Copy(io.Discard, in)
	return nil
}

// awaitAll returns when the swarm is complete.
func awaitAll(id string) error {
	end := time.Now().Add(startTime)
	for {
		resp, err := http.Head("http://" + swarmAddr + ":8080" + id)
		if err == nil {
			resp.Body.Close()
		}
		ready := err == nil && resp.StatusCode == http.StatusOK
		for _, port := range []string{dante, microsocks} {
			nc, err := net.Dial("tcp", net.JoinHostPort(farAddr, port))
			if err == nil {
				nc.Close()
			}
			ready = ready && err == nil
		}
		if ready {
			return nil
		}
		if time.Now().After(end) {
			return fmt.Errorf("the swarm is not complete after %v: %w", startTime, err)
		}
		time.Sleep(20 * time.Millisecond)
	}
}

const danteConfig = `
logoutput: /dev/null
internal: ` + farAddr + ` port = ` + dante + `
external: ` + swarmAddr + `
clientmethod: none
socksmethod: none
client pass { from: 0.0.0.0/0 to: 0.0.0.0/0 }
socks pass { from: 0.0.0.0/0 to: 0.0.0.0/0 protocol: tcp udp }
`

// serveNames answers queries over UDP.
func serveNames(pc net.PacketConn) {
	buf := make([]byte, 1500)
	for {
		n, from, err := pc.ReadFrom(buf)
		if err != nil {
			return
		}
		if answer := nameAnswer(buf[:n]); answer != nil {
			_, _ = pc.WriteTo(answer, from)
		}
	}
}

// serveNamesTCP answers queries over TCP.
func serveNamesTCP(ln net.Listener) {
	for {
		nc, err := ln.Accept()
		if err != nil {
			return
		}
		go func() {
			defer nc.Close()
			for {
				var head [2]byte
				if _, err := io.ReadFull(nc, head[:]); err != nil {
					return
				}
				query := make([]byte, int(head[0])<<8|int(head[1]))
				if _, err := io.ReadFull(nc, query); err != nil {
					return
				}
				answer := nameAnswer(query)
				_, _ = nc.Write(append([]byte{byte(len(answer) >> 8), byte(len(answer))}, answer...))
			}
		}()
	}
}

// nameAnswer has every name be the swarm, in both families.
func nameAnswer(query []byte) []byte {
	var p dnsmessage.Parser
	head, err := p.Start(query)
	if err != nil {
		return nil
	}
	q, err := p.Question()
	if err != nil {
		return nil
	}
	m := dnsmessage.Message{Header: dnsmessage.Header{ID: head.ID, Response: true, RecursionAvailable: true}, Questions: []dnsmessage.Question{q}}
	answer := dnsmessage.Resource{Header: dnsmessage.ResourceHeader{Name: q.Name, Class: q.Class, TTL: 1}}
	switch q.Type {
	case dnsmessage.TypeA:
		answer.Body = &dnsmessage.AResource{A: [4]byte(net.ParseIP(swarmAddr).To4())}
		m.Answers = append(m.Answers, answer)
	case dnsmessage.TypeAAAA:
		answer.Body = &dnsmessage.AAAAResource{AAAA: [16]byte(net.ParseIP("2a00:53::1"))}
		m.Answers = append(m.Answers, answer)
	}
	b, _ := m.Pack()
	return b
}
