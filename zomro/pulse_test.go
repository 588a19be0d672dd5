package zomro

import (
	"net/http"
	"slices"
	"testing"
)

// TestObserverAndPulse: each attempt of a call is told by its function and what it came to,
// a writing call that was answered with an unproved no as unknown; a no is an answer.
func TestObserverAndPulse(t *testing.T) {
	_, c := newVendor(
		t, answer{status: http.StatusBadGateway}, ok(`{"doc":{"p_elems":{"$":"0"}}}`), ok(accessAnswer),
	)
	var told []Exchange
	c.observe = func(x Exchange) { told = append(told, x) }
	if p := c.Pulse(); !p.Answered.IsZero() || !p.Failed.IsZero() {
		t.Errorf("before the first call: %+v", p)
	}
	if _, err := c.Services(t.Context(), testAuth); err != nil {
		t.Fatal(err)
	}
	if err := c.Confirm(t.Context(), testAuth, "2001"); KindOf(err) != Unknown {
		t.Errorf("a no to a payment is %v", err)
	}
	if p := c.Pulse(); !p.Well() || p.Failed.IsZero() {
		t.Errorf("the pulse is %+v", p)
	}
	want := []Exchange{
		{Func: "instances", Kind: Transient, Attempt: 1},
		{Func: "instances", Kind: KindAnswered, Attempt: 2},
		{Func: "cartorder.create.confirm", Kind: Unknown, Attempt: 1},
	}
	for i := range told {
		told[i].Took = 0 // of the machine
	}
	if !slices.Equal(told, want) {
		t.Errorf("told of %+v, want %+v", told, want)
	}
}
