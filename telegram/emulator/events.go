package emulator

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"time"
)

// heartbeat is how often a silent stream of events says that it is alive.
const heartbeat = 15 * time.Second

// view is what changed since some moment, for the page: everything at first. Since
// things are sent whole, a page that missed a part or got one twice is right after
// the next.
type view struct {
	Reset    bool          `json:"reset"` // forget what you have
	Bot      Person        `json:"bot"`
	Panel    bool          `json:"panel"` // something stands beside the chats
	People   []viewPerson  `json:"people,omitempty"`
	Chats    []viewChat    `json:"chats,omitempty"`
	Messages []viewMessage `json:"messages,omitempty"`
	Presses  []Press       `json:"presses,omitempty"`
	Menus    []viewMenu    `json:"menus,omitempty"`
}

type viewPerson struct {
	Person
	About   string `json:"about,omitempty"` // what the bot says about itself to this person
	Started bool   `json:"started"`
	Blocked bool   `json:"blocked"`
}

type viewChat struct {
	ID      int64          `json:"id"`
	Type    string         `json:"type"`
	Title   string         `json:"title"`
	Members []int64        `json:"members,omitempty"`
	Topics  map[int]string `json:"topics,omitempty"`
	Closed  bool           `json:"closed,omitempty"` // nobody can write there
	Typing  map[int]int64  `json:"typing,omitempty"` // how long the bot still seems to be writing, in milliseconds, by thread
}

type viewMessage struct {
	Message
	Entities []entity `json:"entities,omitempty"`
	Picture  string   `json:"picture,omitempty"` // where the contents of its photo are
}

// viewMenu is what a person's client offers behind the menu button of a chat.
type viewMenu struct {
	User     int64     `json:"user"`
	Chat     int64     `json:"chat"`
	Commands []Command `json:"commands"`
}

// view returns what changed after a revision. The caller holds the lock.
func (s *Server) view(since int64) view {
	v := view{Reset: since == 0, Bot: s.bot, Panel: s.cfg.Panel != nil}
	menus := s.profile.rev > since || since == 0
	for _, p := range s.people {
		if p.rev > since || menus {
			v.People = append(v.People, viewPerson{p.Person, s.about(p), p.started, p.blocked})
		}
	}
	for _, c := range s.chats {
		if c.rev > since {
			v.Chats = append(v.Chats, s.viewChatOf(c))
		}
		if c.rev > since || menus {
			v.Menus = append(v.Menus, s.menusOf(c)...)
		}
		v.Messages = append(v.Messages, s.messagesOf(c, since)...)
	}
	for _, p := range s.presses {
		if p.rev > since {
			v.Presses = append(v.Presses, p.Press)
		}
	}
	return v
}

// viewChatOf returns a chat as the page shows it: a private one by the bot's name.
func (s *Server) viewChatOf(c *chat) viewChat {
	v := viewChat{
		ID: c.id, Type: c.kind, Title: c.title, Members: c.present(), Topics: c.opened(),
		Closed: c.movedTo != 0 || c.deleted, Typing: c.writing(s.cfg.Now()),
	}
	if c.person != nil {
		v.Title, v.Members = s.bot.Name, []int64{c.id}
	}
	return v
}

// messagesOf returns what changed of a chat's messages after a revision.
func (s *Server) messagesOf(c *chat, since int64) []viewMessage {
	var changed []viewMessage
	for _, m := range c.messages {
		if m.rev > since {
			v := viewMessage{Message: s.see(m), Entities: m.entities}
			if m.photo != nil && m.photo.Content != nil {
				v.Picture = fmt.Sprintf("/sim/picture?chat=%d&message=%d&rev=%d", c.id, m.id, m.rev)
			}
			changed = append(changed, v)
		}
	}
	return changed
}

// opened returns the titles of the topics that were opened in a forum, all but the
// general one; nil: there are none.
func (c *chat) opened() map[int]string {
	var titles map[int]string
	for id, t := range c.topics {
		if id == generalTopic {
			continue
		}
		if titles == nil {
			titles = map[int]string{}
		}
		titles[id] = t.title
	}
	return titles
}

// writing tells how long the bot still seems to be writing, by thread.
func (c *chat) writing(now time.Time) map[int]int64 {
	left := map[int]int64{}
	for thread, until := range c.typing {
		if until.After(now) {
			left[thread] = until.Sub(now).Milliseconds()
		}
	}
	return left
}

func (s *Server) menusOf(c *chat) []viewMenu {
	users := c.present()
	if c.person != nil {
		users = []int64{c.id}
	}
	var menus []viewMenu
	for _, u := range users {
		if u != s.bot.ID {
			menus = append(menus, viewMenu{u, c.id, append([]Command{}, s.menu(u, c)...)})
		}
	}
	return menus
}

// events streams the views of one page. Each event is named by the world and the
// revision it reaches, so that a page that comes back gets what it missed, and a page
// of an earlier world everything.
func (s *Server) events(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Content-Type", "text/event-stream")
	w.Header().Set("Cache-Control", "no-store")
	since := s.resume(r.Header.Get("Last-Event-ID"))
	out := http.NewResponseController(w)
	beat := time.NewTicker(heartbeat)
	defer beat.Stop()
	for {
		s.mu.Lock()
		changed, rev := s.changed, s.rev
		var v view
		if rev > since {
			v = s.view(since)
		}
		s.mu.Unlock()
		if rev > since && (v.Reset || !v.empty()) {
			body, err := json.Marshal(v)
			if err != nil {
				return
			}
			if _, err := fmt.Fprintf(w, "id: %d-%d\nretry: 1000\ndata: %s\n\n", s.epoch, rev, body); err != nil {
				return
			}
			if out.Flush() != nil {
				return
			}
		}
		since = rev
		select {
		case <-changed:
		case <-beat.C:
			if _, err := fmt.Fprint(w, ": alive\n\n"); err != nil || out.Flush() != nil {
				return
			}
		case <-r.Context().Done():
			return
		case <-s.done.Done():
			return
		}
	}
}

// empty tells whether nothing changed that a page shows.
func (v view) empty() bool {
	return len(v.People)+len(v.Chats)+len(v.Messages)+len(v.Presses)+len(v.Menus) == 0
}

// resume reads the id of the last event that a page got; 0 is from the beginning.
func (s *Server) resume(id string) int64 {
	epoch, rev, ok := strings.Cut(id, "-")
	if !ok || epoch != strconv.FormatInt(s.epoch, 10) {
		return 0
	}
	n, err := strconv.ParseInt(rev, 10, 64)
	if err != nil || n < 0 {
		return 0
	}
	return n
}
