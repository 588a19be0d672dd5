package crowd

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"sync"
	"time"
)

// Button is a button under a message.
type Button struct {
	Label string `json:"text"`
	Data  string `json:"callback_data"`
}

// Message is a message of the bot as a person sees it now.
type Message struct {
	ID      int
	Text    string
	Buttons []Button
}

// Button returns the button with a label.
func (m Message) Button(label string) (Button, bool) {
	i := slices.IndexFunc(m.Buttons, func(b Button) bool { return b.Label == label })
	if i < 0 {
		return Button{}, false
	}
	return m.Buttons[i], true
}

// Crowd is people in private chats with one bot, and the server that the bot calls.
type Crowd struct {
	roundTrip time.Duration
	closed    chan struct{}

	mu       sync.Mutex
	arrived  chan struct{} // closed when an update arrives
	changed  chan struct{} // closed when a message was shown, or the bot polls
	updates  []update
	polls    int
	serves   func() (string, error) // where the bot's webhook is served
	hooked   string                 // the webhook; "": the bot polls
	lastID   int64                  // of an update
	people   map[int64]*person
	label    string // of the button that is tapped
	tapping  bool
	under    int // taps whose card has not come
	finished []time.Duration
	shown    int // cards since people began to tap
}

type update struct {
	id   int64
	text string
}

type person struct {
	messages []Message // in the order in which they came
	lastID   int
	tapped   time.Time // when they tapped; zero: no card is awaited
}

// New returns a crowd of nobody, with whom a call takes so long as roundTrip says
// beside what it takes anyway. A bot may have been with another crowd before: no update
// has an id that was there.
func New(roundTrip time.Duration) *Crowd {
	return &Crowd{
		roundTrip: roundTrip,
		lastID:    time.Now().UnixMilli(),
		closed:    make(chan struct{}), arrived: make(chan struct{}), changed: make(chan struct{}),
		people: map[int64]*person{},
	}
}

// Close ends the polls that wait.
func (c *Crowd) Close() { close(c.closed) }

// Polls returns how often the bot has polled, or set its webhook.
func (c *Crowd) Polls() int {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.polls
}

// Put makes a person see a message that the bot sent in an earlier life.
func (c *Crowd) Put(id int64, m Message) {
	c.mu.Lock()
	defer c.mu.Unlock()
	p := c.person(id)
	p.messages = append(p.messages, m)
	p.lastID = max(p.lastID, m.ID)
}

// Messages returns what the bot shows to a person, in the order in which it came.
func (c *Crowd) Messages(id int64) []Message {
	c.mu.Lock()
	defer c.mu.Unlock()
	return slices.Clone(c.person(id).messages)
}

// Say has a person write to the bot.
func (c *Crowd) Say(id int64, text string) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	p := c.person(id)
	p.lastID++
	message := map[string]any{"message_id": p.lastID, "date": time.Now().Unix(), "from": from(id), "chat": chat(id), "text": text}
	if strings.HasPrefix(text, "/") {
		command, _, _ := strings.Cut(text, " ")
		message["entities"] = []any{map[string]any{"type": "bot_command", "offset": 0, "length": len(command)}}
	}
	return c.arrive("message", message)
}

// Tap has a person tap the newest button with a label.
func (c *Crowd) Tap(id int64, label string) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.tap(id, label)
}

func (c *Crowd) tap(id int64, label string) error {
	for _, m := range slices.Backward(c.person(id).messages) {
		if b, ok := m.Button(label); ok {
			return c.arrive("callback_query", map[string]any{
				"id": fmt.Sprint(c.lastID), "from": from(id), "chat_instance": "1", "data": b.Data,
				"message": map[string]any{"message_id": m.ID, "date": time.Now().Unix(), "chat": chat(id), "text": m.Text},
			})
		}
	}
	return fmt.Errorf("person %d sees no button %q", id, label)
}

func from(id int64) any {
	return map[string]any{"id": id, "is_bot": false, "first_name": "Person", "language_code": "en"}
}

func chat(id int64) any {
	return map[string]any{"id": id, "type": "private", "first_name": "Person"}
}

// arrive puts an update where the next poll finds it.
func (c *Crowd) arrive(kind string, what any) error {
	c.lastID++
	text, err := json.Marshal(map[string]any{"update_id": c.lastID, kind: what})
	if err != nil {
		return err
	}
	c.updates = append(c.updates, update{c.lastID, string(text)})
	close(c.arrived)
	c.arrived = make(chan struct{})
	return nil
}

func (c *Crowd) person(id int64) *person {
	p := c.people[id]
	if p == nil {
		p = &person{}
		c.people[id] = p
	}
	return p
}

// touch tells those who wait that something changed.
func (c *Crowd) touch() {
	close(c.changed)
	c.changed = make(chan struct{})
}

// show shows a message, in place of the one with its id, and returns its id. A person
// who waits for their card has it now, and taps again.
func (c *Crowd) show(id int64, m Message) int {
	c.mu.Lock()
	defer c.mu.Unlock()
	p := c.person(id)
	i := slices.IndexFunc(p.messages, func(other Message) bool { return other.ID == m.ID })
	switch {
	case i >= 0:
		p.messages[i] = m
	case m.ID == 0:
		p.lastID++
		m.ID = p.lastID
		fallthrough
	default:
		p.messages = append(p.messages, m)
	}
	defer c.touch()
	if _, ok := m.Button(c.label); !ok {
		return m.ID
	}
	c.shown++
	if p.tapped.IsZero() {
		return m.ID
	}
	now := time.Now()
	c.finished = append(c.finished, now.Sub(p.tapped))
	p.tapped = time.Time{}
	c.under--
	if c.tapping && c.tap(id, c.label) == nil { // it has the button
		p.tapped = now
		c.under++
	}
	return m.ID
}

// Until waits until something holds, which is looked at whenever a message was shown
// or the bot polls.
func (c *Crowd) Until(ctx context.Context, holds func() bool) error {
	for {
		c.mu.Lock()
		changed := c.changed
		c.mu.Unlock()
		if holds() {
			return nil
		}
		select {
		case <-changed:
		case <-ctx.Done():
			return ctx.Err()
		}
	}
}

// Round is what came of a while of tapping.
type Round struct {
	Turns  int             // whose card came within the while
	During time.Duration   // the while
	All    []time.Duration // from each tap to its card, sorted; also of those that came later
	Shown  int             // cards, which is more than All has if one was shown for no tap
}

// Rate is how many turns there were in a second.
func (r Round) Rate() float64 { return float64(r.Turns) / r.During.Seconds() }

// Quantile returns the time within which a part of the cards came.
func (r Round) Quantile(part float64) time.Duration {
	if len(r.All) == 0 {
		return 0
	}
	return r.All[min(len(r.All)-1, int(part*float64(len(r.All))))]
}

// Run has everybody tap the button with a label, each again as soon as their card has
// come, for a while. It returns when the last card is there.
func (c *Crowd) Run(ctx context.Context, people []int64, label string, during time.Duration) (Round, error) {
	c.mu.Lock()
	c.label, c.tapping, c.finished, c.shown = label, true, nil, 0
	began := time.Now()
	var failed error
	for _, id := range people {
		if failed = c.tap(id, label); failed != nil {
			break
		}
		c.person(id).tapped = time.Now()
		c.under++
	}
	c.mu.Unlock()
	if failed == nil {
		select {
		case <-time.After(during):
		case <-ctx.Done():
		}
	}
	c.mu.Lock()
	c.tapping = false
	round := Round{Turns: len(c.finished), During: time.Since(began)}
	c.mu.Unlock()
	if failed != nil {
		return Round{}, failed
	}
	under := 0
	if err := c.Until(ctx, func() bool {
		c.mu.Lock()
		defer c.mu.Unlock()
		under = c.under
		return under == 0
	}); err != nil {
		return Round{}, fmt.Errorf("%d of %d people wait for their card: %w", under, len(people), err)
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	round.All, round.Shown = slices.Clone(c.finished), c.shown
	slices.Sort(round.All)
	return round, nil
}
