package conversation

import (
	"time"

	"zomrobot/chat"
)

// Basics is the flow of what every dialogue has: a greeting, help, the language, and a way
// out of what the card is about.
func Basics() Flow {
	return Flow{
		name: "basics",
		commands: []commandSpec{
			{name: "cancel", menu: 11, private: true, group: true, run: func(t *turn, _ call) { t.cancelAny() }},
			{name: "language", menu: 17, private: true, group: true, run: func(t *turn, _ call) { t.chooseLanguage() }},
			{name: "help", menu: 18, private: true, group: true, run: func(t *turn, _ call) { t.help() }},
			{name: "start", menu: 19, private: true, run: func(t *turn, c call) {
				if c.args != "" && t.d.Key.Private() {
					t.do(OpenLink{Code: c.args})
					return
				}
				t.start()
			}},
		},
		buttons: map[string]func(*turn, data, int){
			kindLanguage: func(t *turn, d data, message int) { t.speak(d.verb, message) },
		},
		take: func(t *turn, e chat.Event) {
			if link, ok := e.(LinkOpened); ok && link.Refused {
				t.tell(chat.Say("link.refused"))
			}
		},
	}
}

// start greets.
func (t *turn) start() {
	greeting := chat.Screen{Lines: []chat.Phrase{chat.Say("start.hello"), chat.Say("start.money")}}
	switch {
	case t.d.Draft != nil:
		greeting.Rows = append(greeting.Rows, []chat.Button{commandButton("continue")})
	case !t.d.Key.Private() && t.d.Account == "":
		greeting.Rows = append(greeting.Rows, []chat.Button{commandButton("team")})
	case t.d.Account != "":
		greeting.Rows = append(greeting.Rows, []chat.Button{commandButton("order")})
	default:
		greeting.Lines = append(greeting.Lines, chat.Say("start.login"))
		greeting.Rows = append(greeting.Rows, []chat.Button{commandButton("login")})
	}
	greeting.Rows = append(greeting.Rows, []chat.Button{commandButton("language"), commandButton("help")})
	t.notify(greeting)
}

// help lists what works here.
func (t *turn) help() {
	lines := []chat.Phrase{chat.Say("help.intro")}
	for _, c := range t.m.Commands() {
		if t.d.Key.Private() && c.Private || !t.d.Key.Private() && c.Group {
			lines = append(lines, chat.Say("help.command", "Name", c.Name, "What", chat.Phrase{Key: "command." + c.Name}))
		}
	}
	lines = append(lines, chat.Phrase{}, chat.Say("help.shortcut"))
	if !t.d.Key.Private() {
		lines = append(lines, chat.Say("help.group"))
	}
	t.notify(chat.Screen{Lines: lines})
}

// cancelAny ends what the card is about.
func (t *turn) cancelAny() {
	switch {
	case t.d.Aside != nil && !t.m.places[t.d.Aside.Place].alone:
		t.leaveAside(chat.Say("aside.cancelled"))
		t.anew = true
	case t.d.Draft == nil:
		t.tell(chat.Say("cancel.nothing"), "status")
	case t.m.places[t.d.Draft.Place].closed:
		t.note(chat.Say("note.opening"))
		t.anew = true
	default:
		t.d.Aside = nil
		t.cancelDraft()
		t.anew = true
	}
}

// chooseLanguage asks for the language. Its buttons never grow old.
func (t *turn) chooseLanguage() {
	t.notify(chat.Screen{
		Lines: []chat.Phrase{chat.Say("ask.language")},
		Rows: [][]chat.Button{{
			{Label: chat.Say("button.russian"), Data: kindLanguage + ":" + chat.Russian},
			{Label: chat.Say("button.english"), Data: kindLanguage + ":" + chat.English},
		}},
	})
}

// speak changes the language for good. The question is removed.
func (t *turn) speak(lang string, question int) {
	if lang != chat.Russian && lang != chat.English {
		t.answer(chat.Say("toast.unknown"))
		return
	}
	t.d.Lang = lang
	t.d.Reminders.Next = time.Time{} // planned anew: the time zone may be taken from the language
	t.answer(chat.Say("toast.language"))
	if question != 0 {
		t.do(Delete{Message: question})
	}
	t.tell(chat.Say("language.set"))
	t.show = true
}
