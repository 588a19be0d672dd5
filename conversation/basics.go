package conversation

import (
	"slices"
	"time"

	"zomrobot/chat"
	"zomrobot/locales"
)

// Basics is the flow of what every dialogue has: a greeting, help, the language, and a way
// out of what the card is about.
func Basics() Flow {
	return Flow{
		Name: "basics",
		Commands: []CommandSpec{
			{Name: "cancel", Menu: 11, Private: true, Group: true, Run: func(t *Turn, _ Call) { t.cancelAny() }},
			{Name: "language", Menu: 17, Private: true, Group: true, Run: func(t *Turn, _ Call) { t.chooseLanguage() }},
			{Name: "help", Menu: 18, Private: true, Group: true, Run: func(t *Turn, _ Call) { t.help() }},
			{Name: "start", Menu: 19, Private: true, Run: func(t *Turn, c Call) {
				if c.Args != "" && t.Dialogue.Key.Private() {
					t.Do(OpenLink{Code: c.Args, Unique: c.Unique})
					return
				}
				t.start()
			}},
		},
		Buttons: map[string]func(*Turn, Data, int){
			kindLanguage: func(t *Turn, d Data, message int) { t.speak(d.Verb, message) },
		},
		Take: func(t *Turn, e chat.Event) {
			if link, ok := e.(LinkOpened); ok && link.Refused {
				t.start(chat.Say("link.refused"), chat.Phrase{})
			}
		},
	}
}

// start greets, below what has to be said first.
func (t *Turn) start(first ...chat.Phrase) {
	greeting := chat.Screen{Lines: append(first, chat.Say("start.hello"), chat.Say("start.money"))}
	switch {
	case t.Dialogue.Draft != nil:
		greeting.Rows = append(greeting.Rows, []chat.Button{CommandButton("continue")})
	case !t.Dialogue.Key.Private() && t.Dialogue.Account == "":
		greeting.Rows = append(greeting.Rows, []chat.Button{CommandButton("team")})
	case t.Dialogue.Account != "":
		greeting.Rows = append(greeting.Rows, []chat.Button{CommandButton("order")})
	default:
		greeting.Lines = append(greeting.Lines, chat.Say("start.login"))
		greeting.Rows = append(greeting.Rows, []chat.Button{CommandButton("login")})
	}
	greeting.Rows = append(greeting.Rows, []chat.Button{CommandButton("language"), CommandButton("help")})
	t.Notify(greeting)
}

// help lists what works here.
func (t *Turn) help() {
	lines := []chat.Phrase{chat.Say("help.intro")}
	for _, c := range t.Machine.Commands() {
		if t.Dialogue.Key.Private() && c.Private || !t.Dialogue.Key.Private() && c.Group {
			lines = append(lines, chat.Say("help.command", "Name", c.Name, "What", chat.Phrase{Key: "command." + c.Name}))
		}
	}
	lines = append(lines, chat.Phrase{}, chat.Say("help.shortcut"))
	if !t.Dialogue.Key.Private() {
		lines = append(lines, chat.Say("help.group"))
	}
	t.Notify(chat.Screen{Lines: lines})
}

// cancelAny ends what the card is about.
func (t *Turn) cancelAny() {
	switch {
	case t.Dialogue.Aside != nil && !t.Machine.places[t.Dialogue.Aside.Place].Alone:
		t.leaveAside(t.Machine.places[t.Dialogue.Aside.Place])
		t.AsNew = true
	case t.Dialogue.Draft == nil:
		t.Tell(chat.Say("cancel.nothing"), "status")
	case t.Machine.places[t.Dialogue.Draft.Place].Closed:
		t.Note(chat.Say("note.opening"))
		t.AsNew = true
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
	t.Tell(chat.Say("language.set"))
	t.Show = true
}
