package main

import (
	"fmt"
	"net"

	"github.com/coreos/go-systemd/v22/activation"
)

// inherited returns the sockets that a supervisor opened for this process (LISTEN_FDS, sd_listen_fds(3)). The admin
// listener is the one called "admin", or the second; the other one serves content. Each is nil if there is none.
func inherited() (content, admin net.Listener, err error) {
	for _, file := range activation.Files(true) {
		at, err := net.FileListener(file)
		name := file.Name()
		file.Close() // the listener has a copy
		if err != nil {
			return nil, nil, fmt.Errorf("the socket %s that was handed over cannot be listened on: %w", name, err)
		}
		switch {
		case name == "admin" && admin == nil, content != nil && admin == nil:
			admin = at
		case content == nil:
			content = at
		default:
			at.Close()
			return content, admin, fmt.Errorf("the socket %s was handed over, and there are two already", name)
		}
	}
	return content, admin, nil
}

// checkInherited refuses sockets that open btgw to other machines without its user having said so, as checkExposure does
// addresses.
func checkInherited(s settings, content, admin net.Listener) error {
	if content != nil && len(s.modes) == 0 && exposed(content) {
		return withStatus(exitUsage, fmt.Errorf("the socket %s that was handed over can be reached from other machines: say --mode open if that is meant", content.Addr()))
	}
	if admin != nil && s.adminToken == "" && exposed(admin) {
		return withStatus(exitUsage, fmt.Errorf("the admin socket %s that was handed over can be reached from other machines: set --admin-token", admin.Addr()))
	}
	return nil
}

// exposed reports whether other machines reach a listener. A socket of the file system has the permissions of its file.
func exposed(at net.Listener) bool {
	return at.Addr().Network() != "unix" && !loopback(at.Addr().String())
}
