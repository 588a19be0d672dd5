package zomro

import (
	"net/netip"
	"strings"
)

// HostFault is what is wrong with a text that should be a host name.
type HostFault string

// What can be wrong with a host name.
const (
	HostForeign HostFault = "foreign" // it has signs outside of ASCII: such a name has a form in ASCII, xn--…
	HostSigns   HostFault = "signs"   // it has others than letters, digits, hyphens and dots
	HostAddress HostFault = "address" // it is an IP address
	HostBare    HostFault = "bare"    // it has no dot: no name of a domain is in it
	HostLong    HostFault = "long"    // it has more than 253 signs
	HostLabel   HostFault = "label"   // a part between the dots is empty, longer than 63 signs, or begins or ends with a hyphen
	HostTop     HostFault = "top"     // the last part is no top-level domain: it has only one sign, or begins with a digit
)

// Error returns the fault as one word.
func (f HostFault) Error() string { return "not a host name: " + string(f) }

// The bounds of a host name, in signs (RFC 1035).
const (
	longestHost  = 253
	longestLabel = 63
)

// CheckHost returns what is wrong with a full host name in ASCII, without the dot at its
// end; nil: nothing. The vendor's cabinet asks for a little more [F]: at least two signs in
// each part, and no hyphen in the last, which leaves out xn--p1ai. That the vendor itself
// takes what the standard allows is [i].
func CheckHost(host string) error {
	if fault := hostFault(host); fault != "" {
		return fault
	}
	return nil
}

func hostFault(host string) HostFault {
	labels := strings.Split(host, ".")
	last := labels[len(labels)-1]
	switch {
	case strings.ContainsFunc(host, func(r rune) bool { return r > '~' }):
		return HostForeign
	case isAddress(host):
		return HostAddress
	case strings.ContainsFunc(host, func(r rune) bool { return r != '.' && !inLabel(r) }):
		return HostSigns
	case len(labels) == 1:
		return HostBare
	case len(host) > longestHost:
		return HostLong
	}
	for _, label := range labels {
		if label == "" || len(label) > longestLabel || strings.HasPrefix(label, "-") || strings.HasSuffix(label, "-") {
			return HostLabel
		}
	}
	if len(last) < 2 || '0' <= last[0] && last[0] <= '9' {
		return HostTop
	}
	return ""
}

func isAddress(text string) bool {
	_, err := netip.ParseAddr(text)
	return err == nil
}

// inLabel reports whether a sign may stand in a part of a host name.
func inLabel(r rune) bool {
	return r == '-' || '0' <= r && r <= '9' || 'a' <= r && r <= 'z' || 'A' <= r && r <= 'Z'
}

// SameHost compares two host names: case and a dot at the end do not count.
func SameHost(a, b string) bool {
	return strings.EqualFold(strings.TrimSuffix(a, "."), strings.TrimSuffix(b, "."))
}
