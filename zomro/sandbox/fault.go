package sandbox

import (
	"fmt"
	"slices"
	"sync"
	"time"
)

// FaultKind is what goes wrong.
type FaultKind string

// The kinds of faults that take the place of an answer. The function does its
// work first only if [Fault].Effect says so.
const (
	Drop    FaultKind = "drop"    // the connection is cut, nothing is answered
	Hold    FaultKind = "hold"    // the call is held, before the work or after it; then it goes on
	Late    FaultKind = "late"    // like Hold before the work, which is done even if the caller has gone
	Status  FaultKind = "status"  // an HTTP status and an HTML page
	HTML    FaultKind = "html"    // an HTML page with HTTP status 200
	Reply   FaultKind = "reply"   // doc.error of a given type
	Empty   FaultKind = "empty"   // HTTP status 200 without a body
	Pretend FaultKind = "pretend" // an answer without an error, of a given shape
	// Later answers at once: with the shape, else the error, else the status that
	// was given, else by cutting the connection. The work is done after the delay,
	// by the sandbox's clock, when somebody looks then; if it cannot be done then it
	// is dropped. Effect means nothing to it.
	Later FaultKind = "later"
)

// The kinds of faults that spoil the answer of the work done.
const (
	CutBody         FaultKind = "cut_body"         // the connection is cut in the middle of the body
	TruncatedJSON   FaultKind = "truncated_json"   // the document ends in the middle
	WrongTypes      FaultKind = "wrong_types"      // numbers and arrays where texts belong
	Huge            FaultKind = "huge"             // a document of more than 10 MiB
	EmptyList       FaultKind = "empty_list"       // a pricelist or a list without rows
	SingleRow       FaultKind = "single_row"       // arrays of one are objects
	CreateDateArray FaultKind = "createdate_array" // createdate is an array
	MissingElem     FaultKind = "missing_elem"     // no list has elem, whatever the counts say
)

var (
	replacing = []FaultKind{Drop, Hold, Late, Status, HTML, Reply, Empty, Pretend, Later}
	spoiling  = []FaultKind{CutBody, TruncatedJSON, WrongTypes, Huge, EmptyList, SingleRow, CreateDateArray, MissingElem}
)

// Fault is something that goes wrong with a call.
type Fault struct {
	Kind FaultKind `json:"kind"`
	// Func is the function whose calls are hit; empty: every function.
	Func string `json:"func,omitempty"`
	// Match are fields with the values that a call must have to be hit:
	// {"sok": "ok"}. An empty value also matches a field that is not sent.
	Match map[string]string `json:"match,omitempty"`
	// Nth is which of the matching calls is the first to be hit, from 1; zero
	// means the first.
	Nth int `json:"nth,omitempty"`
	// Times is how many matching calls in a row are hit; zero means one, a
	// negative number all.
	Times int `json:"times,omitempty"`
	// Effect makes the function do its work before Drop, Hold, Status, HTML,
	// Reply, Empty or Pretend. The spoiling kinds always do the work.
	Effect bool `json:"effect,omitempty"`
	// Expire then ends every session of the account that called.
	Expire bool `json:"expire,omitempty"`
	// Shape is what kinds Pretend and Later answer; empty means of Pretend OKShape.
	Shape AnswerShape `json:"shape,omitempty"`
	// Status is the HTTP status of kind Status; zero means 502.
	Status int `json:"status,omitempty"`
	// RetryAfter is the header of that name for kind Status; empty: none.
	RetryAfter string `json:"retryAfter,omitempty"`
	// Delay is how long Hold and Late last, zero means until they are released; and
	// after what time the work of Later is done.
	Delay time.Duration `json:"-"`
	// ErrorType, ErrorObject and ErrorText are $type, $object and msg of kind Reply.
	// ErrorParam is its param: named ErrorParamName, "amount", or nameless.
	ErrorType      string `json:"errorType,omitempty"`
	ErrorObject    string `json:"errorObject,omitempty"`
	ErrorText      string `json:"errorText,omitempty"`
	ErrorParam     string `json:"errorParam,omitempty"`
	ErrorParamName string `json:"errorParamName,omitempty"`
}

// check reports what is wrong with a fault.
func (f Fault) check() error {
	if !slices.Contains(replacing, f.Kind) && !slices.Contains(spoiling, f.Kind) {
		return fmt.Errorf("sandbox: fault: unknown kind %q", f.Kind)
	}
	if f.Status != 0 && (f.Status < 200 || f.Status > 999) {
		return fmt.Errorf("sandbox: fault: status %d is not an HTTP status", f.Status)
	}
	if f.Shape != "" && !slices.Contains(answerShapes, f.Shape) {
		return fmt.Errorf("sandbox: fault: unknown shape %q", f.Shape)
	}
	return nil
}

// effect reports whether the work is done before the fault.
func (f Fault) effect() bool {
	return f.Kind != Late && f.Kind != Later && (f.Effect || slices.Contains(spoiling, f.Kind))
}

// shape is that of the answer which a document takes the place of; "" if none
// does.
func (f Fault) shape() AnswerShape {
	switch {
	case f.Kind == Pretend && (f.Shape == "" || f.Shape == OKShape):
		if f.Effect {
			return "" // its own answer is the one that looks so
		}
		return OKShape
	case f.Kind == Pretend || f.Kind == Later:
		return f.Shape
	}
	return ""
}

// instead is the kind whose answer kind Later has when it has no shape.
func (f Fault) instead() FaultKind {
	switch {
	case f.ErrorType != "" || f.ErrorText != "":
		return Reply
	case f.Status != 0:
		return Status
	}
	return Drop
}

// Injection is a fault that was injected into a Sandbox.
type Injection struct {
	id      int
	fault   Fault
	sandbox *Sandbox
	seen    int // matching calls, under the sandbox's lock
	hits    int // of them hit, under the sandbox's lock
	held    int // of them held until now, under the sandbox's lock

	first    chan struct{}
	over     chan struct{}
	overOnce sync.Once
	free     chan struct{}
	freeOnce sync.Once
}

// Inject makes a fault happen. If several match a call, the one injected first
// hits it. Inject panics if the fault's kind or status does not exist.
func (s *Sandbox) Inject(fault Fault) *Injection {
	if err := fault.check(); err != nil {
		panic(err)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	injection := &Injection{
		id: s.next("fault"), fault: fault, sandbox: s,
		first: make(chan struct{}), over: make(chan struct{}), free: make(chan struct{}),
	}
	s.injections = append(s.injections, injection)
	return injection
}

// Armed is a fault that is in place, as it is shown to people.
type Armed struct {
	ID int `json:"id"` // for /sandbox/release and /sandbox/remove
	Fault
	Hits int  `json:"hits"` // how many calls were hit
	Over bool `json:"over"` // no further call will be hit
}

// Faults returns the faults that were injected and not removed, the oldest
// first.
func (s *Sandbox) Faults() []Armed {
	s.mu.Lock()
	defer s.mu.Unlock()
	armed := make([]Armed, 0, len(s.injections))
	for _, i := range s.injections {
		times := i.fault.Times
		if times == 0 {
			times = 1
		}
		armed = append(armed, Armed{i.id, i.fault, i.hits, times > 0 && i.hits >= times})
	}
	return armed
}

// Hit returns a channel that is closed when the fault hits its first call. A
// call is hit when it has been read, before its work is done.
func (i *Injection) Hit() <-chan struct{} { return i.first }

// Over returns a channel that is closed when nothing more will be done for the
// first call that the fault has hit, whether its caller has gone or not; only the
// work of kind Later is still to come.
func (i *Injection) Over() <-chan struct{} { return i.over }

func (i *Injection) end() { i.overOnce.Do(func() { close(i.over) }) }

// Hits returns how many calls were hit.
func (i *Injection) Hits() int {
	i.sandbox.mu.Lock()
	defer i.sandbox.mu.Unlock()
	return i.hits
}

// Held returns how many calls were held, those that go on again included. With
// [Fault.Effect] a call is held once its work is done. [Sandbox.Changed] tells of
// each.
func (i *Injection) Held() int {
	i.sandbox.mu.Lock()
	defer i.sandbox.mu.Unlock()
	return i.held
}

// hold counts a call that is held from now on.
func (i *Injection) hold() {
	i.sandbox.mu.Lock()
	defer i.sandbox.mu.Unlock()
	i.held++
	i.sandbox.touch()
}

// Release lets the held calls go on, and those that would be held later.
func (i *Injection) Release() { i.release() }

func (i *Injection) release() { i.freeOnce.Do(func() { close(i.free) }) }

// Remove takes the fault out again and lets the held calls go on.
func (i *Injection) Remove() {
	i.sandbox.mu.Lock()
	defer i.sandbox.mu.Unlock()
	i.sandbox.injections = slices.DeleteFunc(i.sandbox.injections, func(other *Injection) bool { return other == i })
	i.release()
}

// due counts a call and reports whether the fault hits it. The sandbox is
// locked.
func (i *Injection) due(fields []Field) bool {
	r := request{fields: fields}
	if i.fault.Func != "" && r.get("func") != i.fault.Func {
		return false
	}
	for name, want := range i.fault.Match {
		if r.get(name) != want {
			return false
		}
	}
	i.seen++
	start, times := max(i.fault.Nth, 1), i.fault.Times
	if times == 0 {
		times = 1
	}
	if i.seen < start || times > 0 && i.seen >= start+times {
		return false
	}
	return true
}

// hit marks the call that the fault was due for as hit. The sandbox is locked.
func (i *Injection) hit() {
	if i.hits == 0 {
		close(i.first)
	}
	i.hits++
}
