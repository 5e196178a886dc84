package check

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/goreleaser/nfpm/v2"
	_ "github.com/goreleaser/nfpm/v2/deb"
	_ "github.com/goreleaser/nfpm/v2/rpm"
	strict "sigs.k8s.io/yaml"
)

// TestUnits has systemd verify the units, with a program of that name in the place of the real one.
func TestUnits(t *testing.T) {
	dir := t.TempDir()
	for _, name := range []string{"btgw.service", "btgw.socket"} {
		text, err := os.ReadFile(filepath.Join("../systemd", name))
		if err != nil {
			t.Fatal(err)
		}
		unit := strings.ReplaceAll(string(text), "/usr/bin/btgw", "/bin/true")
		if err := os.WriteFile(filepath.Join(dir, name), []byte(unit), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	verify := exec.Command("systemd-analyze", "verify", "--man=no", filepath.Join(dir, "btgw.service"), filepath.Join(dir, "btgw.socket"))
	if out, err := verify.CombinedOutput(); err != nil || len(out) > 0 {
		t.Errorf("systemd-analyze verify: %v\n%s", err, out)
	}
	security := exec.Command("systemd-analyze", "security", "--offline=yes", "--threshold=20", filepath.Join(dir, "btgw.service"))
	if out, err := security.CombinedOutput(); err != nil {
		t.Errorf("exposure of 2.0 and more: %v\n%s", err, out)
	}
}

// TestCompose checks that the Compose file's nginx has a configuration that nginx takes, and that the ports fit together.
func TestCompose(t *testing.T) {
	composed(t, "compose.yaml")
	text, err := os.ReadFile("../compose.yaml")
	if err != nil {
		t.Fatal(err)
	}
	var file struct {
		Services map[string]struct {
			Command     []string
			Environment map[string]string
			NetworkMode string `json:"network_mode"`
			Ports       []string
		}
	}
	if err := strict.Unmarshal(text, &file); err != nil {
		t.Fatal(err)
	}
	btgw, nginx := file.Services["btgw"], file.Services["nginx"]
	if nginx.NetworkMode != "service:btgw" || btgw.Ports[0] != "127.0.0.1:8080:8080" || btgw.Environment["BTGW_LISTEN"] != "127.0.0.1:8081" {
		t.Errorf("btgw %+v, nginx %+v", btgw, nginx)
	}
	dir := t.TempDir()
	script, _, _ := strings.Cut(nginx.Command[2], "exec nginx")
	script = strings.NewReplacer("/etc/nginx/nginx.conf.template", "../nginx.conf", "/tmp/nginx.conf", dir+"/nginx.conf").Replace(script)
	if out, err := exec.Command("sh", "-ec", script).CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	conf, err := os.ReadFile(filepath.Join(dir, "nginx.conf"))
	if err != nil {
		t.Fatal(err)
	}
	if c := string(conf); !strings.Contains(c, "server 127.0.0.1:8081;") || !strings.Contains(c, "listen 8080 ") || strings.Contains(c, "listen 80 ") {
		t.Errorf("ports in nginx's configuration:\n%s", c)
	}
}

// TestPackages makes a .deb and an .rpm of files that stand for what is built, and reads the .deb with dpkg.
func TestPackages(t *testing.T) {
	root := t.TempDir()
	for _, name := range []string{"LICENSE", "deploy/nfpm.yaml", "deploy/systemd/btgw.service", "deploy/systemd/btgw.socket", "deploy/systemd/btgw.yaml", "deploy/systemd/postinstall", "deploy/systemd/preremove"} {
		text, err := os.ReadFile(filepath.Join("../..", name))
		if err != nil {
			t.Fatal(err)
		}
		write(t, filepath.Join(root, name), text)
	}
	for _, name := range []string{"btgw-linux-amd64", "btgw.1.gz", "completion/bash", "completion/zsh", "completion/fish"} {
		write(t, filepath.Join(root, "bin/release", name), []byte("x"))
	}
	t.Chdir(root)
	t.Setenv("ARCH", "amd64")
	t.Setenv("VERSION", "1.2.3")
	config, err := nfpm.ParseFile("deploy/nfpm.yaml")
	if err != nil {
		t.Fatal(err)
	}
	for _, format := range []string{"deb", "rpm"} {
		info, err := config.Get(format)
		if err != nil {
			t.Fatal(err)
		}
		info = nfpm.WithDefaults(info)
		packager, err := nfpm.Get(format)
		if err != nil {
			t.Fatal(err)
		}
		f, err := os.Create("btgw." + format)
		if err != nil {
			t.Fatal(err)
		}
		if err := packager.Package(info, f); err != nil {
			t.Fatalf("%s: %v", format, err)
		}
		if err := f.Close(); err != nil {
			t.Fatal(err)
		}
	}
	out, err := exec.Command("dpkg-deb", "--info", "btgw.deb").CombinedOutput()
	if err != nil || !strings.Contains(string(out), "Version: 1.2.3") || !strings.Contains(string(out), "Architecture: amd64") || !strings.Contains(string(out), "Recommends: ca-certificates") {
		t.Errorf("dpkg-deb --info: %v\n%s", err, out)
	}
	out, err = exec.Command("dpkg-deb", "--contents", "btgw.deb").CombinedOutput()
	if err != nil || !strings.Contains(string(out), "-rwxr-xr-x") {
		t.Errorf("dpkg-deb --contents: %v\n%s", err, out)
	}
	for _, want := range []string{"./usr/bin/btgw\n", "./usr/lib/systemd/system/btgw.service\n", "./etc/btgw/btgw.yaml\n", "./usr/share/man/man1/btgw.1.gz\n"} {
		if !strings.Contains(string(out), want) {
			t.Errorf("the .deb lacks %q:\n%s", want, out)
		}
	}
}

func write(t *testing.T, name string, data []byte) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(name), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(name, data, 0o644); err != nil {
		t.Fatal(err)
	}
}
