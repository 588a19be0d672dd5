package sandbox_test

import (
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"zomrobot/zomro/profile"
	"zomrobot/zomro/sandbox"
)

// command posts to the control API.
func (r *rig) command(path, body string) (int, node) {
	r.t.Helper()
	response, err := http.Post(r.url+path, "application/json", strings.NewReader(body))
	if err != nil {
		r.t.Fatal(err)
	}
	defer func() { _ = response.Body.Close() }()
	text, err := io.ReadAll(response.Body)
	if err != nil {
		r.t.Fatal(err)
	}
	if response.StatusCode != http.StatusOK {
		return response.StatusCode, node{r.t, string(text)}
	}
	return response.StatusCode, parse(r.t, text)
}

func (r *rig) look(path string) node {
	r.t.Helper()
	response, err := http.Get(r.url + path)
	if err != nil {
		r.t.Fatal(err)
	}
	defer func() { _ = response.Body.Close() }()
	text, err := io.ReadAll(response.Body)
	if err != nil || response.StatusCode != http.StatusOK {
		r.t.Fatalf("%s: status %d, %v", path, response.StatusCode, err)
	}
	return parse(r.t, text)
}

func TestControl(t *testing.T) {
	r := newRig(t, sandbox.Config{})
	do := func(path, body string) node {
		t.Helper()
		status, result := r.command(path, body)
		if status != http.StatusOK {
			t.Fatalf("%s %s: status %d: %v", path, body, status, result.v)
		}
		return result
	}
	do("/sandbox/account", `{"login":"second","password":"Second-Pass-1","amount":"12.50"}`)
	equalMoney(t, "balance of the second", r.Balance("second"), "12.5")
	do("/sandbox/balance", `{"login":"second","amount":3}`)
	equalMoney(t, "balance of the second", r.Balance("second"), "3")

	do("/sandbox/price", `{"plan":"9102","period":"1","amount":"6.66"}`)
	do("/sandbox/activation", `{"delay":"1m"}`)
	r.confirm(r.add())
	if got := r.Services(login)[0].Status; got != "5_open" {
		t.Errorf("status %s", got)
	}
	r.clock.Advance(time.Minute)
	id := r.Services(login)[0].ID
	do("/sandbox/service-status", `{"login":"buyer","service":"`+id+`","code":"4"}`)
	do("/sandbox/service", `{"login":"buyer","name":"elsewhere"}`)
	foreign := do("/sandbox/foreign", `{"login":"buyer"}`).text("lineItem")

	state := r.look("/sandbox/state").at("accounts", login)
	if state.text("balance", "amount") != "93.34" || state.text("cart", 0, "lineItem") != foreign ||
		state.text("services", 0, "status") != "4" || state.text("services", 1, "name") != "elsewhere" {
		t.Errorf("state: %v", state.v)
	}
	orders := r.look("/sandbox/orders?login=buyer")
	if orders.text(0, "amount", "amount") != "6.66" {
		t.Errorf("orders: %v", orders.v)
	}
	if got := len(r.look("/sandbox/orders?login=nobody").rows()); got != 0 {
		t.Errorf("nobody has %d orders", got)
	}

	do("/sandbox/remove-service", `{"login":"buyer","service":"`+id+`"}`)
	do("/sandbox/empty", `{"login":"buyer"}`)
	if len(r.Services(login)) != 1 || len(r.Cart(login)) != 0 {
		t.Error("remove-service or empty did nothing")
	}

	do("/sandbox/fault", `{"kind":"status","status":503,"func":"keepalive","times":-1}`)
	if status, _, _, _ := r.try("keepalive"); status != 503 {
		t.Errorf("status %d", status)
	}
	do("/sandbox/remove", `{}`)
	r.ok("keepalive")
	hold := do("/sandbox/fault", `{"kind":"hold","func":"keepalive","delay":"1h"}`)
	if number, _ := hold.at("id").v.(float64); number != 2 {
		t.Errorf("id %v", hold.v)
	}
	if armed := r.Faults(); len(armed) != 1 || armed[0].ID != 2 || armed[0].Kind != sandbox.Hold || armed[0].Over {
		t.Errorf("what is armed: %+v", armed)
	}
	changed := r.Changed()
	do("/sandbox/release", `{"id":2}`)
	select {
	case <-changed:
	default:
		t.Error("a command of the control API did not show")
	}
	r.ok("keepalive")
	if armed := r.Faults(); len(armed) != 1 || armed[0].Hits != 1 || !armed[0].Over {
		t.Errorf("what is over: %+v", armed)
	}

	do("/sandbox/prices", `{"percent":10}`)
	r.add()
	equalMoney(t, "a plan of 6.66 that costs a tenth more", r.Cart(login)[0].Charge, "7.33")
	do("/sandbox/prices", `{"percent":"-50"}`)
	equalMoney(t, "the same at half the price, in the cart", r.Cart(login)[0].Charge, "3.67")

	shown := r.look("/sandbox/calls")
	if shown.text(0, "func") != "v2.instances.order.param" {
		t.Errorf("first call: %v", shown.at(0).v)
	}
	text := strings.Join([]string{textOf(shown), textOf(orders)}, "")
	for _, secret := range []string{"Server-Pass-1", r.auth} {
		if strings.Contains(text, secret) {
			t.Errorf("the control API shows %q", secret)
		}
	}

	do("/sandbox/empty", `{"login":"buyer"}`)
	r.wrong(do)
	do("/sandbox/activation", `{"delay":"never"}`)
	do("/sandbox/expire", `{"login":"buyer"}`)
	r.refused("auth", "", "instances")
}

// wrong has the control API make the vendor answer wrongly.
func (r *rig) wrong(do func(path, body string) node) {
	r.t.Helper()
	answered := do("/sandbox/behave", `{"behaviour":{"facts":{"rows":"one","taken":"more"},"surchargeAfter":50}}`)
	do("/sandbox/behave", `{"behaviour":{"facts":{"server-name":"changed"}}}`)
	if b := r.Behaviour(); b.Facts[profile.Rows] != profile.One || b.Facts[profile.Taken] != profile.More || b.Facts[profile.ServerName] != profile.Changed || answered.text("facts", "taken") != "more" {
		r.t.Errorf("behaves: %+v, answered %v", b, answered.v)
	}
	do("/sandbox/behave", `{"behaviour":{"facts":{"rows":"","taken":"","server-name":""},"surchargeAfter":0,"confirmDoesNotPay":true}}`)
	r.confirm(r.add("servername", "paid"))
	r.confirm(r.add("servername", "cancelled"))
	services := r.Services(login)
	paid, cancelled := services[len(services)-2].ID, services[len(services)-1].ID
	do("/sandbox/behave", `{"behaviour":{"facts":{"balance-when":"later"},"laterBy":60}}`)
	do("/sandbox/pay", `{"login":"buyer","service":"`+paid+`"}`)
	do("/sandbox/cancel", `{"login":"buyer","service":"`+cancelled+`"}`)
	do("/sandbox/behave", `{"behaviour":{"confirmDoesNotPay":false}}`)
	do("/sandbox/roll-back", `{"login":"buyer","lineItem":"`+r.PutForeignItem(login)+`"}`)
	do("/sandbox/user", `{"login":"colleague","password":"Other-Pass-1","of":"buyer"}`)
	state := func() node { return r.look("/sandbox/state").at("accounts", login) }
	charges := r.look("/sandbox/charges?login=colleague").rows()
	if now := state(); now.text("users", 0) != "colleague" || now.text("shown", "amount") == now.text("balance", "amount") ||
		now.has("stale") || charges[len(charges)-1].text("name") != "paid" {
		r.t.Errorf("state %v, charges %v", now.v, charges)
	}
	do("/sandbox/behave", `{"behaviour":{"facts":{"balance-when":""}}}`)
	do("/sandbox/freeze", `{"login":"buyer","delay":"1m"}`)
	if now := state(); now.has("shown") || !now.has("stale") {
		r.t.Errorf("state %v", now.v)
	}
	do("/sandbox/thaw", `{"login":"buyer"}`)
	do("/sandbox/freeze", `{"login":"buyer","delay":"never","atConfirm":true}`)
	if now := state(); now.has("stale") {
		r.t.Errorf("state %v", now.v)
	}
	do("/sandbox/fault", `{"kind":"later","func":"keepalive","shape":"ok","delay":"1m"}`)
	r.ok("keepalive")
	r.confirm(r.add())
	if now := state(); !now.has("stale") {
		r.t.Errorf("state %v", now.v)
	}
}

// textOf writes a value as text, to search it.
func textOf(n node) string {
	var text strings.Builder
	var walk func(v any)
	walk = func(v any) {
		switch v := v.(type) {
		case map[string]any:
			for key, inner := range v {
				text.WriteString(key + " ")
				walk(inner)
			}
		case []any:
			for _, inner := range v {
				walk(inner)
			}
		case string:
			text.WriteString(v + " ")
		}
	}
	walk(n.v)
	return text.String()
}

func TestControlRefuses(t *testing.T) {
	r := newRig(t, sandbox.Config{})
	for path, bodies := range map[string][]string{
		"/sandbox/fault":          {`{}`, `{"kind":"none"}`, `{"kind":"status","status":7}`, `{"kind":"pretend","shape":"round"}`, `{"kind":"hold","delay":"soon"}`, `{"knd":"drop"}`, `{`},
		"/sandbox/activation":     {`{}`, `{"delay":"-1s"}`, `{"delay":"soon"}`},
		"/sandbox/account":        {`{}`, `{"login":"x","password":"y"}`},
		"/sandbox/balance":        {`{"login":"buyer"}`, `{"login":"nobody","amount":1}`},
		"/sandbox/price":          {`{"plan":"9102","period":"1"}`, `{"plan":"1","period":"1","amount":1}`},
		"/sandbox/prices":         {`{"percent":-100}`, `{"percent":"much"}`},
		"/sandbox/expire":         {`{"login":"nobody"}`},
		"/sandbox/foreign":        {`{"login":"nobody"}`},
		"/sandbox/empty":          {`{"login":"nobody"}`},
		"/sandbox/service":        {`{"login":"nobody"}`},
		"/sandbox/remove-service": {`{"login":"buyer","service":"1"}`},
		"/sandbox/behave":         {`{}`, `{"behaviour":{"facts":{"rows":"shouted"}}}`, `{"behaviour":{"nmes":""}}`, `{"behaviour":{"surchargeAfter":-1}}`},
		"/sandbox/user":           {`{"login":"x","password":"y","of":"nobody"}`, `{"login":"x","of":"buyer"}`},
		"/sandbox/freeze":         {`{"login":"buyer"}`, `{"login":"nobody","delay":"1m"}`, `{"login":"nobody","delay":"1m","atConfirm":true}`},
		"/sandbox/thaw":           {`{"login":"nobody"}`},
		"/sandbox/roll-back":      {`{"login":"buyer","lineItem":"1"}`},
		"/sandbox/pay":            {`{"login":"buyer","service":"1"}`},
		"/sandbox/cancel":         {`{"login":"buyer","service":"1"}`},
		"/sandbox/service-status": {`{"login":"buyer","service":"1","code":"2"}`, `{"login":"buyer"}`},
		"/sandbox/service-bytes":  {`{"login":"buyer","service":"1","used":1,"paid":2}`},
		"/sandbox/service-power":  {`{"login":"buyer","service":"1","code":"stopped"}`, `{"login":"buyer"}`},
	} {
		for _, body := range bodies {
			if status, _ := r.command(path, body); status != http.StatusBadRequest {
				t.Errorf("%s %s: status %d", path, body, status)
			}
		}
	}
	if status, _ := r.command("/sandbox/other", `{}`); status != http.StatusNotFound {
		t.Errorf("unknown command: status %d", status)
	}

	response, err := http.Post(r.url+"/sandbox/empty", "text/plain", strings.NewReader(`{"login":"buyer"}`))
	if err != nil {
		t.Fatal(err)
	}
	_ = response.Body.Close()
	if response.StatusCode != http.StatusUnsupportedMediaType {
		t.Errorf("not JSON: status %d", response.StatusCode)
	}
	recorder := httptest.NewRecorder()
	request := httptest.NewRequest(http.MethodGet, "/sandbox/state", nil)
	request.RemoteAddr = "192.0.2.1:4711"
	r.ServeHTTP(recorder, request)
	if recorder.Code != http.StatusForbidden {
		t.Errorf("from another machine: status %d", recorder.Code)
	}
}
