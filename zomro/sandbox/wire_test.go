package sandbox_test

import (
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"zomrobot/zomro/sandbox"
)

func TestTransport(t *testing.T) {
	r := newRig(t, sandbox.Config{})
	urlencoded := "application/x-www-form-urlencoded"
	form := url.Values{"func": {"whoami"}, "out": {"json"}, "auth": {r.auth}}.Encode()
	for name, test := range map[string]struct {
		method, path, kind, body string
		status                   int
	}{
		"root":            {"POST", "/", urlencoded, form, 200},
		"billmgr":         {"POST", "/billmgr", urlencoded, form, 200},
		"get":             {"GET", "/", "", "", 405},
		"fields in URL":   {"POST", "/?" + form, urlencoded, form, 400},
		"other path":      {"POST", "/other", urlencoded, form, 404},
		"no form":         {"POST", "/", "application/json", "{}", 400},
		"no type":         {"POST", "/", "", form, 400},
		"bad escape":      {"POST", "/", urlencoded, "func=%zz", 400},
		"bad name":        {"POST", "/", urlencoded, "%zz=1", 400},
		"bad multipart":   {"POST", "/", "multipart/form-data; boundary=x", "--x\r\n", 400},
		"too large":       {"POST", "/", urlencoded, "func=" + strings.Repeat("x", 2<<20), 400},
		"large multipart": {"POST", "/", "multipart/form-data; boundary=x", "--x\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\n" + strings.Repeat("x", 2<<20), 400},
	} {
		t.Run(name, func(t *testing.T) {
			request, err := http.NewRequest(test.method, r.url+test.path, strings.NewReader(test.body))
			if err != nil {
				t.Fatal(err)
			}
			request.Header.Set("Content-Type", test.kind)
			response, err := http.DefaultClient.Do(request)
			if err != nil {
				t.Fatal(err)
			}
			defer func() { _ = response.Body.Close() }()
			body, _ := io.ReadAll(response.Body)
			if response.StatusCode != test.status {
				t.Errorf("status %d, want %d: %.200s", response.StatusCode, test.status, body)
			}
			if test.status == 200 {
				if got := parse(t, body).text("doc", "user", "$realname"); got != login {
					t.Errorf("answer: %s", body)
				}
			}
		})
	}
	if got := r.Violations(); len(got) != 1 || !strings.Contains(got[0], "URL") {
		t.Errorf("violations: %q", got)
	}
}

func TestFieldsTwiceAndNotJSON(t *testing.T) {
	r := newRig(t, sandbox.Config{})
	r.refused("value", "elid", "instances.edit", "elid", "1", "elid", "2")
	kind, body := multipartBody(t, "func", "whoami", "auth", r.auth)
	response, err := http.Post(r.url, kind, body)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = response.Body.Close() }()
	if page, _ := io.ReadAll(response.Body); !strings.Contains(string(page), "<html>") {
		t.Errorf("without out=json: %s", page)
	}
}

func TestCalls(t *testing.T) {
	r := newRig(t, sandbox.Config{})
	r.AddKey(login, "laptop", publicKey)
	changed := r.Changed()
	r.ok("auth", "authinfo", login+":"+password)
	select {
	case <-changed:
	default:
		t.Error("the call did not show")
	}
	r.confirm(r.add())
	calls := r.Calls()
	var names []string
	for i, call := range calls {
		names = append(names, call.Func)
		if call.Number != i+1 || call.Status != 200 || !call.Finished || !call.Done || !call.Time.Equal(r.clock.Now()) || call.Response == "" {
			t.Errorf("call %+v", call.Masked())
		}
	}
	if got := strings.Join(names, " "); got != "auth v2.instances.order.param v2.instances.order.param cartorder.create.confirm" {
		t.Errorf("calls: %s", got)
	}
	if add := calls[2]; add.Field("password") != "Server-Pass-1" || add.Field("pricelist") != "9102" || add.Login != login ||
		add.Fields[0].Name != "func" || add.Fields[3].Name != "sok" {
		t.Errorf("the raw call is %+v", add)
	}
	shown, err := json.Marshal([]sandbox.Call{calls[0].Masked(), calls[2].Masked()})
	if err != nil {
		t.Fatal(err)
	}
	opened := parse(t, []byte(calls[0].Response)).text("doc", "auth", "$id")
	for _, secret := range []string{password, "Server-Pass-1", r.auth, opened} {
		if strings.Contains(string(shown), secret) {
			t.Errorf("a masked call shows %q", secret)
		}
	}
	if calls[2].Field("password") != "Server-Pass-1" {
		t.Error("masking changed the call itself")
	}
}

func TestOldCallsAreForgotten(t *testing.T) {
	r := newRig(t, sandbox.Config{})
	for range 1003 {
		request := httptest.NewRequest(http.MethodPost, "/", strings.NewReader("func=keepalive&out=json"))
		request.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		r.ServeHTTP(httptest.NewRecorder(), request)
	}
	if calls := r.Calls(); len(calls) != 1000 || calls[0].Number != 4 {
		t.Errorf("%d calls from number %d", len(calls), calls[0].Number)
	}
}

// TestSameEveryTime holds that two sandboxes answer alike.
func TestSameEveryTime(t *testing.T) {
	var answers [2]string
	for i := range answers {
		r := newRig(t, sandbox.Config{})
		r.confirm(r.add())
		for _, function := range []string{"v2.instances.order.pricelist", "instances", "cart"} {
			_, _, body, err := r.try(function)
			if err != nil {
				t.Fatal(err)
			}
			answers[i] += string(body)
		}
	}
	if answers[0] != answers[1] {
		t.Error("two sandboxes answer differently")
	}
}
