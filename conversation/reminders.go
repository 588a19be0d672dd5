package conversation

import (
	"slices"
	"time"

	"zomrobot/chat"
)

// lookAround asks, once a day, for what the person is to be reminded of.
func (t *turn) lookAround() {
	r, lang := &t.d.Reminders, t.d.Language()
	if r.Next.IsZero() || t.now.Before(r.Next) {
		return
	}
	r.Next = r.after(t.now, lang, t.d.Key.User)
	wanted := slices.ContainsFunc(matters, func(m Matter) bool { return r.allow(m, t.now, lang) })
	if wanted && t.now.Sub(r.Looked) >= apart {
		r.Looked = t.now
		t.do(LoadMatters{})
	}
}

// planReminders sets when it is looked next: never for somebody without an
// account. Only the person's own chat has reminders.
func (t *turn) planReminders() {
	r := &t.d.Reminders
	switch {
	case !t.d.Key.Private() || t.d.Key.Thread != 0 || len(t.d.Accounts) == 0:
		r.Next = time.Time{}
	case r.Next.IsZero():
		r.Next = r.after(t.now, t.d.Language(), t.d.Key.User)
	}
}

// mattersLoaded reminds the person of what there is.
func (t *turn) mattersLoaded(e MattersLoaded) {
	r, lang := &t.d.Reminders, t.d.Language()
	for _, m := range matters {
		screen, found := t.reminder(m, e)
		if !found || !r.allow(m, t.now, lang) {
			continue
		}
		if r.Said == nil {
			r.Said = map[Matter]time.Time{}
		}
		r.Said[m] = t.now
		t.notify(screen)
	}
}

// stopReminding switches the reminders of a matter off, by the button below
// one. It never grows old.
func (t *turn) stopReminding(m Matter) {
	if !slices.Contains(matters, m) {
		t.answer(chat.Say("toast.unknown"))
		return
	}
	t.d.Reminders.turn(m, false)
	t.answer(chat.Say("toast.reminder_off"))
	t.show = t.d.Aside != nil && t.d.Aside.Place == PlaceReminders
}
