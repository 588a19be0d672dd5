package sandbox

import (
	"slices"
	"strconv"
	"time"
)

// AnswerShape is what an answer that does not say what was done looks like.
type AnswerShape string

// The shapes of answers to a call that asks for work. Which of them the vendor
// has is not known.
const (
	OKShape      AnswerShape = "ok"      // what the function answers when all is well
	PaymentShape AnswerShape = "payment" // doc.ok names the function that pays
	AddressShape AnswerShape = "address" // doc.ok is the address of a page
	FormShape    AnswerShape = "form"    // the function's own form, as without sok
	EmptyShape   AnswerShape = "empty"   // an empty doc
)

var answerShapes = []AnswerShape{OKShape, PaymentShape, AddressShape, FormShape, EmptyShape}

// shaped returns a document of a shape for a call, without doing its work.
func (s *Sandbox) shaped(call *Call, shape AnswerShape) object {
	s.mu.Lock()
	defer s.mu.Unlock()
	r := &request{fields: call.Fields, now: s.config.Now()}
	s.settle(r.now)
	if shape == EmptyShape {
		return object{"doc": object{}}
	}
	_, failed := s.admit(call.Func, r)
	var body object
	if failed == nil {
		body, failed = s.shapes(call.Func, r, shape)
	}
	if failed == nil {
		body = s.formed(call.Func, r, body)
	}
	return s.document(call.Func, r, body, failed)
}

// shapes is the body of an answer of a shape.
func (s *Sandbox) shapes(function string, r *request, shape AnswerShape) (object, *failure) {
	switch {
	case shape == PaymentShape:
		return object{"ok": value("func=payment.add&billorder=" + strconv.Itoa(s.next("payment")))}, nil
	case shape == AddressShape:
		return object{"ok": value("https://sandbox.invalid/pay/" + strconv.Itoa(s.next("payment")))}, nil
	case function == "cart":
		return s.cartBody(r), nil
	case function == "v2.instances.order.param" && shape == FormShape:
		return s.form(r)
	case shape == FormShape:
		return genericForm(r), nil
	case function == "v2.instances.order.param":
		return lineItemAnswer(strconv.Itoa(s.next("lineitem"))), nil
	default:
		return accepted(), nil
	}
}

// genericForm is a form that shows the fields of a call [g].
func genericForm(r *request) object {
	body, fields := object{}, []object{}
	for _, field := range r.fields {
		if frame := []string{"func", "out", "lang", "sok", "clicked_button"}; secretFields[field.Name] || slices.Contains(frame, field.Name) {
			continue
		}
		body[field.Name] = value(field.Value)
		fields = append(fields, object{"$name": field.Name})
	}
	body["metadata"] = object{"form": object{"field": fields}}
	body["tparams"] = echo(r)
	return body
}

// postponed is a call whose work is done later.
type postponed struct {
	due     time.Time
	call    *Call
	request *request // with the session that it came with
	run     func(*Sandbox, *request) (object, *failure)
}

// postpone has the work of a call done later. A call that would be turned away
// is forgotten.
func (s *Sandbox) postpone(call *Call, delay time.Duration) {
	s.mu.Lock()
	defer s.mu.Unlock()
	now := s.config.Now()
	s.settle(now)
	r := &request{fields: call.Fields, now: now}
	function, failed := s.admit(call.Func, r)
	if failed != nil {
		return
	}
	later := postponed{due: now.Add(delay), call: call, request: r, run: function.run}
	at, _ := slices.BinarySearchFunc(s.postponed, later, func(a, b postponed) int {
		if !a.due.After(b.due) {
			return -1 // of those due at the same time, the one that came first
		}
		return 1
	})
	s.postponed = slices.Insert(s.postponed, at, later)
}
