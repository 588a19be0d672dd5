package conversation

import (
	"cmp"
	"encoding/json"
	"fmt"
	"slices"
	"time"

	"zomrobot/chat"
)

// Place is where a dialogue stands: what the card asks.
type Place string

// Spot is how a place behaves.
type Spot struct {
	Name   Place
	Parent Place       // where Back leads; "": to the step before
	Ask    func(*View) // makes the lines and rows of the card
	Skip   func(*Turn) // what Skip does; nil: there is no Skip

	Press func(t *Turn, verb string, n int) bool // false: there is no such button
	Text  func(t *Turn, text string)             // nil: no text is expected
	// Agrees: a text can agree to what spends, destroys or lets others do so. Elsewhere such
	// a text does nothing: nobody looks whether the chat showed what it agrees to.
	Agrees bool
	Again  bool        // what is typed here is another answer to the question before: it is not asked for
	Typed  chat.Phrase // what is typed here rather than chosen, in few words: a group gets a prompt to reply to; none without a key
	// secret takes a text that must not stay in the chat. It comes before
	// text; nil: the text is no secret.
	Secret func(t *Turn, text string, message int)
	Shown  bool // what secret takes is shown again: no password, no session
	Exact  bool // it takes a password: every sign counts
	Given  bool // that password exists already, and is not made for this

	// Of a place of the draft. One with done is a step; the others belong to the step
	// before them.
	Title  chat.Phrase                // of the step
	Done   func(*Draft) bool          // whether it is answered
	Say    func(*Draft) []chat.Phrase // its answer in words
	Absent func(*Draft) bool          // it does not apply to this order; nil: it always does
	Want   func(*Draft) Effect        // what must be loaded before it can ask; nil: nothing
	Enter  func(*Turn)                // when the draft comes here
	Within func(*Turn) bool           // Back within the place; false: it leads out of it
	Last   func(*Turn)                // when Back leads here from the step after it
	Opens  bool                       // it comes before the first step, and is no part of it
	Final  bool                       // the last step: what is agreed to is said here
	Closed bool                       // nothing can be done here but wait

	// Of a place beside the draft.
	Looks   bool        // it only shows something
	Waits   bool        // its time runs from its beginning, whatever is said meanwhile
	Alone   bool        // it has no row of its own to leave it
	Rests   bool        // when its time is over it stays as it is: what it leads to never grows old
	Returns bool        // a login that begins here leads back here
	Entered func(*Turn) // when Back leads here
	Back    func(*Turn) // what Back does, where it does not just lead to the parent

	// Row leads back here once the card has ended, by buttons that never grow old. Where it is nil,
	// or there is none, that of the parent does, and at last the command that the place is named like.
	Row func(Dialogue) []chat.Button

	Step int // number of the step that it is or belongs to; 0: it is beside the draft
}

// Call is how a command was given.
type Call struct {
	Args, Unique string
	Message      int  // the person's; 0: it was a button
	Forwarded    bool // somebody wrote it elsewhere, and the person has passed it on
	Seen         bool // the card stood in the chat when it was written, as the dialogue is
}

// Topic is what a command is about: the help names it there.
type Topic string

// The topics of the help, in order.
const (
	TopicOrder   Topic = "order"
	TopicMoney   Topic = "money"
	TopicServers Topic = "servers"
	TopicTeam    Topic = "team"
	TopicAccount Topic = "account"
)

// Topics are all of them.
var Topics = []Topic{TopicOrder, TopicMoney, TopicServers, TopicTeam, TopicAccount}

// CommandSpec is a command.
type CommandSpec struct {
	Name    string
	Topic   Topic
	Menu    int  // its place among those that are offered; 0: it is not offered
	Private bool // it is offered in a person's own chat with the bot
	Group   bool // it is offered in groups; elsewhere it is refused in words by Run
	Owner   bool // it is for owners of the bot alone; without Run no dialogue takes it
	Raw     bool // its words count as they were sent: they can hold a key or a password
	Secrets bool // it takes the secrets in its words itself, in private
	Always  bool // with secrets: in groups too
	Run     func(*Turn, Call)
}

// State is what a flow keeps with a place beside the draft.
type State interface {
	// Stored names its form in the store.
	Stored() string
	// Meaning is what the meaning of the card's buttons depends on.
	Meaning() string
	// Clone returns a copy that shares nothing that a step changes in place.
	Clone() State
}

// Flow is a part of the dialogue that people know as one thing. Fields that it does
// not need stay empty.
type Flow struct {
	Name     string
	Steps    []Spot // of the draft, in order: one flow has them
	Places   []Spot // beside the draft
	Commands []CommandSpec
	Buttons  map[string]func(t *Turn, d Data, message int) // that never grow old, by kind
	Door     *Door                                         // from the card of a server; nil: there is none

	// thaw reads what is kept with a place, from its form in the store or an older one;
	// nil: nothing is.
	Thaw func(place Place, stored map[string]json.RawMessage) (State, error)

	Sum    func(*Draft) []chat.Phrase                         // what the draft comes to so far: said below what was chosen
	Take   func(*Turn, chat.Event)                            // what happened; each flow hears of all
	Reads  func(t *Turn, text string, call Call) bool         // a text that is something by itself; false: it is not
	Expire func(*Turn)                                        // at the beginning of a step: gives up what nobody came back to
	Settle func(t *Turn, before Layout)                       // at its end: what follows for the dialogue
	Follow func(t *Turn, before, after Layout) []Effect       // and what must be done, after the card
	Wake   func(Dialogue) []time.Time                         // when something expires, or must be looked for
	Late   func(t *Turn, e chat.Event, said chat.Phrase) bool // shows again what somebody wanted too long ago; false: it does not belong to this flow
	Cancel func(*Turn)                                        // ends the draft because the person wants to
}

// Machine is the dialogue, put together from its flows.
type Machine struct {
	flows    []Flow
	places   map[Place]Spot
	steps    []Place // of the draft, in order
	commands []CommandSpec
	buttons  map[string]func(t *Turn, d Data, message int)
}

// Assemble puts the dialogue together. It panics when two flows have a place, a command
// or a kind of button of the same name, or two commands one place in the menu, for that
// is a bug.
func Assemble(flows ...Flow) *Machine {
	m := &Machine{flows: flows, places: map[Place]Spot{}, buttons: map[string]func(*Turn, Data, int){}}
	for _, f := range flows {
		for _, s := range f.Steps {
			if s.Done != nil {
				m.steps = append(m.steps, s.Name)
			}
			s.Step = len(m.steps)
			m.add(s)
		}
		for _, s := range f.Places {
			m.add(s)
		}
		for _, c := range f.Commands {
			if _, taken := m.command(c.Name); taken {
				panic(fmt.Sprintf("conversation: the command %s is there twice", c.Name))
			}
			m.commands = append(m.commands, c)
		}
		for kind, press := range f.Buttons {
			if m.buttons[kind] != nil {
				panic(fmt.Sprintf("conversation: buttons of kind %s are there twice", kind))
			}
			m.buttons[kind] = press
		}
	}
	for i, c := range m.commands {
		if slices.ContainsFunc(m.commands[:i], func(other CommandSpec) bool { return c.Menu > 0 && other.Menu == c.Menu }) {
			panic(fmt.Sprintf("conversation: another command has the place of %s in the menu", c.Name))
		}
	}
	slices.SortStableFunc(m.commands, func(a, b CommandSpec) int { return cmp.Compare(a.Menu, b.Menu) })
	return m
}

func (m *Machine) add(s Spot) {
	if _, taken := m.places[s.Name]; taken {
		panic(fmt.Sprintf("conversation: the place %s is there twice", s.Name))
	}
	m.places[s.Name] = s
}

// Spot returns how a place behaves; a zero one for none.
func (m *Machine) Spot(p Place) Spot { return m.places[p] }

// Steps returns the steps of the draft, in order.
func (m *Machine) Steps() []Place { return m.steps }

func (m *Machine) command(name string) (CommandSpec, bool) {
	i := slices.IndexFunc(m.commands, func(c CommandSpec) bool { return c.Name == name })
	if i < 0 {
		return CommandSpec{}, false
	}
	return m.commands[i], true
}

// Commands returns the commands in the order in which they are offered.
func (m *Machine) Commands() []chat.CommandInfo {
	var offered []chat.CommandInfo
	for _, c := range m.commands {
		if c.Menu > 0 {
			offered = append(offered, chat.CommandInfo{Name: c.Name, Private: c.Private, Group: c.Group})
		}
	}
	return offered
}

// CommandsAbout returns the names of the commands about something that are offered in
// private, or in groups.
func (m *Machine) CommandsAbout(topic Topic, private bool) []string {
	var names []string
	for _, c := range m.commands {
		if c.Menu > 0 && c.Topic == topic && (private && c.Private || !private && c.Group) {
			names = append(names, c.Name)
		}
	}
	return names
}

// OwnersCommands returns the commands that are for owners of the bot alone.
func (m *Machine) OwnersCommands() []chat.CommandInfo {
	var theirs []chat.CommandInfo
	for _, c := range m.commands {
		if c.Owner {
			theirs = append(theirs, chat.CommandInfo{Name: c.Name, Private: c.Private, Group: c.Group})
		}
	}
	return theirs
}

// OwnersCommand reports whether a command is for owners of the bot alone and no dialogue
// takes it, and there is one in private, or in groups.
func (m *Machine) OwnersCommand(name string, private bool) bool {
	c, ok := m.command(name)
	return ok && c.Owner && c.Run == nil && (private && c.Private || !private && c.Group)
}

// isCommand reports whether the chat offers a command of that name.
func (m *Machine) isCommand(name string) bool {
	c, ok := m.command(name)
	return ok && c.Menu > 0
}

// thaw reads what its flow keeps with a question.
func (m *Machine) thaw(a *Aside) error {
	if a == nil {
		return nil
	}
	for _, f := range m.flows {
		if f.Thaw == nil || !slices.ContainsFunc(f.Places, func(s Spot) bool { return s.Name == a.Place }) {
			continue
		}
		state, err := f.Thaw(a.Place, a.Stored)
		if err != nil {
			return fmt.Errorf("what is kept with %s: %w", a.Place, err)
		}
		a.Flow = state
	}
	a.Stored = nil
	if over, ok := a.Flow.(interface{ Behind() *Aside }); ok {
		return m.thaw(over.Behind())
	}
	return nil
}

// Thaw reads a state of a type from the form in which it is kept; an empty one if there is none.
func Thaw[T any, P interface {
	*T
	State
}](stored map[string]json.RawMessage,
) (State, error) {
	var state P = new(T)
	text, ok := stored[state.Stored()]
	if !ok {
		return state, nil
	}
	if err := json.Unmarshal(text, state); err != nil {
		return nil, err
	}
	return state, nil
}

// place returns how the place where a dialogue stands behaves; false: it stands nowhere.
func (m *Machine) place(d Dialogue) (Spot, bool) {
	switch {
	case d.Aside != nil:
		return m.places[d.Aside.Place], true
	case d.Draft != nil:
		return m.places[d.Draft.Place], true
	default:
		return Spot{}, false
	}
}

// Agrees reports whether a text can agree to something where a dialogue stands.
func (m *Machine) Agrees(d Dialogue) bool {
	s, _ := m.place(d)
	return s.Agrees
}

// Want returns what must be loaded before the draft's place can ask; nil: nothing.
func (m *Machine) Want(dr *Draft) Effect {
	if want := m.places[dr.Place].Want; want != nil {
		return want(dr)
	}
	return nil
}
