package check

import (
	"bytes"
	"fmt"
	"io"
	"maps"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/compose-spec/compose-go/v2/loader"
	"github.com/compose-spec/compose-go/v2/types"
)

// composed loads a Compose file as Compose does: what its schema does not know fails the test.
func composed(t *testing.T, file string) *types.Project {
	t.Helper()
	p, err := loader.LoadWithContext(t.Context(), types.ConfigDetails{WorkingDir: "..", ConfigFiles: []types.ConfigFile{{Filename: filepath.Join("..", file)}}, Environment: types.Mapping{}})
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// A composition runs the commands of a Compose file as processes of this machine: every container has an address and
// folders of its own in the place of its name and volumes.
type composition struct {
	project *types.Project
	program string // btgw
	address map[string]string
	volumes map[string]string
}

// compose gives every service a place, and every volume a folder.
func compose(t *testing.T, file string) *composition {
	t.Helper()
	c := &composition{project: composed(t, file), program: filepath.Join(t.TempDir(), "btgw"), address: make(map[string]string), volumes: make(map[string]string)}
	build := exec.Command("go", "build", "-trimpath", "-o", c.program, "./cmd/btgw")
	build.Dir = "../.."
	if out, err := build.CombinedOutput(); err != nil {
		t.Fatalf("go build: %v\n%s", err, out)
	}
	pid := os.Getpid()
	for i, name := range slices.Sorted(maps.Keys(c.project.Services)) {
		c.address[name] = fmt.Sprintf("127.%d.%d.%d", 90+i, pid>>8&255, pid&255)
	}
	for name := range c.project.Volumes {
		c.volumes[name] = t.TempDir()
	}
	return c
}

// command is what a service runs, with the names of containers and folders replaced.
func (c *composition) command(t *testing.T, name string) *exec.Cmd {
	t.Helper()
	s := c.project.Services[name]
	dir := t.TempDir()
	pairs := []string{"/tmp/", dir + "/", "chown ", ": "}
	for _, v := range s.Volumes {
		source := v.Source
		if v.Type == types.VolumeTypeVolume {
			source = c.volumes[v.Source]
		}
		pairs = append(pairs, v.Target, source)
	}
	everybody := c.aliased()
	for alias, names := range everybody {
		port := regexp.MustCompile(`\b` + alias + `:(\d+)`)
		for i, word := range s.Command {
			s.Command[i] = port.ReplaceAllStringFunc(word, func(at string) string {
				var all []string
				for _, n := range names {
					all = append(all, c.address[n]+at[len(alias):])
				}
				return strings.Join(all, ",")
			})
		}
	}
	r := strings.NewReplacer(append(pairs, "bind :8080", "bind "+c.address[name]+":8080")...)
	words := make([]string, len(s.Command))
	for i, word := range s.Command {
		words[i] = r.Replace(strings.ReplaceAll(word, "$$", "$"))
	}
	if s.Image == "btgw" {
		words = append([]string{c.program}, words...)
	}
	cmd := exec.Command(words[0], words[1:]...)
	cmd.Env = append(os.Environ(), "PATH="+os.Getenv("PATH")+":/usr/sbin", "HOME="+dir)
	for key, value := range s.Environment {
		cmd.Env = append(cmd.Env, key+"="+r.Replace(*value))
	}
	if s.Image == "btgw" { // what the image says
		at := c.address[name]
		cmd.Env = append(cmd.Env, "BTGW_LISTEN="+at+":8080", "BTGW_ADMIN_LISTEN="+at+":8081", "BTGW_PEER_LISTEN="+at+":22069", "BTGW_CACHE_DIR="+r.Replace("/cache"), "BTGW_NO_PORTMAP=true", "BTGW_NO_DHT=true", "BTGW_NO_LSD=true")
	}
	return cmd
}

// aliased returns the names that a service can look up, with the services that have them.
func (c *composition) aliased() map[string][]string {
	all := make(map[string][]string)
	for _, name := range slices.Sorted(maps.Keys(c.project.Services)) {
		all[name] = []string{name}
		for _, n := range c.project.Services[name].Networks {
			if n != nil {
				for _, alias := range n.Aliases {
					all[alias] = append(all[alias], name)
				}
			}
		}
	}
	return all
}

// run starts a service, which ends with the test.
func (c *composition) run(t *testing.T, name string) {
	t.Helper()
	cmd := c.command(t, name)
	var out bytes.Buffer
	cmd.Stdout, cmd.Stderr, cmd.WaitDelay = &out, &out, 5*time.Second
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	if err := cmd.Start(); err != nil {
		t.Fatalf("%s: %v", name, err)
	}
	ended := make(chan struct{})
	go func() { _ = cmd.Wait(); close(ended) }()
	t.Cleanup(func() {
		_ = syscall.Kill(-cmd.Process.Pid, syscall.SIGKILL)
		<-ended
		if t.Failed() {
			t.Logf("%s: %v\n%s", name, cmd.Args, out.String())
		}
	})
}

// TestComposeFleet runs what the Compose file of a fleet runs: three gateways are linked, have the store, and are behind
// HAProxy.
func TestComposeFleet(t *testing.T) {
	c := compose(t, "compose-fleet.yaml")
	if out, err := c.command(t, "secrets").CombinedOutput(); err != nil {
		t.Fatalf("secrets: %v\n%s", err, out)
	}
	secret := func() string {
		text, err := os.ReadFile(filepath.Join(c.volumes["secrets"], "siblings"))
		if err != nil || !regexp.MustCompile(`^[0-9a-f]{64}$`).Match(text) {
			t.Fatalf("the secret: %q %v", text, err)
		}
		return string(text)
	}
	first := secret()
	if out, err := c.command(t, "secrets").CombinedOutput(); err != nil || secret() != first {
		t.Errorf("secrets are made anew: %v\n%s", err, out)
	}
	gateways := []string{"gateway1", "gateway2", "gateway3"}
	for _, name := range append([]string{"store", "haproxy"}, gateways...) {
		if depends := c.project.Services[name].DependsOn; len(depends) == 0 {
			t.Errorf("%s depends on nothing", name)
		}
		c.run(t, name)
	}
	for _, name := range gateways {
		url := "http://" + c.address[name] + ":8081/metrics"
		await(t, name+" has two siblings and the store", func() bool {
			text := page(url)
			return strings.Contains(text, "\nbtgw_fleet_siblings 2") && strings.Contains(text, "\nbtgw_objects_up 1")
		})
	}
	await(t, "HAProxy serves", func() bool {
		status, _ := get(c.address["haproxy"]+":8080", "127.0.0.1:8080", "/")
		return status == http.StatusOK
	})
	if ports := c.project.Services["haproxy"].Ports; len(ports) != 1 || ports[0].HostIP != "127.0.0.1" || ports[0].Published != "8080" || ports[0].Target != 8080 {
		t.Errorf("HAProxy's ports: %+v", ports)
	}
}

// page returns what is at a URL; "" where nothing is.
func page(url string) string {
	a, err := client.Get(url)
	if err != nil {
		return ""
	}
	defer a.Body.Close()
	text, _ := io.ReadAll(a.Body)
	return string(text)
}
