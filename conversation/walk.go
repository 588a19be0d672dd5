package conversation

import (
	"slices"

	"zomrobot/chat"
)

// What comes next of a draft is never written down: it is the first step without an
// answer, and the last one when there is none.

// applies reports whether a step has anything to ask for this order.
func (m *Machine) applies(dr *Draft, p Place) bool {
	absent := m.places[p].absent
	return absent == nil || !absent(dr)
}

// open returns the steps that are still to be answered, in order; the last
// is not one of them.
func (m *Machine) open(dr *Draft) []Place {
	var open []Place
	for _, p := range m.steps {
		if s := m.places[p]; !s.final && m.applies(dr, p) && !s.done(dr) {
			open = append(open, p)
		}
	}
	return open
}

// complete reports whether every step before the last is answered.
func (m *Machine) complete(dr *Draft) bool { return len(m.open(dr)) == 0 }

// before returns the step before the one of a place that applies to this
// order; false: there is none.
func (m *Machine) before(dr *Draft, p Place) (Place, bool) {
	for i := m.places[p].step - 2; i >= 0; i-- {
		if m.applies(dr, m.steps[i]) {
			return m.steps[i], true
		}
	}
	return "", false
}

// hasBack reports whether Back leads anywhere from where the draft stands.
func (m *Machine) hasBack(dr *Draft) bool {
	s := m.places[dr.Place]
	if s.closed {
		return false
	}
	_, before := m.before(dr, dr.Place)
	return before || dr.Search != "" || s.parent != "" || dr.Reviewed && m.complete(dr)
}

// chosen says each choice of the draft in words, in the order of the steps.
func (m *Machine) chosen(dr *Draft) []chat.Phrase {
	var lines []chat.Phrase
	for _, p := range m.steps {
		if say := m.places[p].say; say != nil {
			lines = append(lines, say(dr)...)
		}
	}
	return lines
}

// goTo asks at another place of the draft.
func (t *turn) goTo(p Place) {
	dr := t.d.Draft
	dr.Place, dr.Page, dr.Search, dr.Family, dr.Trouble = p, 0, "", "", nil
	if enter := t.m.places[p].enter; enter != nil {
		enter(t)
	}
}

// forward asks for the first thing that is missing, else shows the last step.
func (t *turn) forward() {
	if open := t.m.open(t.d.Draft); len(open) > 0 {
		t.goTo(open[0])
		return
	}
	t.goTo(t.m.steps[len(t.m.steps)-1])
}

// back goes one place back; false: there is none.
func (t *turn) back() bool {
	dr := t.d.Draft
	if !t.m.hasBack(dr) {
		return false
	}
	here := t.m.places[dr.Place]
	complete := t.m.complete(dr)
	switch {
	case here.parent != "" && t.m.places[here.parent].final && !complete:
		t.forward()
	case here.parent != "":
		t.goTo(here.parent)
	case dr.Search != "":
		dr.Search, dr.Page = "", 0
	case here.within != nil && here.within(t):
	case dr.Reviewed && complete && !here.final:
		t.forward()
	default:
		before, _ := t.m.before(dr, dr.Place)
		t.goTo(before)
		if last := t.m.places[before].last; last != nil {
			last(t)
		}
	}
	return true
}

// stepOf is the step that a place is, or belongs to.
func (m *Machine) stepOf(p Place) spot {
	i := slices.IndexFunc(m.steps, func(s Place) bool { return m.places[s].step == m.places[p].step })
	return m.places[m.steps[i]]
}
