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

// spot is how a place behaves.
type spot struct {
	name   Place
	parent Place       // where Back leads; "": to the step before
	ask    func(*view) // makes the lines and rows of the card
	skip   func(*turn) // what Skip does; nil: there is no Skip

	press func(t *turn, verb string, n int) bool // false: it knows no such button
	text  func(t *turn, text string)             // nil: no text is expected
	typed bool                                   // an answer is typed rather than chosen: a group gets a prompt to reply to
	// secret takes a text that must not stay in the chat. It comes before
	// text; nil: the text is no secret.
	secret func(t *turn, text string, message int)
	shown  bool // what secret takes is shown again: no password, no session
	exact  bool // it takes a password: every sign counts
	given  bool // that password is there already, and not made for this

	// Of a place of the draft. One with done is a step; the others belong to the step
	// before them.
	title  chat.Phrase                // of the step
	done   func(*Draft) bool          // whether it is answered
	say    func(*Draft) []chat.Phrase // its answer in words
	absent func(*Draft) bool          // it does not apply to this order; nil: it does
	want   func(*Draft) Effect        // what must be loaded before it can ask; nil: nothing
	enter  func(*turn)                // when the draft comes here
	within func(*turn) bool           // Back within the place; false: it leads out of it
	last   func(*turn)                // when Back leads here from the step after it
	final  bool                       // the last step: what is agreed to is said here
	closed bool                       // nothing can be done here: it is waited for something

	// Of a place beside the draft.
	looks   bool        // it only shows something
	waits   bool        // its time runs from its beginning, whatever is said meanwhile
	alone   bool        // it has no row of its own to leave it
	returns bool        // a login that begins here leads back here
	entered func(*turn) // when Back leads here

	step int // number of the step that it is or belongs to; 0: it is beside the draft
}

// Call is how a command was given.
type call struct {
	args, unique string
	message      int  // the person's; 0: it was a button
	forwarded    bool // somebody wrote it elsewhere, and the person has passed it on
}

// commandSpec is a command.
type commandSpec struct {
	name    string
	menu    int  // its place among those that are offered; 0: it is not offered
	private bool // it works in a person's own chat with the bot
	group   bool // it works in groups
	owner   bool // it is for owners of the bot alone, and no matter of a dialogue
	raw     bool // its words count as they were sent: they can hold a key or a password
	secrets bool // it takes the secrets in its words itself, in private
	always  bool // with secrets: in groups too
	run     func(*turn, call)
}

// State is what a flow keeps with a place beside the draft.
type State interface {
	// Stored names its form in the store.
	Stored() string
	// Meaning is what the meaning of the card's buttons hangs on.
	Meaning() string
	// Clone returns a copy that shares nothing that a step changes in place.
	Clone() State
}

// Flow is a part of the dialogue that people know as one thing. What it does not need
// stays empty.
type Flow struct {
	name     string
	steps    []spot // of the draft, in order: one flow has them
	places   []spot // beside the draft
	commands []commandSpec
	buttons  map[string]func(t *turn, d data, message int) // that never grow old, by kind

	// thaw reads what is kept with a place, from its form in the store or an older one;
	// nil: nothing is.
	thaw func(place Place, stored map[string]json.RawMessage) (State, error)

	take   func(*turn, chat.Event)                            // what happened; each flow hears of all
	reads  func(t *turn, text string, call call) bool         // a text that is something by itself; false: it is not
	expire func(*turn)                                        // at the begin of a step: gives up what nobody came back to
	settle func(t *turn, before layout)                       // at its end: what follows for the dialogue
	follow func(t *turn, before, after layout) []Effect       // and what is to be done, after the card
	wake   func(Dialogue) []time.Time                         // when something expires, or is to be looked for
	late   func(t *turn, e chat.Event, said chat.Phrase) bool // shows again what somebody wanted too long ago; false: it is not of this flow
	cancel func(*turn)                                        // ends the draft because the person wants to
}

// Machine is the dialogue, put together from its flows.
type Machine struct {
	flows    []Flow
	places   map[Place]spot
	steps    []Place // of the draft, in order
	commands []commandSpec
	buttons  map[string]func(t *turn, d data, message int)
}

// Assemble puts the dialogue together. It panics when two flows have a place, a command
// or a kind of buttons of the same name, for that is a fault of the program.
func Assemble(flows ...Flow) *Machine {
	m := &Machine{flows: flows, places: map[Place]spot{}, buttons: map[string]func(*turn, data, int){}}
	for _, f := range flows {
		for _, s := range f.steps {
			if s.done != nil {
				m.steps = append(m.steps, s.name)
			}
			s.step = len(m.steps)
			m.add(s)
		}
		for _, s := range f.places {
			m.add(s)
		}
		for _, c := range f.commands {
			if _, taken := m.command(c.name); taken {
				panic(fmt.Sprintf("conversation: the command %s is there twice", c.name))
			}
			m.commands = append(m.commands, c)
		}
		for kind, press := range f.buttons {
			if m.buttons[kind] != nil {
				panic(fmt.Sprintf("conversation: buttons of kind %s are there twice", kind))
			}
			m.buttons[kind] = press
		}
	}
	slices.SortStableFunc(m.commands, func(a, b commandSpec) int { return cmp.Compare(a.menu, b.menu) })
	return m
}

func (m *Machine) add(s spot) {
	if _, taken := m.places[s.name]; taken {
		panic(fmt.Sprintf("conversation: the place %s is there twice", s.name))
	}
	m.places[s.name] = s
}

func (m *Machine) command(name string) (commandSpec, bool) {
	i := slices.IndexFunc(m.commands, func(c commandSpec) bool { return c.name == name })
	if i < 0 {
		return commandSpec{}, false
	}
	return m.commands[i], true
}

// Commands returns the commands in the order in which they are offered.
func (m *Machine) Commands() []chat.CommandInfo {
	var offered []chat.CommandInfo
	for _, c := range m.commands {
		if c.menu > 0 {
			offered = append(offered, chat.CommandInfo{Name: c.name, Private: c.private, Group: c.group})
		}
	}
	return offered
}

// OwnersCommand reports whether a command is for owners of the bot alone.
func (m *Machine) OwnersCommand(name string) bool {
	c, ok := m.command(name)
	return ok && c.owner
}

// isCommand reports whether the chat offers a command of that name.
func (m *Machine) isCommand(name string) bool {
	c, ok := m.command(name)
	return ok && c.menu > 0
}

// Decode reads a dialogue as it is kept, by this version of the program or an earlier one.
func (m *Machine) Decode(text []byte) (Dialogue, error) {
	var d Dialogue
	if err := json.Unmarshal(text, &d); err != nil {
		return d, err
	}
	return d, m.thaw(d.Aside)
}

// thaw reads what its flow keeps with a question.
func (m *Machine) thaw(a *Aside) error {
	if a == nil {
		return nil
	}
	for _, f := range m.flows {
		if f.thaw == nil || !slices.ContainsFunc(f.places, func(s spot) bool { return s.name == a.Place }) {
			continue
		}
		state, err := f.thaw(a.Place, a.stored)
		if err != nil {
			return fmt.Errorf("what is kept with %s: %w", a.Place, err)
		}
		a.Flow = state
	}
	a.stored = nil
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

// place returns how the place behaves where a dialogue stands; false: it stands nowhere.
func (m *Machine) place(d Dialogue) (spot, bool) {
	switch {
	case d.Aside != nil:
		return m.places[d.Aside.Place], true
	case d.Draft != nil:
		return m.places[d.Draft.Place], true
	default:
		return spot{}, false
	}
}

// want returns what must be loaded before the draft's place can ask; nil: nothing.
func (m *Machine) want(dr *Draft) Effect {
	if want := m.places[dr.Place].want; want != nil {
		return want(dr)
	}
	return nil
}
