package clients

import (
	"fmt"
	"net"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"
)

// nginxConf serves a folder with sendfile and one worker a core, from a folder of
// its own: the mark of how fast files can be served.
const nginxConf = `daemon off;
worker_processes auto;
pid nginx.pid;
error_log stderr warn;
%s
events { worker_connections 1024; }
http {
	access_log off;
	sendfile on;
	tcp_nopush on;
	open_file_cache max=1000;
	keepalive_requests 1000000000;
	client_body_temp_path body;
	proxy_temp_path proxy;
	fastcgi_temp_path fastcgi;
	uwsgi_temp_path uwsgi;
	scgi_temp_path scgi;
	server {
		listen %s;
		root %q;
	}
}
`

// Nginx is a web server that serves files.
type Nginx struct {
	process *process
	addr    string
}

// StartNginx starts a server for the files in dir.
func StartNginx(tb testing.TB, dir string) *Nginx {
	tb.Helper()
	home := tb.TempDir()
	addr := loopback(FreePort(tb))
	user := ""
	if os.Geteuid() == 0 {
		user = "user root;" // its workers read folders that are the test's alone
	}
	conf := filepath.Join(home, "nginx.conf")
	if err := os.WriteFile(conf, fmt.Appendf(nil, nginxConf, user, addr, dir), 0o600); err != nil {
		tb.Fatal(err)
	}
	n := &Nginx{process: newProcess(tb, nginxProgram, home, "-p", home, "-c", conf), addr: addr}
	n.process.start()
	for deadline := time.Now().Add(readyTimeout); ; time.Sleep(pollInterval) {
		c, err := net.Dial("tcp", addr)
		if err == nil {
			c.Close()
			return n
		}
		if time.Now().After(deadline) {
			tb.Fatalf("nginx (Debian package %s) does not listen: %v", n.process.name, err)
		}
	}
}

// URL gives where the file of that name in the folder is.
func (n *Nginx) URL(name string) string { return "http://" + n.addr + "/" + name }

// Kill ends it at once, with its workers, and waits for its end.
func (n *Nginx) Kill() { n.process.kill() }

// Pids gives the processes of the server: the master, which does nothing but
// start and end the others, and its workers. Linux tells them.
func (n *Nginx) Pids() []int {
	n.process.tb.Helper()
	master := n.process.cmd.Process.Pid
	raw, err := os.ReadFile(fmt.Sprintf("/proc/%d/task/%d/children", master, master))
	if err != nil {
		n.process.tb.Fatal(err)
	}
	pids := []int{master}
	for _, field := range strings.Fields(string(raw)) {
		pid, err := strconv.Atoi(field)
		if err != nil {
			n.process.tb.Fatal(err)
		}
		pids = append(pids, pid)
	}
	return pids
}
