package sandbox_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"mime/multipart"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/shopspring/decimal"

	"zomrobot/zomro"
	"zomrobot/zomro/sandbox"
)

const (
	login    = "buyer"
	password = "Correct-Horse-1"
)

// clock is a time that only moves when told to.
type clock struct {
	mu  sync.Mutex
	now time.Time
}

func (c *clock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.now
}

func (c *clock) Advance(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.now = c.now.Add(d)
}

// rig is a sandbox behind real HTTP with an account that is logged in.
type rig struct {
	*sandbox.Sandbox
	t     testing.TB
	url   string
	clock *clock
	auth  string
}

func newRig(t testing.TB, config sandbox.Config) *rig {
	t.Helper()
	c := &clock{now: time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC)}
	config.Now = c.Now
	s := sandbox.New(config)
	server := httptest.NewServer(s)
	t.Cleanup(func() {
		s.Close()
		server.Close()
	})
	s.AddAccount(login, password, eur("100"))
	return &rig{Sandbox: s, t: t, url: server.URL, clock: c, auth: s.OpenSession(login)}
}

func eur(amount string) zomro.Money {
	return zomro.Money{Amount: decimal.RequireFromString(amount), Currency: "EUR"}
}

// multipartBody writes pairs of names and values as a form.
func multipartBody(t testing.TB, pairs ...string) (kind string, body *bytes.Buffer) {
	t.Helper()
	body = &bytes.Buffer{}
	writer := multipart.NewWriter(body)
	for i := 0; i < len(pairs); i += 2 {
		if err := writer.WriteField(pairs[i], pairs[i+1]); err != nil {
			t.Fatal(err)
		}
	}
	if err := writer.Close(); err != nil {
		t.Fatal(err)
	}
	return writer.FormDataContentType(), body
}

// try makes a call and returns what came back, whatever it is.
func (r *rig) try(function string, pairs ...string) (status int, header http.Header, body []byte, err error) {
	r.t.Helper()
	pairs = append([]string{"func", function, "out", "json", "auth", r.auth}, pairs...)
	kind, form := multipartBody(r.t, pairs...)
	response, err := http.Post(r.url+"/", kind, form)
	if err != nil {
		return 0, nil, nil, err
	}
	defer func() { _ = response.Body.Close() }()
	body, err = io.ReadAll(response.Body)
	return response.StatusCode, response.Header, body, err
}

// call makes a call and returns its doc.
func (r *rig) call(function string, pairs ...string) node {
	r.t.Helper()
	status, _, body, err := r.try(function, pairs...)
	if err != nil || status != http.StatusOK {
		r.t.Fatalf("%s: status %d, error %v", function, status, err)
	}
	return parse(r.t, body).at("doc")
}

// ok is call for an answer without doc.error.
func (r *rig) ok(function string, pairs ...string) node {
	r.t.Helper()
	doc := r.call(function, pairs...)
	if doc.has("error") {
		r.t.Fatalf("%s: refused: %v", function, doc.at("error").v)
	}
	return doc
}

// refused is call for an answer with doc.error of this type and object.
func (r *rig) refused(kind, object string, function string, pairs ...string) node {
	r.t.Helper()
	failed := r.call(function, pairs...).at("error")
	if failed.text("$type") != kind || failed.text("$object") != object {
		r.t.Fatalf("%s: got error %v, want type %q, object %q", function, failed.v, kind, object)
	}
	if failed.text("msg", "$") == "" {
		r.t.Fatalf("%s: error %v has no text", function, failed.v)
	}
	return failed
}

// node is a value of an answer.
type node struct {
	t testing.TB
	v any
}

func parse(t testing.TB, body []byte) node {
	t.Helper()
	var v any
	if err := json.Unmarshal(body, &v); err != nil {
		t.Fatalf("answer is no JSON: %v: %.200s", err, body)
	}
	return node{t, v}
}

func (n node) has(key string) bool {
	object, ok := n.v.(map[string]any)
	if !ok {
		return false
	}
	_, ok = object[key]
	return ok
}

// at goes down by keys of objects and indexes of arrays.
func (n node) at(path ...any) node {
	n.t.Helper()
	v := n.v
	for _, step := range path {
		switch step := step.(type) {
		case string:
			object, ok := v.(map[string]any)
			if !ok {
				n.t.Fatalf("at %v: %q of %T", path, step, v)
			}
			v = object[step]
		case int:
			array, ok := v.([]any)
			if !ok || step >= len(array) {
				n.t.Fatalf("at %v: [%d] of %T %v", path, step, v, v)
			}
			v = array[step]
		}
	}
	return node{n.t, v}
}

// text is the text at a path; "" if there is none.
func (n node) text(path ...any) string {
	n.t.Helper()
	text, _ := n.at(path...).v.(string)
	return text
}

// rows is the array at a path; none if it is missing.
func (n node) rows(path ...any) []node {
	n.t.Helper()
	array, _ := n.at(path...).v.([]any)
	var rows []node
	for _, v := range array {
		rows = append(rows, node{n.t, v})
	}
	return rows
}

// named is the entry of an array whose $name is this.
func (n node) named(name string, path ...any) node {
	n.t.Helper()
	for _, row := range n.rows(path...) {
		if row.text("$name") == name {
			return row
		}
	}
	n.t.Fatalf("at %v: nothing is named %q", path, name)
	return node{}
}

// wanted are the fields of an order that can be added: plan "Birch Intel" in
// datacenter 17 for a month. Pairs replace or add fields; the value "-" takes
// one out.
func (r *rig) wanted(pairs ...string) []string {
	r.t.Helper()
	form := r.ok("v2.instances.order.param", "pricelist", "9102", "datacenter", "17", "period_9102", "1")
	fields := []string{
		"sok", "ok", "order_period", "1", "licence_agreement", "on", "pricelist", "9102", "order_count", "1",
		"force_use_new_cart", "on", "instances_os", form.text("slist", 0, "val", 0, "$key"), "datacenter", "17",
		"use_ssh_key", "off", "password", "Server-Pass-1", "servername", "web-1",
	}
	for i := 0; i < len(pairs); i += 2 {
		found := false
		for j := 0; j < len(fields); j += 2 {
			if fields[j] != pairs[i] {
				continue
			}
			found = true
			if pairs[i+1] == "-" {
				fields = append(fields[:j], fields[j+2:]...)
			} else {
				fields[j+1] = pairs[i+1]
			}
			break
		}
		if !found {
			fields = append(fields, pairs[i], pairs[i+1])
		}
	}
	return fields
}

// add puts an order into the cart and returns its line item.
func (r *rig) add(pairs ...string) string {
	r.t.Helper()
	lineItem := r.ok("v2.instances.order.param", r.wanted(pairs...)...).text("lineitem.id", "$")
	if len(lineItem) != 4 {
		r.t.Fatalf("line item %q has not 4 digits", lineItem)
	}
	return lineItem
}

func (r *rig) confirm(lineItem string) node {
	r.t.Helper()
	return r.ok("cartorder.create.confirm", "elid", lineItem, "paymethod_id", "0", "sok", "ok")
}

func equalMoney(t testing.TB, what string, got zomro.Money, want string) {
	t.Helper()
	if !got.Amount.Equal(decimal.RequireFromString(want)) || got.Currency != "EUR" {
		t.Errorf("%s is %s %s, want %s EUR", what, got.Amount, got.Currency, want)
	}
}

func mustContain(t testing.TB, text string, parts ...string) {
	t.Helper()
	for _, part := range parts {
		if !strings.Contains(text, part) {
			t.Errorf("%q is not in %s", part, fmt.Sprintf("%.400s", text))
		}
	}
}
