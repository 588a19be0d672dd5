package account

import (
	"slices"
	"time"

	"zomrobot/chat"
	"zomrobot/conversation"
)

// lookAround asks, once a day, for what to remind the person of.
func lookAround(t *conversation.Turn) {
	r, lang := &t.Dialogue.Reminders, t.Dialogue.Language()
	if r.Next.IsZero() || t.Now.Before(r.Next) {
		return
	}
	r.Next = r.After(t.Now, lang, t.Dialogue.Key.User)
	wanted := slices.ContainsFunc(conversation.Matters, func(m conversation.Matter) bool { return r.Allow(m, t.Now, lang) })
	if wanted && t.Now.Sub(r.Looked) >= conversation.Apart {
		r.Looked = t.Now
		t.Do(LoadMatters{})
	}
}

// planReminders sets when the next look is due: never for somebody without an
// account. Only the person's own chat has reminders.
func planReminders(t *conversation.Turn) {
	r := &t.Dialogue.Reminders
	switch {
	case !t.Dialogue.Key.Private() || t.Dialogue.Key.Thread != 0 || len(t.Dialogue.Accounts) == 0:
		r.Next = time.Time{}
	case r.Next.IsZero():
		r.Next = r.After(t.Now, t.Dialogue.Language(), t.Dialogue.Key.User)
	}
}

// mattersLoaded reminds the person of what there is.
func mattersLoaded(t *conversation.Turn, e MattersLoaded) {
	r, lang := &t.Dialogue.Reminders, t.Dialogue.Language()
	for _, m := range conversation.Matters {
		screen, found := reminder(t, m, e)
		if !found || !r.Allow(m, t.Now, lang) {
			continue
		}
		if r.Said == nil {
			r.Said = map[conversation.Matter]time.Time{}
		}
		r.Said[m] = t.Now
		t.Notify(screen)
	}
}

// stopReminding switches off the reminders of a matter, by the button below one.
// The button never grows old.
func stopReminding(t *conversation.Turn, m conversation.Matter) {
	if !slices.Contains(conversation.Settable, m) {
		t.Answer(chat.Say("toast.unknown"))
		return
	}
	t.Dialogue.Reminders.Turn(m, false)
	if m == conversation.MatterApproval {
		t.Answer(chat.Say("toast.requests_off"))
	} else {
		t.Answer(chat.Say("toast.reminder_off"))
	}
	t.Show = t.Dialogue.Aside != nil && t.Dialogue.Aside.Place == PlaceReminders
}
