package emulator

import (
	"context"
	"errors"
	"net/http"
	"strings"
)

// FaultKind is what goes wrong with a call.
type FaultKind string

// The kinds of faults. A call that is refused, answered by a gateway, hung or
// dropped beforehand has had no effect; one that is dropped afterwards has.
const (
	TooMany      FaultKind = "too-many"     // 429 with Fault.RetryAfter
	Failure      FaultKind = "failure"      // 500 in the form of the Bot API
	BadGateway   FaultKind = "bad-gateway"  // 502 with a page of HTML
	Hang         FaultKind = "hang"         // no answer until the bot gives up
	DropBefore   FaultKind = "drop-before"  // the connection is cut, nothing happened
	DropAfter    FaultKind = "drop-after"   // the connection is cut, everything happened
	Unauthorized FaultKind = "unauthorized" // 401, as after the token was revoked
	Refused      FaultKind = "refused"      // 400 with Fault.Description
)

// Fault makes calls go wrong. See [Server.Break].
type Fault struct {
	Method     string    `json:"method,omitempty"` // of which method; "": of any
	Skip       int       `json:"skip,omitempty"`   // how many calls go well first
	Times      int       `json:"times,omitempty"`  // how many then go wrong; 0 is one
	Kind       FaultKind `json:"kind"`
	RetryAfter int       `json:"retryAfter,omitempty"` // seconds, with TooMany; 0 is 1

	Param       string `json:"param,omitempty"`       // only of calls with this parameter: "parse_mode", or "chat_id=1001"
	Description string `json:"description,omitempty"` // with Refused: Telegram's words after "Bad Request: "
}

type fault struct {
	Fault
	skip, left int
}

var errUnknownFault = errors.New("emulator: no such kind of fault")

// Break makes future calls go wrong as f says. Faults are tried in the order they
// were given; the first that fits a call takes it. An unknown kind is an error.
func (s *Server) Break(f Fault) error {
	switch f.Kind {
	case TooMany, Failure, BadGateway, Hang, DropBefore, DropAfter, Unauthorized, Refused:
	default:
		return errUnknownFault
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.faults = append(s.faults, &fault{Fault: f, skip: f.Skip, left: max(f.Times, 1)})
	return nil
}

// Mend ends all faults.
func (s *Server) Mend() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.faults = nil
}

// takeFault returns the fault of a call, nil when it goes well. The caller holds
// the lock.
func (s *Server) takeFault(method string, params map[string]string) *fault {
	for i, f := range s.faults {
		if f.Method != "" && !strings.EqualFold(f.Method, method) {
			continue
		}
		if name, value, exact := strings.Cut(f.Param, "="); f.Param != "" && (params[name] == "" || exact && params[name] != value) {
			continue
		}
		if f.skip > 0 {
			f.skip--
			continue
		}
		if f.left--; f.left == 0 {
			s.faults = append(s.faults[:i:i], s.faults[i+1:]...)
		}
		return f
	}
	return nil
}

// strike carries out a fault of a call that is not applied.
func (s *Server) strike(ctx context.Context, w http.ResponseWriter, f *fault) {
	switch f.Kind {
	case TooMany:
		writeRefusal(w, tooMany(max(f.RetryAfter, 1)))
	case Failure:
		writeRefusal(w, &refusal{code: http.StatusInternalServerError, description: "Internal Server Error"})
	case Unauthorized:
		writeRefusal(w, &refusal{code: http.StatusUnauthorized, description: "Unauthorized"})
	case Refused:
		writeRefusal(w, &refusal{code: http.StatusBadRequest, description: "Bad Request: " + f.Description})
	case BadGateway:
		w.Header().Set("Content-Type", "text/html")
		w.WriteHeader(http.StatusBadGateway)
		_, _ = w.Write([]byte("<html>\r\n<head><title>502 Bad Gateway</title></head>\r\n<body>\r\n<center><h1>502 Bad Gateway</h1></center>\r\n</body>\r\n</html>\r\n"))
	case Hang:
		select {
		case <-ctx.Done():
		case <-s.done.Done():
		}
		cut()
	case DropBefore, DropAfter:
		cut()
	}
}

// cut ends the connection without an answer: this is how net/http is told to.
func cut() { panic(http.ErrAbortHandler) }
