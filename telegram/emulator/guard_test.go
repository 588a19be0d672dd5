package emulator_test

import (
	"net/http"
	"testing"

	"zomrobot/telegram/emulator"
)

// read asks for a path with headers and returns the status.
func (w *world) read(path string, header ...string) int {
	w.t.Helper()
	r, err := http.NewRequestWithContext(w.t.Context(), http.MethodGet, w.url+path, http.NoBody)
	w.must(err)
	for i := 0; i < len(header); i += 2 {
		if header[i] == "Host" {
			r.Host = header[i+1]
		}
		r.Header.Set(header[i], header[i+1])
	}
	response, err := http.DefaultClient.Do(r)
	w.must(err)
	w.must(response.Body.Close())
	return response.StatusCode
}

// TestGuard: nobody but the page itself acts or reads, and what stands beside the
// chats is as well guarded as they are.
func TestGuard(t *testing.T) {
	asked := 0
	w := newWorld(t, func(c *emulator.Config) {
		c.Panel = http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			asked++
			if r.URL.Path != "/panel.js" {
				w.WriteHeader(http.StatusNotFound)
			}
		})
	})
	hi := `{"user":1001,"text":"hi"}`
	for name, header := range map[string][]string{
		"another site's page":                    {"Sec-Fetch-Site", "cross-site", "Origin", "https://evil.example"},
		"another port's page":                    {"Sec-Fetch-Site", "same-site", "Origin", "http://127.0.0.1:1"},
		"another site's page in an old browser":  {"Origin", "https://evil.example"},
		"a sandboxed page":                       {"Origin", "null"},
		"another name of this machine":           {"Host", "evil.example"},
		"another name of this machine, own page": {"Host", "evil.example", "Sec-Fetch-Site", "same-origin", "Origin", "http://evil.example"},
	} {
		if code, _ := w.sim("send", hi, header...); code != http.StatusForbidden {
			t.Errorf("%s acts: %d", name, code)
		}
		for _, path := range []string{"/sim/state", "/sim/events", "/sim/transcript?chat=1001", "/panel/panel.js"} {
			if code := w.read(path, header...); code != http.StatusForbidden {
				t.Errorf("%s reads %s: %d", name, path, code)
			}
		}
	}
	if asked != 0 {
		t.Errorf("the panel was asked %d times", asked)
	}
	for _, host := range []string{"localhost:80", "127.0.0.1", "[::1]:8080"} {
		own := []string{"Host", host, "Sec-Fetch-Site", "same-origin", "Origin", "http://" + host}
		if code, _ := w.sim("send", hi, own...); code != http.StatusOK {
			t.Errorf("%s: %d", host, code)
		}
		if code := w.read("/panel/panel.js", own...); code != http.StatusOK {
			t.Errorf("the panel at %s: %d", host, code)
		}
	}
	if code := w.read("/", "Sec-Fetch-Site", "cross-site"); code != http.StatusOK {
		t.Errorf("a link to the page: %d", code)
	}
}
