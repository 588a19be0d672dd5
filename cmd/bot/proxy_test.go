package main

import (
	"context"
	"crypto/subtle"
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"

	"zomrobot/telegram"
)

// Who may use the proxies of the tests.
const (
	proxyUser     = "bot"
	proxyPassword = "Hidden-Proxy-55"
)

// gate is a proxy that notes where it was asked to lead.
type gate struct {
	address string // with who logs in

	mu     sync.Mutex
	asked  []string
	denied int
}

func (g *gate) note(target string, allowed bool) {
	g.mu.Lock()
	defer g.mu.Unlock()
	if !allowed {
		g.denied++
		return
	}
	g.asked = append(g.asked, target)
}

func (g *gate) targets() []string {
	g.mu.Lock()
	defer g.mu.Unlock()
	return slices.Compact(slices.Sorted(slices.Values(g.asked)))
}

// httpGate is an HTTP proxy with a password.
func httpGate(t *testing.T) *gate {
	t.Helper()
	g := &gate{}
	wanted := "Basic " + base64.StdEncoding.EncodeToString([]byte(proxyUser+":"+proxyPassword))
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		allowed := subtle.ConstantTimeCompare([]byte(r.Header.Get("Proxy-Authorization")), []byte(wanted)) == 1
		g.note(r.URL.Host, allowed)
		if !allowed {
			w.WriteHeader(http.StatusProxyAuthRequired)
			return
		}
		onward := r.Clone(r.Context())
		onward.RequestURI = ""
		onward.Header.Del("Proxy-Authorization")
		answer, err := http.DefaultTransport.RoundTrip(onward)
		if err != nil {
			w.WriteHeader(http.StatusBadGateway)
			return
		}
		defer func() { _ = answer.Body.Close() }()
		for name, values := range answer.Header {
			w.Header()[name] = values
		}
		w.WriteHeader(answer.StatusCode)
		_, _ = io.Copy(w, answer.Body)
	}))
	t.Cleanup(server.CloseClientConnections)
	t.Cleanup(server.Close)
	g.address = strings.Replace(server.URL, "://", "://"+proxyUser+":"+proxyPassword+"@", 1)
	return g
}

// socksGate is a SOCKS5 proxy with a password (RFC 1928, RFC 1929).
func socksGate(t *testing.T) *gate {
	t.Helper()
	g := &gate{}
	listener, err := (&net.ListenConfig{}).Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	var wait sync.WaitGroup
	t.Cleanup(func() {
		cancel()
		_ = listener.Close()
		wait.Wait()
	})
	wait.Go(func() {
		for {
			conn, err := listener.Accept()
			if err != nil {
				return
			}
			wait.Go(func() {
				defer context.AfterFunc(ctx, func() { _ = conn.Close() })()
				defer func() { _ = conn.Close() }()
				if err := g.socks(ctx, conn); err != nil && ctx.Err() == nil && !errors.Is(err, net.ErrClosed) {
					t.Logf("socks: %v", err)
				}
			})
		}
	})
	g.address = "socks5://" + proxyUser + ":" + proxyPassword + "@" + listener.Addr().String()
	return g
}

func (g *gate) socks(ctx context.Context, conn net.Conn) error {
	read := func(n int) []byte {
		b := make([]byte, n)
		if _, err := io.ReadFull(conn, b); err != nil {
			return make([]byte, n)
		}
		return b
	}
	methods := read(int(read(2)[1]))
	if !slices.Contains(methods, 2) {
		g.note("", false)
		_, err := conn.Write([]byte{5, 0xff})
		return err
	}
	if _, err := conn.Write([]byte{5, 2}); err != nil {
		return err
	}
	user := read(int(read(2)[1]))
	password := read(int(read(1)[0]))
	if string(user) != proxyUser || string(password) != proxyPassword {
		g.note("", false)
		_, err := conn.Write([]byte{1, 1})
		return err
	}
	if _, err := conn.Write([]byte{1, 0}); err != nil {
		return err
	}
	host := ""
	switch request := read(4); request[3] {
	case 1:
		host = net.IP(read(4)).String()
	case 3:
		host = string(read(int(read(1)[0])))
	case 4:
		host = net.IP(read(16)).String()
	}
	port := read(2)
	target := net.JoinHostPort(host, strconv.Itoa(int(port[0])<<8|int(port[1])))
	g.note(target, true)
	onward, err := (&net.Dialer{}).DialContext(ctx, "tcp", target)
	if err != nil {
		_, err := conn.Write([]byte{5, 5, 0, 1, 0, 0, 0, 0, 0, 0})
		return err
	}
	defer func() { _ = onward.Close() }()
	defer context.AfterFunc(ctx, func() { _ = onward.Close() })()
	if _, err := conn.Write([]byte{5, 0, 0, 1, 0, 0, 0, 0, 0, 0}); err != nil {
		return err
	}
	done := make(chan struct{})
	go func() {
		defer close(done)
		_, _ = io.Copy(onward, conn)
		_ = onward.Close()
	}()
	_, _ = io.Copy(conn, onward)
	_ = conn.Close()
	<-done
	return nil
}

// TestProxyToTelegram: the built bot speaks to Telegram, and to nobody else, through
// TELEGRAM_PROXY_URL, and its password is printed nowhere.
func TestProxyToTelegram(t *testing.T) {
	t.Parallel()
	for name, open := range map[string]func(*testing.T) *gate{"http": httpGate, "socks5": socksGate} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			g := open(t)
			p := newProcess(t)
			chats, vendor := "", ""
			for _, variable := range p.env {
				if address, ok := strings.CutPrefix(variable, "TELEGRAM_API_URL=http://"); ok {
					chats = address
				}
				if address, ok := strings.CutPrefix(variable, "ZOMRO_API_URL=http://"); ok {
					vendor = address
				}
			}
			p.env = append(p.env, "TELEGRAM_PROXY_URL="+g.address)
			p.start()
			p.connect(anna) // asks the vendor, too
			p.stop()
			if got := g.targets(); !slices.Equal(got, []string{chats}) {
				t.Errorf("the proxy led to %q, want %q alone (the vendor is %s)", got, chats, vendor)
			}
			out, code := run(t, p.env, "check")
			if code != exitDone || !regexp.MustCompile(`(?m)^ok +telegram .* through TELEGRAM_PROXY_URL, `+name+`://bot:\[redacted\]@127\.0\.0\.1`).MatchString(out) {
				t.Errorf("bot check ended with %d:\n%s", code, out)
			}

			wrong := strings.Replace(g.address, proxyPassword, "Hidden-Wrong-66", 1)
			refused, code := run(t, append(slices.Clone(p.env), "TELEGRAM_PROXY_URL="+wrong), "check")
			if code != exitFailed || !strings.Contains(refused, "FAIL  telegram") {
				t.Errorf("with a wrong password bot check ended with %d:\n%s", code, refused)
			}
			closed := strings.Replace(closedAddress(t), "://", "://bot:"+proxyPassword+"@", 1)
			gone, code := run(t, append(slices.Clone(p.env), "TELEGRAM_PROXY_URL="+closed), "check")
			if code != exitFailed || !strings.Contains(gone, "FAIL  telegram") {
				t.Errorf("without the proxy bot check ended with %d:\n%s", code, gone)
			}
			for _, text := range []string{out, refused, gone, p.logs.String()} {
				if strings.Contains(text, proxyPassword) || strings.Contains(text, "Hidden-Wrong-66") {
					t.Errorf("a password of a proxy is printed:\n%s", text)
				}
			}
		})
	}
}

// TestCheckTellsTheWays: bot check says which version of IP leads to Telegram and to
// the vendor.
func TestCheckTellsTheWays(t *testing.T) {
	t.Parallel()
	p := newProcess(t) // on 127.0.0.1
	out, code := run(t, p.env, "check")
	if code != exitDone {
		t.Errorf("exit code %d", code)
	}
	for _, what := range []string{"telegram", "vendor"} {
		if !regexp.MustCompile(`(?m)^ok +` + what + ` +by IPv4; one is enough, the other does not lead there \(IPv6: .+\)$`).MatchString(out) {
			t.Errorf("the ways to %s are not told", what)
		}
	}
	if t.Failed() {
		t.Log(out)
	}
}

// TestProxyIsNotPrinted: whatever prints the address leaves the password out.
func TestProxyIsNotPrinted(t *testing.T) {
	secret := (&url.URL{Scheme: "socks5", User: url.UserPassword("u", "p&ss:w0rd"), Host: "proxy.example:1080"}).String()
	proxy, err := telegram.NewProxy(secret)
	if err != nil {
		t.Fatal(err)
	}
	c := TelegramConfig{Proxy: proxy}
	for _, format := range []string{"%v", "%+v", "%#v", "%s", "%q", "%x", "%d"} {
		if got := fmt.Sprintf(format+format, proxy, c); strings.Contains(got, "w0rd") {
			t.Errorf("%s prints %s", format, got)
		}
	}
	if got := proxy.String(); got != "socks5://u:[redacted]@proxy.example:1080" {
		t.Errorf("it is shown as %s", got)
	}
	for _, wrong := range []string{"", "proxy:1080", "ftp://x", "socks5://", "http://u:w0rd@x/path", "http://u:w0rd@x:port", "http://u:w0rd%@x"} {
		if _, err := telegram.NewProxy(wrong); err == nil || strings.Contains(err.Error(), "w0rd") {
			t.Errorf("%q: %v", wrong, err)
		}
	}
}
