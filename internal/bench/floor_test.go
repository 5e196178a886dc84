package bench

import (
	"bufio"
	"fmt"
	"net"
	"os"
	"os/exec"
	"strings"
	"syscall"
	"testing"
)

// floorFile has the path of the file that this program serves, where it is started as the floor of a stream.
const floorFile = "BTGW_BENCH_FLOOR"

// startFloor starts a process that answers every request with a file, by sendfile(2) alone: what the kernel costs.
func startFloor(b *testing.B, path string) (url string, pid int) {
	b.Helper()
	cmd := exec.Command(os.Args[0])
	cmd.Env = append(os.Environ(), floorFile+"="+path)
	cmd.Stderr = os.Stderr
	out, err := cmd.StdoutPipe()
	if err != nil {
		b.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() {
		_ = cmd.Process.Kill()
		_ = cmd.Wait()
	})
	addr, err := bufio.NewReader(out).ReadString('\n')
	if err != nil {
		b.Fatal(err)
	}
	return "http://" + strings.TrimSpace(addr) + "/", cmd.Process.Pid
}

// serveFloor serves a file, one connection after the other, until the process is killed. The first line of its output is
// where.
func serveFloor(path string) {
	f, err := os.Open(path)
	if err != nil {
		panic(err)
	}
	info, err := f.Stat()
	if err != nil {
		panic(err)
	}
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		panic(err)
	}
	fmt.Println(ln.Addr())
	for {
		c, err := ln.Accept()
		if err != nil {
			panic(err)
		}
		sendFloor(c, f, info.Size())
	}
}

// sendFloor answers one request. The socket blocks: nothing else wakes the process than room in it.
func sendFloor(c net.Conn, f *os.File, size int64) {
	defer c.Close()
	for r := bufio.NewReader(c); ; {
		line, err := r.ReadString('\n')
		if err != nil {
			return
		}
		if line == "\r\n" {
			break
		}
	}
	socket, err := c.(*net.TCPConn).File()
	if err != nil {
		panic(err)
	}
	defer socket.Close()
	to := int(socket.Fd()) // which makes it block
	fmt.Fprintf(socket, "HTTP/1.1 206 Partial Content\r\nContent-Length: %d\r\nConnection: close\r\n\r\n", size)
	for off := int64(0); off < size; {
		if n, err := syscall.Sendfile(to, int(f.Fd()), &off, int(size-off)); n <= 0 && err != syscall.EINTR {
			return
		}
	}
}
