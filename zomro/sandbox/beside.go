package sandbox

import (
	"context"
	"net/http"
	"slices"
	"time"
)

// Beside is what becomes of calls of one session that are made at the same time.
type Beside string

// What may become of them. What the vendor does is not known.
const (
	BesideServed  Beside = ""         // each is answered, as if it were alone
	BesideQueued  Beside = "queued"   // one after the other
	BesideRefused Beside = "refused"  // all but the first are answered with an error
	BesideHeld    Beside = "held"     // all but the first are never answered
	BesideMixed   Beside = "mixed"    // each is answered with the document of another
	BesideRenamed Beside = "renamed"  // likewise, under the name of the function that was called
	BesideLogsOut Beside = "logs_out" // the session ends, and so do all of the account
)

var besides = []Beside{BesideServed, BesideQueued, BesideRefused, BesideHeld, BesideMixed, BesideRenamed, BesideLogsOut}

// mixable are the functions whose answers can be mixed up: those that only read.
var mixable = []string{"instances", "dashboard.info", "dashboard.subaccount_credit", "expense", "order", "cart"}

func canBeMixed(call *Call) bool {
	return slices.Contains(mixable, call.Func) && call.Field("clicked_button") == ""
}

// serve does a call's work and makes its answer, in the time that the vendor takes for
// it, beside the other calls of its session.
func (s *Sandbox) serve(ctx context.Context, call *Call, injection *Injection) answer {
	session := call.Field("auth")
	beside := s.Behaviour().Beside
	if beside == BesideQueued && !s.queue(ctx, session) {
		return answer{}
	}
	s.enter(session, call)
	defer s.leave(session, call, beside == BesideQueued)
	if !pause(ctx, s.config.Latency/2) {
		return answer{}
	}
	crowd := s.running(session)
	if session == "" || len(crowd) < 2 || beside == BesideQueued {
		beside = BesideServed
	}
	var result answer
	switch first := crowd[0] == call; {
	case beside == BesideRefused && !first:
		busy := &failure{kind: "busy", text: "Another request of this session is being processed"}
		result = answer{status: http.StatusOK}
		result.json(s.refusal(call, busy))
	case beside == BesideHeld && !first:
		<-ctx.Done()
		return answer{}
	case beside == BesideMixed && canBeMixed(call), beside == BesideRenamed && canBeMixed(call):
		result = s.anothers(call, crowd, beside == BesideRenamed)
	default:
		if beside == BesideLogsOut {
			s.expireAll(call.Login)
		}
		result = s.perform(ctx, call, injection)
	}
	if !pause(ctx, s.config.Latency-s.config.Latency/2) {
		return answer{done: result.done}
	}
	return result
}

// anothers is the answer to another call of the crowd that can be mixed up with this one.
func (s *Sandbox) anothers(call *Call, crowd []*Call, renamed bool) answer {
	crowd = slices.DeleteFunc(crowd, func(c *Call) bool { return !canBeMixed(c) })
	i := slices.Index(crowd, call)
	other := crowd[(i+1)%len(crowd)]
	result := answer{status: http.StatusOK}
	wrong := s.run(other.Fields)
	if doc, ok := wrong["doc"].(object); ok && renamed {
		doc["$func"] = call.Func
	}
	result.json(wrong)
	return result
}

// pause waits; it reports false when ctx ends before.
func pause(ctx context.Context, d time.Duration) bool {
	if d <= 0 {
		return true
	}
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-ctx.Done():
		return false
	case <-timer.C:
		return true
	}
}

// queue waits until no other call of the session is served; it reports false when ctx
// ends before.
func (s *Sandbox) queue(ctx context.Context, session string) bool {
	s.mu.Lock()
	turn, ok := s.turns[session]
	if !ok {
		turn = make(chan struct{}, 1)
		s.turns[session] = turn
	}
	s.mu.Unlock()
	select {
	case turn <- struct{}{}:
		return true
	case <-ctx.Done():
		return false
	}
}

func (s *Sandbox) enter(session string, call *Call) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.served[session] = append(s.served[session], call)
}

func (s *Sandbox) leave(session string, call *Call, queued bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.served[session] = slices.DeleteFunc(s.served[session], func(c *Call) bool { return c == call })
	if len(s.served[session]) == 0 {
		delete(s.served, session)
	}
	if queued {
		<-s.turns[session]
	}
}

// running returns the calls of a session that are served now, the oldest first.
func (s *Sandbox) running(session string) []*Call {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.served[session])
}
