package emulator

import (
	"context"
	"net/http"
	"strconv"
	"strings"
	"sync"
	"time"
)

// Config says what a Server is like. The zero value of each field but Token is a
// sensible choice.
type Config struct {
	// Token is the bot's token, "<bot id>:<secret>". A request with another one is
	// refused with 401.
	Token string
	// BotUsername is the bot's name behind the @; "zomro_demo_bot" when empty.
	BotUsername string
	// BotName is the bot's name as people see it; "Zomro" when empty.
	BotName string
	// People live in this world from the start, each with a private chat. Nil
	// stands for [Demo]; an empty list for nobody.
	People []Person
	// Now is the clock of the world; time.Now when nil.
	Now func() time.Time
	// AnswerWithin is how long a press can be answered; 15 seconds when zero.
	AnswerWithin time.Duration
	// ReadsAll turns the privacy mode off: in groups the bot gets every message.
	ReadsAll bool
	// Flood turns on Telegram's limits of traffic: about one message a second in
	// a chat, 20 a minute in a group, and the slowing of getUpdates that repeats
	// itself. They cost real time, so tests turn them on only when they mean it.
	Flood bool
	// Limits are those that Flood turns on.
	Limits Limits
	// RetryDelay is the pause before an update is sent to the webhook again after
	// so many failures (1, 2, …). Nil stands for Telegram's: none, then 2, 4, 8 … 60
	// seconds.
	RetryDelay func(failures int) time.Duration
	// Panel serves what stands beside the chats on the page, at the paths below
	// /panel/ and guarded like the page; the page loads its panel.js as a module.
	// Nil: nothing stands there.
	Panel http.Handler
}

// Person is somebody with a Telegram client.
type Person struct {
	ID       int64  `json:"id"`
	Name     string `json:"name"`
	Username string `json:"username,omitempty"`
	Lang     string `json:"lang,omitempty"` // language_code as Telegram sends it: "ru", "pt-br", or ""
	Bot      bool   `json:"bot,omitempty"`  // another bot, for groups
}

// Demo returns the people of the page: Anna, who reads English, and Борис, who
// reads Russian.
func Demo() []Person {
	return []Person{
		{ID: 1001, Name: "Anna", Username: "anna", Lang: "en"},
		{ID: 1002, Name: "Борис", Username: "boris", Lang: "ru"},
	}
}

// Server is one world: a bot, people, chats and the updates between them. Its
// methods may be called from any goroutine. It is made by [New].
type Server struct {
	cfg  Config
	bot  Person
	web  http.Handler
	done context.Context // ends with Close
	end  context.CancelFunc
	work sync.WaitGroup // deliveries to the webhook

	mu      sync.Mutex
	epoch   int64         // tells this world from an earlier one at the same address
	rev     int64         // counts changes
	changed chan struct{} // closed and replaced by every change

	people    []*person
	chats     []*chat
	nextID    int // of messages in private chats and basic groups, which share one sequence
	presses   []*press
	profile   profile
	sends     []time.Time // of the last second, in all chats
	inbox     inbox
	faults    []*fault
	calls     []Call
	dropped   int // calls that were forgotten
	violation []string
}

// New returns a world with the people of cfg in it.
func New(cfg Config) *Server {
	if cfg.BotUsername == "" {
		cfg.BotUsername = "zomro_demo_bot"
	}
	if cfg.BotName == "" {
		cfg.BotName = "Zomro"
	}
	if cfg.People == nil {
		cfg.People = Demo()
	}
	if cfg.Now == nil {
		cfg.Now = time.Now
	}
	if cfg.AnswerWithin == 0 {
		cfg.AnswerWithin = 15 * time.Second
	}
	if cfg.RetryDelay == nil {
		cfg.RetryDelay = retryDelay
	}
	head, _, _ := strings.Cut(cfg.Token, ":")
	id, err := strconv.ParseInt(head, 10, 64)
	if err != nil || id <= 0 {
		id = 1 // such a token lets nobody in, so the id is never seen
	}
	s := &Server{
		cfg:     cfg,
		bot:     Person{ID: id, Name: cfg.BotName, Username: cfg.BotUsername},
		epoch:   time.Now().UnixNano(),
		changed: make(chan struct{}),
		profile: newProfile(),
		inbox:   inbox{next: firstUpdate},
	}
	s.done, s.end = context.WithCancel(context.Background())
	s.web = s.routes()
	s.touch() // so that an empty world is news to the page, too
	for _, p := range cfg.People {
		s.AddPerson(p)
	}
	return s
}

// Close ends what waits: polls, deliveries to the webhook, event streams. The
// state can still be read.
func (s *Server) Close() {
	s.mu.Lock()
	s.end() // under the lock: no more deliveries start
	s.mu.Unlock()
	s.work.Wait()
}

// ServeHTTP serves the Bot API, the control API and the page.
func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if strings.HasPrefix(r.URL.Path, "/bot") {
		s.serveBot(w, r)
		return
	}
	if strings.HasPrefix(r.URL.Path, "/file/bot") {
		s.serveFile(w, r)
		return
	}
	s.web.ServeHTTP(w, r)
}

// routes is what people use: the control API and the page, closed to other
// machines' names and to other sites' pages.
func (s *Server) routes() http.Handler {
	mux := http.NewServeMux()
	s.controlRoutes(mux)
	s.pageRoutes(mux)
	return guard(mux)
}

// touch tells everybody who waits that something changed, and returns the number
// of the change. The caller holds the lock.
func (s *Server) touch() int64 {
	s.rev++
	close(s.changed)
	s.changed = make(chan struct{})
	return s.rev
}
