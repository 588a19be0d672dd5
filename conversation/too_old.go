package conversation

import (
	"slices"
	"time"

	"zomrobot/chat"
)

// IntentLives is how long what a person wants counts: what spends money or destroys
// something is not done on an older word, for they may have changed their mind, or
// done it elsewhere, while the bot could not hear them.
const IntentLives = 10 * time.Minute

// madeAt is when a person did what caused an event. What nobody did counts as done
// now.
func (t *Turn) madeAt(e chat.Event) time.Time {
	age := time.Duration(0)
	switch e := e.(type) {
	case chat.Command:
		age = e.Age
	case chat.Text:
		age = e.Age
	case chat.Press:
		age = e.Age
	case Checked:
		if e.Check.Open != nil || e.Check.Decide != nil || e.Check.Act != nil || e.Check.Acts != nil {
			return e.Check.Made
		}
	case promised:
		if at, ok := e.MadeAt(t.Dialogue); ok {
			return at
		}
	default:
	}
	return t.Now.Add(-age)
}

// promised is an event that something a person wanted waits for.
type promised interface {
	// MadeAt is when they did; false: nothing waits.
	MadeAt(Dialogue) (time.Time, bool)
}

// committing is an effect that spends, destroys, or lets others do so.
type committing interface{ Commits() }

// old reports whether what caused the turn no longer counts.
func (t *Turn) old() bool { return t.Now.Sub(t.Made) > IntentLives }

// commits reports whether the turn spends, destroys, or lets others do so, and so
// must not be made on an old word. Giving up is always possible.
func (t *Turn) commits() bool {
	if dr := t.Dialogue.Draft; dr != nil && dr.Confirming {
		return true
	}
	return slices.ContainsFunc(t.effects, commits)
}

// commits reports whether an effect spends, destroys, or lets others do so.
func commits(effect Effect) bool {
	switch effect := effect.(type) {
	case Open, committing:
		return true
	case Decide:
		return !effect.Choice.GivesUp()
	case ChangeTeam:
		return !effect.Make && !effect.Unbind
	case Check:
		return effect.Open != nil || effect.Act != nil || effect.Acts != nil || effect.Decide != nil && commits(*effect.Decide) || effect.Change != nil && commits(*effect.Change)
	default:
		return false
	}
}

// withheld returns what is done instead of what was made of an event; nil: that stands. A
// text agrees to nothing that the chat has not shown, nor when somebody else wrote it.
func (t *Turn) withheld(e chat.Event) func(*Turn, chat.Event) {
	text, typed := e.(chat.Text)
	switch {
	case t.old() && t.commits():
		return (*Turn).tooOld
	case typed && (text.Forwarded || !text.Seen) && slices.ContainsFunc(t.effects, commits):
		return (*Turn).notAgreed
	default:
		return nil
	}
}

// notAgreed does nothing of what a text would agree to, and shows again what is asked.
func (t *Turn) notAgreed(e chat.Event) {
	said := chat.Say("note.question_first")
	if text, ok := e.(chat.Text); ok && text.Forwarded {
		said = chat.Say("note.forwarded_answer")
	}
	t.Note(said)
	t.AsNew = true
}

// tooOld does nothing of what a person wanted too long ago, and shows again what it
// was about.
func (t *Turn) tooOld(e chat.Event) {
	said := chat.Say("note.too_old")
	if press, ok := e.(chat.Press); ok {
		t.Press = press.ID
	}
	if slices.ContainsFunc(t.Machine.flows, func(f Flow) bool { return f.Late != nil && f.Late(t, e, said) }) {
		return
	}
	switch e.(type) {
	case chat.Command:
		t.Dialogue.Aside = nil // it was about the draft
	case chat.Press:
		t.Alert(chat.Say("toast.too_old"))
	default:
	}
	t.Note(said)
	t.AsNew = true
}

// deletions are the messages with secrets that the turn removes: they are removed in
// any case.
func (t *Turn) deletions() []Effect {
	var gone []Effect
	for _, effect := range t.effects {
		if _, ok := effect.(Delete); ok {
			gone = append(gone, effect)
		}
	}
	return gone
}
