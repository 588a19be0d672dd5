package emulator

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strconv"
)

// maxControl is what a request to the control API may weigh.
const maxControl = 1 << 20

// order is the body of a request to the control API; each uses the fields it needs.
type order struct {
	User    int64   `json:"user"`
	Chat    int64   `json:"chat"` // 0: the user's private chat
	Thread  int     `json:"thread"`
	Message int     `json:"message"`
	Text    string  `json:"text"`
	Button  string  `json:"button"` // label or data of a button that must be there
	Data    string  `json:"data"`   // any data, when button is empty
	Blocked bool    `json:"blocked"`
	Member  int64   `json:"member"` // who is promoted; 0: the bot
	ID      int64   `json:"id"`
	Name    string  `json:"name"`
	Lang    string  `json:"lang"`
	Title   string  `json:"title"`
	Forum   bool    `json:"forum"`
	Members []int64 `json:"members"`
	Rights
}

// controlRoutes serves /sim/. Every POST takes and returns JSON; a refusal is 400
// with {"error": …}.
func (s *Server) controlRoutes(mux *http.ServeMux) {
	post := map[string]func(order) (any, error){
		"users": func(o order) (any, error) {
			s.AddUser(o.ID, o.Name, o.Lang)
			return nil, nil
		},
		"chats": func(o order) (any, error) { return nil, s.addGroup(o.ID, o.Title, o.Forum, o.Members) },
		"topic": func(o order) (any, error) {
			id, err := s.AddTopic(o.User, o.Chat, o.Title)
			return map[string]int{"thread": id}, err
		},
		"send": func(o order) (any, error) {
			id, err := s.SayIn(o.User, o.Chat, o.Thread, o.Text)
			return map[string]int{"message": id}, err
		},
		"reply": func(o order) (any, error) {
			id, err := s.Reply(o.User, o.Chat, o.Message, o.Text)
			return map[string]int{"message": id}, err
		},
		"tap": func(o order) (any, error) {
			tap, what := s.TapData, o.Data
			if o.Button != "" {
				tap, what = s.Tap, o.Button
			}
			id, err := tap(o.User, o.Chat, o.Message, what)
			return map[string]string{"press": id}, err
		},
		"delete": func(o order) (any, error) { return nil, s.Delete(o.User, o.Chat, o.Message) },
		"block":  func(o order) (any, error) { return nil, s.block(o.User, o.Blocked) },
		"promote": func(o order) (any, error) {
			if o.Member == 0 {
				o.Member = s.bot.ID
			}
			return nil, s.Promote(o.User, o.Chat, o.Member, o.Rights)
		},
		"migrate": func(o order) (any, error) {
			id, err := s.Migrate(o.User, o.Chat)
			return map[string]int64{"chat": id}, err
		},
	}
	for name, do := range post {
		mux.HandleFunc("POST /sim/"+name, func(w http.ResponseWriter, r *http.Request) {
			var o order
			if !readControl(w, r, &o) {
				return
			}
			if o.Chat == 0 {
				o.Chat = o.User
			}
			answer, err := do(o)
			controlled(w, answer, err)
		})
	}
	mux.HandleFunc("POST /sim/fault", func(w http.ResponseWriter, r *http.Request) {
		var f Fault
		if readControl(w, r, &f) {
			controlled(w, nil, s.Break(f))
		}
	})
	mux.HandleFunc("GET /sim/state", func(w http.ResponseWriter, _ *http.Request) {
		s.mu.Lock()
		v := s.view(0)
		s.mu.Unlock()
		writeJSON(w, http.StatusOK, v)
	})
	mux.HandleFunc("GET /sim/calls", func(w http.ResponseWriter, _ *http.Request) { writeJSON(w, http.StatusOK, s.Calls()) })
	mux.HandleFunc("GET /sim/violations", func(w http.ResponseWriter, _ *http.Request) {
		writeJSON(w, http.StatusOK, append([]string{}, s.Violations()...))
	})
	mux.HandleFunc("GET /sim/transcript", func(w http.ResponseWriter, r *http.Request) {
		id, err := strconv.ParseInt(r.FormValue("chat"), 10, 64)
		if err != nil {
			controlled(w, nil, fmt.Errorf("emulator: transcript of %q: %w", r.FormValue("chat"), ErrNoChat))
			return
		}
		w.Header().Set("Content-Type", "text/plain; charset=utf-8")
		_, _ = w.Write([]byte(s.Transcript(id)))
	})
	mux.HandleFunc("GET /sim/events", s.events)
}

// readControl reads the body of a request and answers when it cannot be read.
func readControl(w http.ResponseWriter, r *http.Request, into any) bool {
	d := json.NewDecoder(http.MaxBytesReader(w, r.Body, maxControl))
	d.DisallowUnknownFields()
	if err := d.Decode(into); err != nil {
		controlled(w, nil, fmt.Errorf("emulator: reading the request: %w", err))
		return false
	}
	return true
}

// controlled answers a request to the control API.
func controlled(w http.ResponseWriter, answer any, err error) {
	switch {
	case err != nil:
		writeJSON(w, http.StatusBadRequest, map[string]string{"error": err.Error()})
	case answer == nil:
		writeJSON(w, http.StatusOK, struct{}{})
	default:
		writeJSON(w, http.StatusOK, answer)
	}
}
