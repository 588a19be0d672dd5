package conversation

import (
	"cmp"

	"zomrobot/zomro"
)

// SSHLine is the command that logs in to a server; false: it has no address yet, or is
// logged in to in another way.
func SSHLine(s zomro.Service) (string, bool) {
	address := cmp.Or(s.IPv4, s.IPv6)
	if address == "" || Windows(s.Image) {
		return "", false
	}
	return "ssh root@" + address, true
}
