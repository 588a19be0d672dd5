package conversation

import (
	"slices"

	"zomrobot/chat"
)

// The next step of a draft is never stored: it is the first step without an answer,
// and the last step when there is none.

// Applies reports whether a step has anything to ask for this order.
func (m *Machine) Applies(dr *Draft, p Place) bool {
	absent := m.places[p].Absent
	return absent == nil || !absent(dr)
}

// Open returns the steps that are still to be answered, in order; the last
// is not one of them.
func (m *Machine) Open(dr *Draft) []Place {
	var open []Place
	for _, p := range m.steps {
		if s := m.places[p]; !s.Final && m.Applies(dr, p) && !s.Done(dr) {
			open = append(open, p)
		}
	}
	return open
}

// Complete reports whether every step before the last is answered.
func (m *Machine) Complete(dr *Draft) bool { return len(m.Open(dr)) == 0 }

// before returns the nearest step before that of a place that applies to this
// order; false: there is none.
func (m *Machine) before(dr *Draft, p Place) (Place, bool) {
	for i := m.places[p].Step - 2; i >= 0; i-- {
		if m.Applies(dr, m.steps[i]) {
			return m.steps[i], true
		}
	}
	return "", false
}

// hasBack reports whether Back leads anywhere from where the draft stands.
func (m *Machine) hasBack(dr *Draft) bool {
	s := m.places[dr.Place]
	if s.Closed {
		return false
	}
	_, before := m.before(dr, dr.Place)
	return before || dr.Search != "" || s.Parent != "" || s.Within != nil || dr.Reviewed && m.Complete(dr)
}

// Chosen says each choice of the draft in words, in the order of the steps.
func (m *Machine) Chosen(dr *Draft) []chat.Phrase {
	var lines []chat.Phrase
	for _, p := range m.steps {
		if say := m.places[p].Say; say != nil {
			lines = append(lines, say(dr)...)
		}
	}
	return lines
}

// GoTo moves to another place of the draft.
func (t *Turn) GoTo(p Place) {
	dr := t.Dialogue.Draft
	dr.Place, dr.Page, dr.Search, dr.Family, dr.Trouble = p, 0, "", "", nil
	if enter := t.Machine.places[p].Enter; enter != nil {
		enter(t)
	}
}

// Forward asks for the first thing that is missing, or else shows the last step.
func (t *Turn) Forward() {
	if open := t.Machine.Open(t.Dialogue.Draft); len(open) > 0 {
		t.GoTo(open[0])
		return
	}
	t.GoTo(t.Machine.steps[len(t.Machine.steps)-1])
}

// back goes one place back; false: there is none.
func (t *Turn) back() bool {
	dr := t.Dialogue.Draft
	if !t.Machine.hasBack(dr) {
		return false
	}
	here := t.Machine.places[dr.Place]
	complete := t.Machine.Complete(dr)
	switch {
	case here.Parent != "" && t.Machine.places[here.Parent].Final && !complete:
		t.Forward()
	case here.Parent != "":
		t.GoTo(here.Parent)
	case dr.Search != "":
		dr.Search, dr.Page = "", 0
	case here.Within != nil && here.Within(t):
	case dr.Reviewed && complete && !here.Final:
		t.Forward()
	default:
		before, _ := t.Machine.before(dr, dr.Place)
		t.GoTo(before)
		if last := t.Machine.places[before].Last; last != nil {
			last(t)
		}
	}
	return true
}

// stepOf is the step that a place is, or belongs to.
func (m *Machine) stepOf(p Place) Spot {
	i := slices.IndexFunc(m.steps, func(s Place) bool { return m.places[s].Step == m.places[p].Step })
	return m.places[m.steps[i]]
}
