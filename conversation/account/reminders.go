package account

import (
	"slices"
	"time"

	"zomrobot/chat"
	"zomrobot/conversation"
)

// lookAround asks, once a day, for what to remind the person of, and more often how their
// servers are.
func lookAround(t *conversation.Turn) {
	if !lookToday(t) {
		lookAtServers(t)
	}
}

// lookToday is the look of the day. It reports whether it is made now.
func lookToday(t *conversation.Turn) bool {
	r, lang := &t.Dialogue.Reminders, t.Dialogue.Language()
	if r.Next.IsZero() || t.Now.Before(r.Next) {
		return false
	}
	if later := r.MadeUp(t.Now, lang, t.Dialogue.Key.User); later.After(t.Now) {
		r.Next = later
		return false
	}
	r.Next = r.After(t.Now, lang, t.Dialogue.Key.User)
	if !allowed(t, conversation.Matters) || !r.Rested(t.Now) {
		return false
	}
	r.Looked = t.Now
	if !r.Watch.IsZero() {
		r.Watch, r.Second = r.WatchAfter(t.Now, lang, t.Dialogue.Key.User), false
	}
	t.Do(LoadMatters{})
	return true
}

// lookAtServers asks how the servers are, when that is due.
func lookAtServers(t *conversation.Turn) {
	r, lang := &t.Dialogue.Reminders, t.Dialogue.Language()
	if r.Watch.IsZero() || t.Now.Before(r.Watch) {
		return
	}
	second, late := r.Second, r.Late(t.Now)
	r.Watch, r.Second = r.WatchAfter(t.Now, lang, t.Dialogue.Key.User), false
	switch {
	case !slices.ContainsFunc(conversation.OfServers, r.Wants):
		r.Watch = time.Time{} // until some of it is wanted
	case !late && r.Awake(t.Now, lang):
		t.Do(LoadMatters{Servers: true, Second: second})
	}
}

// allowed reports whether the person may be told of one of these matters now.
func allowed(t *conversation.Turn, of []conversation.Matter) bool {
	return slices.ContainsFunc(of, func(m conversation.Matter) bool {
		return t.Dialogue.Reminders.Allow(m, t.Now, t.Dialogue.Language())
	})
}

// planReminders sets when the next look is due: never for somebody without an
// account. Only the person's own chat has reminders. What the settings change is planned again.
func planReminders(t *conversation.Turn) {
	r, lang, user := &t.Dialogue.Reminders, t.Dialogue.Language(), t.Dialogue.Key.User
	switch {
	case !t.Dialogue.Key.Private() || t.Dialogue.Key.Thread != 0 || len(t.Dialogue.Accounts) == 0:
		r.Next, r.Watch, r.Second = time.Time{}, time.Time{}, false
	case r.Next.IsZero() || r.Astray(t.Now):
		r.Next = r.After(t.Now, lang, user)
		if !r.Watch.IsZero() {
			r.Watch = r.WatchFrom(t.Now, lang, user)
		}
	}
}

// mattersLoaded reminds the person of what there is.
func mattersLoaded(t *conversation.Turn, e MattersLoaded) {
	e.Accounts = slices.DeleteFunc(slices.Clone(e.Accounts), func(a OfAccount) bool { // forgotten meanwhile
		return !slices.ContainsFunc(t.Dialogue.Accounts, func(is conversation.Account) bool { return is.ID == a.ID })
	})
	planWatch(t, e)
	for _, a := range e.Accounts {
		if len(a.Missing)+len(a.Back) > 0 {
			t.Do(NoteMissing{Account: a.ID, Missing: a.Missing, Back: a.Back})
		}
	}
	r, lang := &t.Dialogue.Reminders, t.Dialogue.Language()
	for _, m := range conversation.Matters {
		if e.Servers && !slices.Contains(conversation.OfServers, m) {
			continue // of which nothing was read
		}
		screen, found := reminder(t, m, e)
		if !found || !r.Allow(m, t.Now, lang) {
			continue
		}
		if r.Said == nil {
			r.Said = map[conversation.Matter]time.Time{}
		}
		r.Said[m] = t.Now
		t.Notify(screen)
		told(t, m, e.Accounts)
	}
}

// told has it remembered of which servers the person was told in a matter.
func told(t *conversation.Turn, m conversation.Matter, accounts []OfAccount) {
	for _, a := range accounts {
		told := ServersTold{Account: a.ID}
		switch m {
		case conversation.MatterStopped:
			for _, n := range a.News {
				told.Servers = append(told.Servers, n.Server)
			}
		case conversation.MatterTraffic:
			told.Traffic = a.Traffic
		default: // is said again as long as it is so
		}
		if len(told.Servers)+len(told.Traffic) > 0 {
			t.Do(told)
		}
	}
}

// planWatch sets when the servers are looked at next: soon when something wants a second
// look, and not before the next day when there are none. A second look is followed by no
// third one: what is in doubt then waits for the next usual one.
func planWatch(t *conversation.Turn, e MattersLoaded) {
	r, lang := &t.Dialogue.Reminders, t.Dialogue.Language()
	if t.Dialogue.Reminders.Next.IsZero() {
		return // of somebody who has logged out meanwhile
	}
	doubt := slices.ContainsFunc(e.Accounts, func(a OfAccount) bool { return a.Doubt })
	watched := slices.ContainsFunc(e.Accounts, func(a OfAccount) bool { return a.Watched })
	switch {
	case doubt && !e.Second:
		r.Watch, r.Second = t.Now.Add(conversation.Again), true
	case watched && r.Watch.IsZero() && slices.ContainsFunc(conversation.OfServers, r.Wants):
		r.Watch = r.WatchAfter(t.Now, lang, t.Dialogue.Key.User)
	case !watched && !e.Unread:
		r.Watch, r.Second = time.Time{}, false
	}
}

// beginWatch has the servers looked at within half an hour, by day: there may be some now.
func beginWatch(t *conversation.Turn) {
	if r := &t.Dialogue.Reminders; r.Watch.IsZero() {
		r.Watch = r.WatchFrom(t.Now, t.Dialogue.Language(), t.Dialogue.Key.User)
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
