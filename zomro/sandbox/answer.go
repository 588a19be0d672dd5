package sandbox

import (
	"bytes"
	"context"
	"encoding/json"
	"net/http"
	"strconv"
	"strings"
	"time"
)

// hugeSize is more than a client should be willing to read.
const hugeSize = 10 << 20

// page is what the vendor shows while an operation takes long [F].
const page = `<!DOCTYPE html><html><head><title>Please wait</title></head>` +
	`<body><p>Request in process, please wait</p><a href="/long.b1/billmgr?func=longtask">…</a></body></html>`

// listKeys hold arrays that the vendor may write as an object when there is
// only one of them [g].
var listKeys = map[string]bool{"elem": true, "val": true, "tag": true, "price": true, "param": true, "detail": true}

// answer is what goes out over HTTP.
type answer struct {
	status int // 0: the connection is cut
	kind   string
	retry  string
	body   []byte
	cut    bool // the connection is cut in the middle of the body
	fault  FaultKind
	done   bool // the function did its work
}

// send writes the answer. It aborts the handler in net/http's own way to cut
// the connection.
func (a answer) send(w http.ResponseWriter) {
	if a.status == 0 {
		panic(http.ErrAbortHandler)
	}
	w.Header().Set("Content-Type", a.kind)
	w.Header().Set("Content-Length", strconv.Itoa(len(a.body)))
	if a.retry != "" {
		w.Header().Set("Retry-After", a.retry)
	}
	w.WriteHeader(a.status)
	body := a.body
	if a.cut {
		body = body[:len(body)/2]
	}
	if _, err := w.Write(body); err != nil || !a.cut {
		return // the caller has gone, or has everything
	}
	_ = http.NewResponseController(w).Flush()
	panic(http.ErrAbortHandler)
}

// perform does a call's work and makes its answer, with the fault that hits it.
func (s *Sandbox) perform(ctx context.Context, call *Call, injection *Injection) answer {
	if injection == nil {
		return s.reply(call)
	}
	defer injection.end()
	fault := injection.fault
	held := fault.Kind == Hold || fault.Kind == Late
	if held && !fault.effect() {
		waiting := ctx
		if fault.Kind == Late {
			waiting = context.WithoutCancel(ctx)
		}
		if !injection.wait(waiting) {
			return answer{fault: fault.Kind}
		}
	}
	result := answer{status: http.StatusOK}
	if fault.effect() || held {
		result = s.reply(call)
	}
	if held && fault.effect() && !injection.wait(ctx) {
		return answer{fault: fault.Kind, done: true}
	}
	if fault.Kind == Later {
		s.postpone(call, fault.Delay)
	}
	result.fault = fault.Kind
	if shape := fault.shape(); shape != "" {
		result.json(s.shaped(call, shape))
	} else {
		s.spoil(&result, fault, call)
	}
	if fault.Expire {
		s.expireAll(call.Login)
	}
	return result
}

// reply runs the function and answers with its document. A call that does not
// ask for JSON gets a page for people, as from the vendor.
func (s *Sandbox) reply(call *Call) answer {
	document := s.run(call.Fields)
	if r := (request{fields: call.Fields}); r.get("out") != "json" {
		return answer{status: http.StatusOK, kind: "text/html; charset=UTF-8", body: []byte(page), done: true}
	}
	return answer{status: http.StatusOK, kind: "application/json; charset=UTF-8", body: encode(document), done: true}
}

// wait holds a call until it is released, its time is over, or ctx is done; it
// reports false for the last.
func (i *Injection) wait(ctx context.Context) bool {
	select {
	case <-i.free:
		return true
	default:
		i.hold()
	}
	var over <-chan time.Time
	if i.fault.Delay > 0 {
		timer := time.NewTimer(i.fault.Delay)
		defer timer.Stop()
		over = timer.C
	}
	select {
	case <-i.free:
	case <-over:
	case <-ctx.Done():
		return false
	}
	return true
}

// refusal is an error in answer to a call that nothing else is done with.
func (s *Sandbox) refusal(call *Call, failed *failure) object {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.document(call.Func, &request{fields: call.Fields}, nil, failed)
}

// spoil turns an answer into that of a fault.
func (s *Sandbox) spoil(a *answer, fault Fault, call *Call) {
	kind := fault.Kind
	if kind == Later {
		kind = fault.instead()
	}
	switch kind {
	case Drop:
		a.status, a.body = 0, nil
	case Status:
		a.status, a.retry = fault.Status, fault.RetryAfter
		if a.status == 0 {
			a.status = http.StatusBadGateway
		}
		a.html("<html><body><h1>" + strconv.Itoa(a.status) + " " + http.StatusText(a.status) + "</h1></body></html>")
	case HTML:
		a.html(page)
	case Empty:
		a.body, a.kind = nil, "application/json; charset=UTF-8"
	case Reply:
		failed := &failure{kind: fault.ErrorType, object: fault.ErrorObject, text: fault.ErrorText}
		if fault.ErrorParam != "" {
			failed.params = value(fault.ErrorParam)
		}
		if fault.ErrorParamName != "" {
			failed.params = []object{{"$name": fault.ErrorParamName, "$": fault.ErrorParam}}
		}
		a.json(s.refusal(call, failed))
	case CutBody:
		a.cut = true
	case TruncatedJSON:
		a.body = a.body[:len(a.body)/2]
	case Huge:
		a.body = append([]byte(`{"padding":"`+strings.Repeat("x", hugeSize)+`",`), bytes.TrimPrefix(a.body, []byte("{"))...)
	case WrongTypes:
		a.change(wrongType)
	case EmptyList:
		a.change(emptyList)
	case MissingElem:
		a.change(withoutElem)
	case SingleRow:
		a.change(singleRow)
	case CreateDateArray:
		a.change(createDateArray)
	default: // Hold, Late and a Pretend of what was done leave the answer as it is
	}
}

func (a *answer) json(document object) {
	a.kind, a.body = "application/json; charset=UTF-8", encode(document)
}

func (a *answer) html(text string) { a.kind, a.body = "text/html; charset=UTF-8", []byte(text) }

// change rewrites every value of the document, the innermost first; nil leaves
// it out.
func (a *answer) change(rewrite func(key string, v any) any) {
	var document any
	if err := json.Unmarshal(a.body, &document); err != nil {
		return // a page for people has nothing to rewrite
	}
	a.body = encode(walk("", document, rewrite))
}

func walk(key string, v any, rewrite func(string, any) any) any {
	switch v := v.(type) {
	case map[string]any:
		for name, inner := range v {
			if changed := walk(name, inner, rewrite); changed == nil {
				delete(v, name)
			} else {
				v[name] = changed
			}
		}
	case []any:
		for n, inner := range v {
			v[n] = walk("", inner, rewrite)
		}
	}
	return rewrite(key, v)
}

// wrongType makes numbers of texts that look like one, and arrays of others.
func wrongType(key string, v any) any {
	text, ok := v.(string)
	if !ok || key != "$" {
		return v
	}
	var number json.Number
	if err := json.Unmarshal([]byte(text), &number); err == nil && number != "" {
		return number
	}
	return []any{text}
}

func withoutElem(key string, v any) any {
	if key == "elem" {
		return nil
	}
	return v
}

func emptyList(key string, v any) any {
	switch key {
	case "elem":
		return []any{}
	case "$total_count":
		return "0"
	case "p_elems":
		return map[string]any{"$": "0"}
	default:
		return v
	}
}

func singleRow(key string, v any) any {
	if rows, ok := v.([]any); ok && len(rows) == 1 && listKeys[key] {
		return rows[0]
	}
	return v
}

func createDateArray(key string, v any) any {
	if key == "createdate" {
		return []any{v, v}
	}
	return v
}
