package sandbox_test

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"zomrobot/zomro/sandbox"
)

// TestFaults holds for every kind of fault what the caller sees, and whether
// the work was done.
func TestFaults(t *testing.T) {
	confirm := func(r *rig, lineItem string) (int, http.Header, []byte, error) {
		return r.try("cartorder.create.confirm", "elid", lineItem, "paymethod_id", "0", "sok", "ok")
	}
	cut := func(t *testing.T, _ int, _ http.Header, _ []byte, err error) {
		if !errors.Is(err, io.EOF) && !errors.Is(err, io.ErrUnexpectedEOF) && !strings.Contains(err.Error(), "reset") {
			t.Errorf("the connection was not cut: %v", err)
		}
	}
	answered := func(want int, parts ...string) func(*testing.T, int, http.Header, []byte, error) {
		return func(t *testing.T, status int, _ http.Header, body []byte, err error) {
			if err != nil || status != want {
				t.Fatalf("status %d, error %v", status, err)
			}
			mustContain(t, string(body), parts...)
		}
	}
	for name, test := range map[string]struct {
		fault sandbox.Fault
		paid  bool
		check func(*testing.T, int, http.Header, []byte, error)
	}{
		"drop before":  {sandbox.Fault{Kind: sandbox.Drop}, false, cut},
		"drop after":   {sandbox.Fault{Kind: sandbox.Drop, Effect: true}, true, cut},
		"cut body":     {sandbox.Fault{Kind: sandbox.CutBody}, true, cut},
		"502":          {sandbox.Fault{Kind: sandbox.Status}, false, answered(502, "<html>")},
		"502 after":    {sandbox.Fault{Kind: sandbox.Status, Effect: true}, true, answered(502, "<html>")},
		"403":          {sandbox.Fault{Kind: sandbox.Status, Status: 403}, false, answered(403)},
		"460":          {sandbox.Fault{Kind: sandbox.Status, Status: 460}, false, answered(460)},
		"html":         {sandbox.Fault{Kind: sandbox.HTML}, false, answered(200, "<html>", "Request in process")},
		"html after":   {sandbox.Fault{Kind: sandbox.HTML, Effect: true}, true, answered(200, "<html>")},
		"error":        {sandbox.Fault{Kind: sandbox.Reply, ErrorType: "access", ErrorObject: "x", ErrorText: "no", ErrorParam: "p"}, false, answered(200, `"$type":"access"`, `"$object":"x"`, `"msg":{"$":"no"}`, `"param":{"$":"p"}`)},
		"error after":  {sandbox.Fault{Kind: sandbox.Reply, ErrorType: "internal", Effect: true}, true, answered(200, `"$type":"internal"`)},
		"short hold":   {sandbox.Fault{Kind: sandbox.Hold, Delay: time.Millisecond}, true, answered(200, `"ok"`)},
		"hold after":   {sandbox.Fault{Kind: sandbox.Hold, Delay: time.Millisecond, Effect: true}, true, answered(200, `"ok"`)},
		"other func":   {sandbox.Fault{Kind: sandbox.Drop, Func: "cart"}, true, answered(200, `"ok"`)},
		"other field":  {sandbox.Fault{Kind: sandbox.Drop, Match: map[string]string{"elid": "1"}}, true, answered(200, `"ok"`)},
		"these fields": {sandbox.Fault{Kind: sandbox.Drop, Match: map[string]string{"sok": "ok", "show": ""}}, false, cut},
		"second":       {sandbox.Fault{Kind: sandbox.Drop, Nth: 2}, true, answered(200, `"ok"`)},
		"429": {sandbox.Fault{Kind: sandbox.Status, Status: 429, RetryAfter: "7"}, false, func(t *testing.T, status int, header http.Header, _ []byte, _ error) {
			if status != 429 || header.Get("Retry-After") != "7" {
				t.Errorf("status %d, header %v", status, header)
			}
		}},
		"empty": {sandbox.Fault{Kind: sandbox.Empty}, false, func(t *testing.T, status int, _ http.Header, body []byte, err error) {
			if status != 200 || len(body) != 0 || err != nil {
				t.Errorf("status %d, body %q, error %v", status, body, err)
			}
		}},
		"truncated": {sandbox.Fault{Kind: sandbox.TruncatedJSON}, true, func(t *testing.T, status int, _ http.Header, body []byte, err error) {
			if status != 200 || err != nil || len(body) == 0 || json.Valid(body) {
				t.Errorf("status %d, body %q, error %v", status, body, err)
			}
		}},
		"huge": {sandbox.Fault{Kind: sandbox.Huge}, true, func(t *testing.T, status int, _ http.Header, body []byte, err error) {
			if status != 200 || err != nil || len(body) < 10<<20 || !json.Valid(body) {
				t.Errorf("status %d, %d bytes, error %v", status, len(body), err)
			}
		}},
	} {
		t.Run(name, func(t *testing.T) {
			r := newRig(t, sandbox.Config{})
			lineItem := r.add()
			if test.fault.Func == "" {
				test.fault.Func = "cartorder.create.confirm"
			}
			r.Inject(test.fault)
			status, header, body, err := confirm(r, lineItem)
			test.check(t, status, header, body, err)
			want := "100"
			if test.paid {
				want = "94.24"
			}
			equalMoney(t, "balance", r.Balance(login), want)
			if got := len(r.Services(login)); (got == 1) != test.paid {
				t.Errorf("%d services", got)
			}
			calls := r.Calls()
			last := calls[len(calls)-1]
			if last.Done != test.paid || !last.Finished {
				t.Errorf("call %+v", last.Masked())
			}
		})
	}
}

func TestSpoiledAnswers(t *testing.T) {
	r := newRig(t, sandbox.Config{})
	r.AddService(login, "one")
	once := func(kind sandbox.FaultKind, function string) node {
		t.Helper()
		r.Inject(sandbox.Fault{Kind: kind, Func: function})
		return r.ok(function)
	}
	if doc := once(sandbox.SingleRow, "instances"); doc.text("elem", "servername", "$") != "one" {
		t.Errorf("single row: %v", doc.v)
	}
	if doc := once(sandbox.CreateDateArray, "instances"); doc.text("elem", 0, "createdate", 1, "$") != "2026-11-23" {
		t.Errorf("createdate: %v", doc.v)
	}
	if doc := once(sandbox.MissingElem, "instances"); doc.has("elem") || doc.text("p_elems", "$") != "1" {
		t.Errorf("missing elem: %v", doc.v)
	}
	if doc := once(sandbox.EmptyList, "v2.instances.order.pricelist"); len(doc.rows("list", 0, "elem")) != 0 || doc.text("list", 0, "$total_count") != "0" {
		t.Errorf("empty list: %v", doc.at("list").v)
	}
	row := once(sandbox.WrongTypes, "v2.instances.order.pricelist").at("list", 0, "elem", 0)
	if _, number := row.at("prices", "price", 0, "cost", "$").v.(float64); !number {
		t.Errorf("wrong types: %v", row.v)
	}
	if _, array := row.at("title", "$").v.([]any); !array {
		t.Errorf("wrong types: %v", row.v)
	}
}

func TestFaultsComeAndGo(t *testing.T) {
	r := newRig(t, sandbox.Config{})
	statuses := func(n int) (got []int) {
		for range n {
			status, _, _, err := r.try("keepalive")
			if err != nil {
				t.Fatal(err)
			}
			got = append(got, status)
		}
		return got
	}
	some := r.Inject(sandbox.Fault{Kind: sandbox.Status, Func: "keepalive", Nth: 2, Times: 2, Status: 500})
	if got := statuses(4); got[0] != 200 || got[1] != 500 || got[2] != 500 || got[3] != 200 || some.Hits() != 2 {
		t.Errorf("second and third: %v, %d hits", got, some.Hits())
	}
	all := r.Inject(sandbox.Fault{Kind: sandbox.Status, Times: -1, Status: 503})
	other := r.Inject(sandbox.Fault{Kind: sandbox.Status, Times: -1, Status: 504})
	if got := statuses(2); got[0] != 503 || got[1] != 503 {
		t.Errorf("all: %v", got)
	}
	all.Remove()
	if got := statuses(1); got[0] != 504 {
		t.Errorf("after the first was removed: %v", got)
	}
	other.Remove()
	if got := statuses(1); got[0] != 200 {
		t.Errorf("after all were removed: %v", got)
	}
	defer func() {
		if recover() == nil {
			t.Error("a fault of no kind was taken")
		}
	}()
	r.Inject(sandbox.Fault{Kind: "bad"})
}

// TestHeldCalls are the cases in which a caller gives up: the work is then done
// before, not at all, or only later.
func TestHeldCalls(t *testing.T) {
	for name, test := range map[string]struct {
		fault               sandbox.Fault
		paidBefore, paidEnd bool
	}{
		"hold before": {sandbox.Fault{Kind: sandbox.Hold}, false, false},
		"hold after":  {sandbox.Fault{Kind: sandbox.Hold, Effect: true}, true, true},
		"late":        {sandbox.Fault{Kind: sandbox.Late}, false, true},
	} {
		t.Run(name, func(t *testing.T) {
			r := newRig(t, sandbox.Config{})
			lineItem := r.add()
			test.fault.Func = "cartorder.create.confirm"
			held := r.Inject(test.fault)
			ctx, giveUp := context.WithCancel(context.Background())
			kind, body := multipartBody(t, "func", "cartorder.create.confirm", "out", "json", "auth", r.auth,
				"elid", lineItem, "paymethod_id", "0", "sok", "ok")
			request, err := http.NewRequestWithContext(ctx, http.MethodPost, r.url, body)
			if err != nil {
				t.Fatal(err)
			}
			request.Header.Set("Content-Type", kind)
			gone := make(chan error)
			go func() {
				response, err := http.DefaultClient.Do(request)
				if err == nil {
					_ = response.Body.Close()
				}
				gone <- err
			}()
			<-held.Hit()
			if test.paidBefore {
				// Hit comes before the work: wait for its effect.
				for len(r.Services(login)) == 0 {
					select {
					case err := <-gone:
						t.Fatalf("the call came back: %v", err)
					default:
					}
				}
			}
			changed := r.Changed()
			giveUp()
			if err := <-gone; !errors.Is(err, context.Canceled) {
				t.Errorf("the caller got %v", err)
			}
			if got := len(r.Services(login)) == 1; got != test.paidBefore {
				t.Errorf("paid when the caller gave up: %v", got)
			}
			if test.fault.Kind == sandbox.Late {
				held.Release()
			}
			<-changed
			if got := len(r.Services(login)) == 1; got != test.paidEnd {
				t.Errorf("paid in the end: %v", got)
			}
		})
	}
}

func TestReleaseAnswersTheCaller(t *testing.T) {
	r := newRig(t, sandbox.Config{})
	lineItem := r.add()
	held := r.Inject(sandbox.Fault{Kind: sandbox.Hold, Func: "cartorder.create.confirm"})
	go func() {
		<-held.Hit()
		held.Release()
	}()
	r.confirm(lineItem)
	equalMoney(t, "balance", r.Balance(login), "94.24")
}
