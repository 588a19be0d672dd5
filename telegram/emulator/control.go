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
	User    int64   `json:"user"` // who does it
	Chat    int64   `json:"chat"` // 0: the user's private chat
	To      int64   `json:"to"`   // the chat to forward to
	Thread  int     `json:"thread"`
	Message int     `json:"message"`
	Text    string  `json:"text"`
	Button  string  `json:"button"` // label or data of a button that must be there
	Data    string  `json:"data"`   // any data, when button is empty
	Link    string  `json:"link"`
	Blocked bool    `json:"blocked"`
	Muted   bool    `json:"muted"`
	Closed  bool    `json:"closed"`
	Unseen  bool    `json:"unseen"`
	Member  int64   `json:"member"` // to whom it is done; 0: the bot
	ID      int64   `json:"id"`
	Name    string  `json:"name"`
	Lang    string  `json:"lang"`
	Alias   string  `json:"username"`
	Bot     bool    `json:"bot"`
	Title   string  `json:"title"`
	Forum   bool    `json:"forum"`
	Members []int64 `json:"members"`
	Rights
}

// controlRoutes serves /sim/. Every POST takes and returns JSON; a refusal is 400
// with {"error": …}. What people do, with the fields that each takes beside user and
// chat, and what it returns:
//
//	users        id, name, username, lang, bot          add a person, or another bot
//	chats        id, title, forum, members              add a group with the bot
//	send         text, thread → message                 write, to a topic or not
//	reply        message, text → message                answer a message
//	photo        text → message                         send a photo with a caption
//	edit         message, text                          change what one wrote
//	delete       message                                delete what one wrote
//	forward      message, to → message                  send a message on
//	tap          message, button or data → press        tap a button
//	link         link → message                         open a link to the bot
//	block        blocked                                stop the bot, or let it again
//	deleteAccount                                       be gone
//	join         member                                 add the bot, or a person
//	leave                                               leave a group
//	kick         member                                 remove from a group
//	restrict     member, muted                          let only read, or let write again
//	promote      member, delete, topics, anonymous, customTitle
//	demote       member
//	transfer     member                                 give the group to somebody
//	topic        title → thread                         open a topic
//	closeTopic   thread, closed                         close a topic, or open it again
//	deleteTopic  thread
//	migrate      unseen → chat                          make a basic group a supergroup
//	deleteGroup
//
// Beside them: forge takes an update that never happened and returns its id as
// update, fault takes a [Fault]. GET gives state, calls, violations, the transcript
// of a chat, the picture of a message and, as a stream, the events of the page.
func (s *Server) controlRoutes(mux *http.ServeMux) {
	message := func(id int, err error) (any, error) { return map[string]int{"message": id}, err }
	post := map[string]func(order) (any, error){
		"users": func(o order) (any, error) {
			s.AddPerson(Person{ID: o.ID, Name: o.Name, Username: o.Alias, Lang: o.Lang, Bot: o.Bot})
			return nil, nil
		},
		"chats":   func(o order) (any, error) { return nil, s.addGroup(o.ID, o.Title, o.Forum, o.Members) },
		"send":    func(o order) (any, error) { return message(s.SayIn(o.User, o.Chat, o.Thread, o.Text)) },
		"reply":   func(o order) (any, error) { return message(s.Reply(o.User, o.Chat, o.Message, o.Text)) },
		"photo":   func(o order) (any, error) { return message(s.Photo(o.User, o.Chat, o.Text)) },
		"edit":    func(o order) (any, error) { return nil, s.EditText(o.User, o.Chat, o.Message, o.Text) },
		"delete":  func(o order) (any, error) { return nil, s.Delete(o.User, o.Chat, o.Message) },
		"forward": func(o order) (any, error) { return message(s.Forward(o.User, o.Chat, o.Message, o.To)) },
		"tap": func(o order) (any, error) {
			tap, what := s.TapData, o.Data
			if o.Button != "" {
				tap, what = s.Tap, o.Button
			}
			id, err := tap(o.User, o.Chat, o.Message, what)
			return map[string]string{"press": id}, err
		},
		"link":          func(o order) (any, error) { return message(s.OpenLink(o.User, o.Chat, o.Link)) },
		"block":         func(o order) (any, error) { return nil, s.block(o.User, o.Blocked) },
		"deleteAccount": func(o order) (any, error) { return nil, s.DeleteAccount(o.User) },
		"join":          func(o order) (any, error) { return nil, s.Join(o.User, o.Chat, o.Member) },
		"leave":         func(o order) (any, error) { return nil, s.Leave(o.User, o.Chat) },
		"kick":          func(o order) (any, error) { return nil, s.Kick(o.User, o.Chat, o.Member) },
		"restrict": func(o order) (any, error) {
			if o.Muted {
				return nil, s.Restrict(o.User, o.Chat, o.Member)
			}
			return nil, s.Unrestrict(o.User, o.Chat, o.Member)
		},
		"promote":  func(o order) (any, error) { return nil, s.Promote(o.User, o.Chat, o.Member, o.Rights) },
		"demote":   func(o order) (any, error) { return nil, s.Demote(o.User, o.Chat, o.Member) },
		"transfer": func(o order) (any, error) { return nil, s.TransferOwnership(o.User, o.Chat, o.Member) },
		"topic": func(o order) (any, error) {
			id, err := s.AddTopic(o.User, o.Chat, o.Title)
			return map[string]int{"thread": id}, err
		},
		"closeTopic":  func(o order) (any, error) { return nil, s.toggle(o.User, o.Chat, o.Thread, o.Closed) },
		"deleteTopic": func(o order) (any, error) { return nil, s.DeleteTopic(o.User, o.Chat, o.Thread) },
		"migrate": func(o order) (any, error) {
			id, err := s.migrate(o.User, o.Chat, !o.Unseen)
			return map[string]int64{"chat": id}, err
		},
		"deleteGroup": func(o order) (any, error) { return nil, s.DeleteGroup(o.User, o.Chat) },
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
			if o.Member == 0 {
				o.Member = s.bot.ID
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
	mux.HandleFunc("POST /sim/forge", func(w http.ResponseWriter, r *http.Request) {
		var raw json.RawMessage
		if readControl(w, r, &raw) {
			id, err := s.Forge(raw)
			controlled(w, map[string]int64{"update": id}, err)
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
	mux.HandleFunc("GET /sim/picture", func(w http.ResponseWriter, r *http.Request) {
		chat, err := strconv.ParseInt(r.FormValue("chat"), 10, 64)
		id, err2 := strconv.Atoi(r.FormValue("message"))
		picture := s.Picture(chat, id)
		if err != nil || err2 != nil || picture == nil {
			http.NotFound(w, r)
			return
		}
		w.Header().Set("Content-Type", http.DetectContentType(picture))
		w.Header().Set("Cache-Control", "no-store")
		w.Header().Set("X-Content-Type-Options", "nosniff")
		_, _ = w.Write(picture) // whoever asked is gone
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
