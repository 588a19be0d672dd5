package emulator

import (
	"net"
	"net/http"
	"strings"
)

// guard lets only this machine's own page reach a handler: neither foreign names
// that were made to point here nor other sites' pages may act or read.
func guard(next http.Handler) http.Handler {
	acting := http.NewCrossOriginProtection().Handler(next)
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch {
		case !loopback(r.Host):
			http.Error(w, "emulator: the page answers only to the loopback names of this machine", http.StatusForbidden)
		case foreign(r):
			http.Error(w, "emulator: the page answers only to itself", http.StatusForbidden)
		default:
			acting.ServeHTTP(w, r)
		}
	})
}

// foreign tells whether another site's page asks. Following a link to the page
// itself is fine.
func foreign(r *http.Request) bool {
	if r.URL.Path == "/" {
		return false
	}
	switch r.Header.Get("Sec-Fetch-Site") {
	case "", "same-origin", "none":
	default:
		return true
	}
	origin := r.Header.Get("Origin")
	return origin != "" && origin != "http://"+r.Host
}

// loopback tells whether host, with or without a port, names this machine. It keeps
// out foreign names that were made to point here.
func loopback(host string) bool {
	if name, _, err := net.SplitHostPort(host); err == nil {
		host = name
	}
	host = strings.Trim(host, "[]")
	if strings.EqualFold(host, "localhost") {
		return true
	}
	ip := net.ParseIP(host)
	return ip != nil && ip.IsLoopback()
}
