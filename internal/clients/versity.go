package clients

import (
	"errors"
	"io/fs"
	"net"
	"os"
	"path/filepath"
	"testing"
	"time"
)

// Versity is versitygw, an object store that keeps objects as files.
type Versity struct {
	process *process
	addr    string
	dir     string
}

const (
	versityBucket = "pieces"
	versityUser   = "btgw"
	versitySecret = "a-secret-of-tests"
)

// StartVersity starts a store with one bucket. It keeps connections open between requests, as most stores do.
func StartVersity(tb testing.TB) *Versity {
	tb.Helper()
	root := tb.TempDir()
	v := &Versity{dir: filepath.Join(root, versityBucket), addr: loopback(FreePort(tb))}
	if err := os.Mkdir(v.dir, 0o700); err != nil {
		tb.Fatal(err)
	}
	v.process = newProcess(tb, versityProgram, root, "--access", versityUser, "--secret", versitySecret, "--port", v.addr, "--quiet", "--keep-alive", "posix", root)
	v.process.start()
	for deadline := time.Now().Add(readyTimeout); ; time.Sleep(pollInterval) {
		conn, err := net.Dial("tcp", v.addr)
		if err == nil {
			_ = conn.Close()
			return v
		}
		select {
		case <-v.process.ended:
			tb.Fatalf("versitygw ended: %v", v.process.err)
		default:
		}
		if time.Now().After(deadline) {
			tb.Fatalf("versitygw does not listen: %v", err)
		}
	}
}

// URL is what --object-store takes.
func (v *Versity) URL() string { return "s3://" + versityBucket + "/fleet?endpoint=http://" + v.addr }

// Key is what requests are signed with.
func (v *Versity) Key() (user, secret string) { return versityUser, versitySecret }

// Env has the credentials.
func (v *Versity) Env() []string {
	return []string{"AWS_ACCESS_KEY_ID=" + versityUser, "AWS_SECRET_ACCESS_KEY=" + versitySecret}
}

// Dir is the folder with the objects that URL gives access to, by infohash. Objects are files there.
func (v *Versity) Dir() string { return filepath.Join(v.dir, "fleet", "v1") }

// Stop ends it at once.
func (v *Versity) Stop() { v.process.kill() }

// Size is how many bytes its objects have together.
func (v *Versity) Size(tb testing.TB) (n int64) {
	tb.Helper()
	err := filepath.WalkDir(v.Dir(), func(_ string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		info, err := d.Info()
		if err == nil {
			n += info.Size()
		}
		return err
	})
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		tb.Fatal(err)
	}
	return n
}
