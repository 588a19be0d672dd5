package emulator

import (
	"crypto/subtle"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"
)

// maxCalls is how many calls are remembered; the oldest go first.
const maxCalls = 20_000

// Call is one request to the Bot API.
type Call struct {
	At          time.Time           `json:"at"`
	Method      string              `json:"method"`
	Params      map[string]string   `json:"params,omitempty"` // nested values as JSON
	Files       map[string]Document `json:"files,omitempty"`
	Code        int                 `json:"code"` // HTTP status of the answer; 0: not answered yet, or cut
	Description string              `json:"description,omitempty"`
	Fault       FaultKind           `json:"fault,omitempty"`
}

// method carries out one request; the lock is held.
type method func(*Server, args) (any, error)

// methods is what a bot can call. getUpdates and the webhook's methods wait and
// take the lock themselves, so they stand apart in apply.
var methods = map[string]method{
	"getme":                  (*Server).getMe,
	"sendmessage":            (*Server).sendMessage,
	"senddocument":           (*Server).sendDocument,
	"sendphoto":              (*Server).sendPhoto,
	"sendchataction":         (*Server).sendChatAction,
	"editmessagetext":        (*Server).editMessageText,
	"editmessagemedia":       (*Server).editMessageMedia,
	"editmessagereplymarkup": (*Server).editMessageReplyMarkup,
	"deletemessage":          (*Server).deleteMessage,
	"deletemessages":         (*Server).deleteMessages,
	"answercallbackquery":    (*Server).answerCallbackQuery,
	"getfile":                (*Server).getFile,
	"getchat":                (*Server).getChat,
	"getchatmember":          (*Server).getChatMember,
	"getchatadministrators":  (*Server).getChatAdministrators,
	"leavechat":              (*Server).leaveChat,
	"setmycommands":          (*Server).setMyCommands,
	"getmycommands":          (*Server).getMyCommands,
	"deletemycommands":       (*Server).deleteMyCommands,
	"setmyname":              (*Server).setMyName,
	"getmyname":              (*Server).getMyName,
	"setmydescription":       (*Server).setMyDescription,
	"getmydescription":       (*Server).getMyDescription,
	"setmyshortdescription":  (*Server).setMyShortDescription,
	"getmyshortdescription":  (*Server).getMyShortDescription,
	"setchatmenubutton":      (*Server).setChatMenuButton,
	"getchatmenubutton":      (*Server).getChatMenuButton,
	"setwebhook":             (*Server).setWebhook,
	"deletewebhook":          (*Server).deleteWebhook,
	"getwebhookinfo":         (*Server).getWebhookInfo,
}

// Methods lists what a bot can call here beside getUpdates, in lower case: names are
// compared without regard to case.
func Methods() []string {
	return slices.Sorted(maps.Keys(methods))
}

// described is a result with a word about it.
type described struct {
	result      any
	description string
}

// serveBot serves /bot<token>/<method>.
func (s *Server) serveBot(w http.ResponseWriter, r *http.Request) {
	token, name, ok := strings.Cut(strings.TrimPrefix(r.URL.Path, "/bot"), "/")
	if !ok || name == "" || r.Method != http.MethodGet && r.Method != http.MethodPost {
		writeRefusal(w, &refusal{code: http.StatusNotFound, description: "Not Found"})
		return
	}
	if s.cfg.Token == "" || subtle.ConstantTimeCompare([]byte(token), []byte(s.cfg.Token)) != 1 {
		writeRefusal(w, &refusal{code: http.StatusUnauthorized, description: "Unauthorized"})
		return
	}
	r.Body = http.MaxBytesReader(w, r.Body, maxBody)
	a, err := readArgs(r)
	if err != nil {
		s.mu.Lock()
		s.violate("%s: %v", name, err)
		s.mu.Unlock()
		writeRefusal(w, badRequest("can't parse request"))
		return
	}
	number, f := s.begin(name, a)
	if f != nil && f.Kind != DropAfter {
		s.strike(r.Context(), w, f)
		return
	}
	result, err := s.apply(r, strings.ToLower(name), a)
	if f != nil {
		s.strike(r.Context(), w, f)
		return
	}
	s.answered(number, err)
	if err != nil {
		writeRefusal(w, err)
		return
	}
	answer := map[string]any{"ok": true, "result": result}
	if d, ok := result.(described); ok {
		answer["result"], answer["description"] = d.result, d.description
	}
	writeJSON(w, http.StatusOK, answer)
}

// begin records a call and takes its fault.
func (s *Server) begin(name string, a args) (int, *fault) {
	s.mu.Lock()
	defer s.mu.Unlock()
	c := Call{At: s.cfg.Now(), Method: name}
	c.Params, c.Files = a.record()
	f := s.takeFault(name, c.Params)
	if f != nil {
		c.Fault = f.Kind
	}
	s.calls = append(s.calls, c)
	s.touch()
	return s.dropped + len(s.calls) - 1, f
}

// answered records how a call was answered.
func (s *Server) answered(number int, err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if i := number - s.dropped; i >= 0 {
		c := &s.calls[i]
		c.Code = http.StatusOK
		if err != nil {
			c.Code, c.Description = codeOf(err), err.Error()
		}
	}
	if n := len(s.calls) - maxCalls; n > 0 {
		s.calls = slices.Clone(s.calls[n:])
		s.dropped += n
	}
	s.touch()
}

// apply carries out a call.
func (s *Server) apply(r *http.Request, name string, a args) (any, error) {
	if name == "getupdates" {
		return s.getUpdates(r.Context(), a)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	m, ok := methods[name]
	if !ok {
		s.violate("the bot called %q, which this server does not have", name)
		return nil, &refusal{code: http.StatusNotFound, description: "Not Found: method not found: " + name}
	}
	return m(s, a)
}

// violate notes a mistake of the bot. The caller holds the lock.
func (s *Server) violate(format string, args ...any) {
	s.violation = append(s.violation, fmt.Sprintf(format, args...))
}

func codeOf(err error) int {
	var r *refusal
	if errors.As(err, &r) {
		return r.code
	}
	return 0 // nobody is waiting for the answer
}

func writeRefusal(w http.ResponseWriter, err error) {
	var r *refusal
	if !errors.As(err, &r) {
		cut() // errGone: nobody is waiting for the answer
	}
	answer := map[string]any{"ok": false, "error_code": r.code, "description": r.description}
	parameters := map[string]any{}
	if r.retryAfter > 0 {
		parameters["retry_after"] = r.retryAfter
		w.Header().Set("Retry-After", strconv.Itoa(r.retryAfter))
	}
	if r.migrateTo != 0 {
		parameters["migrate_to_chat_id"] = r.migrateTo
	}
	if len(parameters) > 0 {
		answer["parameters"] = parameters
	}
	writeJSON(w, r.code, answer)
}

func writeJSON(w http.ResponseWriter, code int, v any) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(code)
	_ = json.NewEncoder(w).Encode(v) // who is gone needs no answer
}

// Calls returns the requests of the bot in the order they came, at most the last
// 20,000.
func (s *Server) Calls() []Call {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.calls)
}

// Outgoing returns every value that the bot ever sent in a request, raw: texts,
// keyboards, answers, names and contents of documents. It is there to be searched
// for what must never be sent.
func (s *Server) Outgoing() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	var out []string
	for _, c := range s.calls {
		for _, name := range slices.Sorted(maps.Keys(c.Params)) {
			out = append(out, c.Params[name])
		}
		for _, name := range slices.Sorted(maps.Keys(c.Files)) {
			out = append(out, c.Files[name].Name, string(c.Files[name].Content))
		}
	}
	return out
}

// Violations returns what the bot did that is surely a mistake, although the real
// server would let it pass or say too little: methods that do not exist, buttons
// without a text or with two actions, empty rows, entities outside of their text.
// A test wants none.
func (s *Server) Violations() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.violation)
}
