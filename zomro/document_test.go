package zomro

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestNodeForms(t *testing.T) {
	for document, want := range map[string]string{
		`{"v":{"$":" 6 "}}`:                  "6",
		`{"v":"6 "}`:                         "6",
		`{"v":6}`:                            "6",
		`{"v":[{"$":"6"}]}`:                  "6",
		`{"v":[{"$":"6"},{"$":"7"}]}`:        "6",
		`{"v":{"$":"a&nbsp;&amp;\u00a0b "}}`: "a & b",
		`{"v":{}}`:                           "",
		`{"v":null}`:                         "",
		`{"v":[]}`:                           "",
		`{"v":true}`:                         "",
		`{}`:                                 "",
		`"text"`:                             "",
	} {
		if got := parse(t, document).at("v").text(); got != want {
			t.Errorf("%s: got %q, want %q", document, got, want)
		}
	}
	if text, ok := parse(t, `[{"$":"6"},{"$":"7"}]`).scalar(); ok {
		t.Errorf("chose %q among two", text)
	}
	if n := parse(t, `{"a":[{"b":"1"},{"b":"2"}]}`).at("a", "b"); n.exists() {
		t.Errorf("looked into one of two: %v", n)
	}
	if n := len(parse(t, `{"elem":{"id":"1"}}`).at("elem").rows()); n != 1 {
		t.Errorf("a single record is %d rows", n)
	}
}

func TestDeepDocument(t *testing.T) {
	deep := `{"doc":{"v":` + strings.Repeat("[", 9000) + strings.Repeat("]", 9000) + `}}`
	doc, err := parseDocument([]byte(deep))
	if err != nil {
		t.Fatal(err)
	}
	if text := doc.at("v").text(); text != "" {
		t.Errorf("got %q", text)
	}
}

func TestParseError(t *testing.T) {
	for name, test := range map[string]struct {
		document string
		want     Error
	}{
		"documented": {
			`{"$type":"access","$object":"subaccount","msg":{"$":"text"},"param":[{"$name":"amount","$":"12.34"}]}`,
			Error{Kind: Denied, Code: "access", Object: "subaccount", Message: "text", Params: map[string]string{"amount": "12.34"}},
		},
		"login": {
			`{"$type":"auth","$object":"badpassword","msg":{"$":"Неверное имя"}}`,
			Error{Kind: Denied, Code: "auth", Object: "badpassword", Message: "Неверное имя"},
		},
		"one param": {
			`{"$type":"promocode_not_use","param":{"$":"PROMO"}}`,
			Error{Kind: Refused, Code: CodePromoNotUsed, Params: map[string]string{"": "PROMO"}},
		},
		"param as text": {
			`{"$type":"missed","param":"PROMO"}`,
			Error{Kind: Refused, Code: CodeMissed, Params: map[string]string{"": "PROMO"}},
		},
		"message list with a document": {
			`{"$type":"tips","msg":[{"$":"{\"msg\":\"insufficient funds\"}"}]}`,
			Error{Kind: Refused, Code: "tips", Message: "insufficient funds"},
		},
		"message in braces": {
			`{"$type":"x","msg":"{broken"}`,
			Error{Kind: Refused, Code: "x", Message: "{broken"},
		},
		"object with a document": {
			`{"$type":"value","$object":"{\"name\":[\"exists\"]}","msg":"plain"}`,
			Error{Kind: Refused, Code: "value", Object: `{"name":["exists"]}`, Message: "plain"},
		},
		"without a type": {`{"msg":{"$":"no"}}`, Error{Kind: Refused, Message: "no"}},
		"a text":         {`"no"`, Error{Kind: Refused, Message: "no"}},
		"list of one":    {`[{"$type":"missed"}]`, Error{Kind: Refused, Code: "missed"}},
		"in process, ru": {
			`{"msg":{"$":"Ваш запрос обрабатывается, пожалуйста, подождите"}}`,
			Error{Kind: Transient, Message: "Ваш запрос обрабатывается, пожалуйста, подождите"},
		},
		"fault": {`{"$type":"db"}`, Error{Kind: Transient, Code: "db"}},
		"more keys": {
			`{"$type":"missed","$lang":"en","group":"g","stack":[],"$report":"no","detail":{"$":"d"}}`,
			Error{Kind: Refused, Code: "missed"},
		},
	} {
		got, ok := parseError("", parse(t, `{"error":`+test.document+`}`))
		if !ok {
			t.Errorf("%s: no error was seen", name)
			continue
		}
		if diff := cmp.Diff(test.want, *got); diff != "" {
			t.Errorf("%s: %s", name, diff)
		}
	}
	for _, document := range []string{`{}`, `{"error":null}`, `{"ok":{}}`} {
		if e, ok := parseError("", parse(t, document)); ok {
			t.Errorf("%s: saw %v", document, e)
		}
	}
	for _, document := range []string{`{"error":{}}`, `{"error":[]}`, `{"error":true}`} {
		if e, ok := parseError("", parse(t, document)); !ok || e.Kind != Unreadable {
			t.Errorf("%s: got %v, want unreadable", document, e)
		}
	}
}

func FuzzError(f *testing.F) {
	f.Add([]byte(accessAnswer))
	f.Add([]byte(inProcess))
	f.Add([]byte(`{"doc":{"error":{"msg":[{"$":"{\"msg\":1}"}],"param":[[],{"$name":{}}]}}}`))
	f.Fuzz(func(t *testing.T, body []byte) {
		o := judge("cart", 200, body)
		if o.err == nil && o.doc.at("error").exists() {
			t.Error("an error passed for an answer")
		}
		if o.err != nil {
			for name, of := range map[string]trust{"promo": promoTrust, "key": keyTrust, "server": serverTrust, "empty": {denials: true}, "confirm": {}} {
				// A write believes no more than a reading call, and one that spends nothing.
				if kind := of.kind(o.err); kind != Unknown && (kind != o.err.Kind || name == "confirm") {
					t.Errorf("%s: kind %s, of a reading call %s", name, kind, o.err.Kind)
				}
			}
		}
		if o.err == nil && !json.Valid(body) {
			t.Error("what is no JSON passed for an answer")
		}
	})
}
