package conversation

import (
	"slices"
	"time"

	"zomrobot/chat"
	"zomrobot/locales"
)

// Basics is the flow of what every dialogue has: the language, and a way out of what the
// card is about.
func Basics() Flow {
	return Flow{
		Name: "basics",
		Commands: []CommandSpec{
			{Name: "cancel", Topic: TopicOrder, Menu: 13, Private: true, Group: true, Run: func(t *Turn, _ Call) { t.cancelAny() }},
			{Name: "language", Topic: TopicAccount, Menu: 19, Private: true, Group: true, Run: func(t *Turn, _ Call) { t.chooseLanguage() }},
		},
		Buttons: map[string]func(*Turn, Data, int){
			kindLanguage: func(t *Turn, d Data, message int) { t.speak(d.Verb, message) },
		},
	}
}

// cancelAny ends what the card is about.
func (t *Turn) cancelAny() {
	switch {
	case t.Dialogue.Aside != nil && !t.Machine.places[t.Dialogue.Aside.Place].Alone:
		t.leaveAside(t.Machine.places[t.Dialogue.Aside.Place])
		if dr := t.Dialogue.Draft; dr != nil && !t.Machine.places[dr.Place].Closed {
			t.Note(chat.Say("cancel.order_stays"))
		}
		t.AsNew = true
	case t.Dialogue.Draft == nil:
		t.Hint(chat.Say("cancel.nothing"), "status")
	default:
		t.Dialogue.Aside = nil
		t.cancelDraft()
		t.AsNew = true
	}
}

// chooseLanguage asks for the language. Its buttons never grow old.
func (t *Turn) chooseLanguage() {
	var buttons []chat.Button
	for _, lang := range slices.Backward(locales.Languages()) {
		buttons = append(buttons, chat.Button{Label: Plain(locales.Name(lang)), Data: kindLanguage + ":" + lang})
	}
	t.Notify(chat.Screen{Lines: []chat.Phrase{chat.Say("ask.language")}, Rows: [][]chat.Button{buttons}})
}

// speak changes the language for good. The question is removed.
func (t *Turn) speak(lang string, question int) {
	if !slices.Contains(locales.Languages(), lang) {
		t.Answer(chat.Say("toast.unknown"))
		return
	}
	t.Dialogue.Lang = lang
	t.Dialogue.Reminders.Next = time.Time{} // planned again: the time zone may be taken from the language
	t.Answer(chat.Say("toast.language"))
	if question != 0 {
		t.Do(Delete{Message: question})
	}
	t.Hint(chat.Say("language.set"))
	t.Show = true
}
