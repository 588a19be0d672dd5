package sandbox

import (
	"slices"
	"strings"
	"time"
)

const (
	maxCalls = 1000     // calls that are remembered
	mask     = "••••••" // what is shown in place of a secret
)

// Call is a call of a vendor function, as the sandbox saw it.
type Call struct {
	Number   int       `json:"number"` // from 1, in the order of arrival
	Time     time.Time `json:"time"`
	Ended    time.Time `json:"ended,omitzero"` // when it was finished
	Login    string    `json:"login"`          // whose session it came with; empty: none
	Func     string    `json:"func"`
	Fields   []Field   `json:"fields"` // in the order in which they were sent
	Finished bool      `json:"finished"`
	Done     bool      `json:"done"`            // the function ran; of kind Later: its work was done
	Status   int       `json:"status"`          // HTTP; 0: the connection was cut
	Response string    `json:"response"`        // the body; of kind Huge the first 64 KiB
	Fault    FaultKind `json:"fault,omitempty"` // what went wrong; empty: nothing
}

// Field returns the value of a field; "" if it was not sent.
func (c Call) Field(name string) string {
	r := request{fields: c.Fields}
	return r.get(name)
}

// Masked returns the call in a form that can be shown: without passwords and
// session ids, neither in its fields nor in its response.
func (c Call) Masked() Call {
	c.Fields = masked(c.Fields)
	if c.Func == "auth" || c.Func == "totp.confirm" || c.Func == "instances.fleio.vnc" {
		c.Response = mask
	}
	return c
}

// masked returns a copy of fields without their secrets.
func masked(fields []Field) []Field {
	shown := slices.Clone(fields)
	for i, field := range shown {
		if secretFields[field.Name] && field.Value != "" {
			shown[i].Value = mask
		}
	}
	return shown
}

// Calls returns the last calls, up to a thousand, the oldest first. Their
// fields hold secrets: show [Call.Masked].
func (s *Sandbox) Calls() []Call {
	s.mu.Lock()
	defer s.mu.Unlock()
	calls := make([]Call, len(s.calls))
	for i, call := range s.calls {
		calls[i] = *call
	}
	return calls
}

// Changed returns a channel that is closed when the next call arrives, is held or is
// finished, or the control API changes something. What only time brings, such as the
// activation of a service, does not close it.
func (s *Sandbox) Changed() <-chan struct{} {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.changed
}

// Violations returns what clients did that must never be done, in the words of
// the sandbox. Tests check that there are none.
func (s *Sandbox) Violations() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.violations)
}

// begin remembers a call and picks the fault that hits it.
func (s *Sandbox) begin(fields []Field) (*Call, *Injection) {
	s.mu.Lock()
	defer s.mu.Unlock()
	r := request{fields: fields}
	s.called++
	call := &Call{Number: s.called, Time: s.config.Now(), Func: r.get("func"), Fields: fields}
	if session := s.liveSession(r.get("auth"), call.Time); session != nil {
		call.Login = session.login
	}
	s.calls = append(s.calls, call)
	s.touch()
	if len(s.calls) > maxCalls {
		s.calls = slices.Delete(s.calls, 0, len(s.calls)-maxCalls)
	}
	var hit *Injection
	for _, injection := range s.injections {
		if injection.due(fields) && hit == nil {
			hit = injection
			hit.hit()
		}
	}
	return call, hit
}

// finish completes what is remembered of a call and tells who waits for it.
func (s *Sandbox) finish(call *Call, a answer) {
	s.mu.Lock()
	defer s.mu.Unlock()
	call.Ended = s.config.Now()
	call.Finished, call.Status, call.Fault = true, a.status, a.fault
	call.Done = call.Done || a.done
	call.Response = string(a.body)
	if a.fault == Huge {
		call.Response = strings.Clone(call.Response[:64<<10])
	}
	s.touch()
}

// touch tells who waits that something changed. The sandbox is locked.
func (s *Sandbox) touch() {
	close(s.changed)
	s.changed = make(chan struct{})
}
