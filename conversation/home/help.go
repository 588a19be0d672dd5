package home

import (
	"strings"

	"zomrobot/chat"
	"zomrobot/conversation"
)

// help says what works here, by what it is about, and gives an example that works today.
func help(t *conversation.Turn, e ExampleLoaded) {
	private := t.Dialogue.Key.Private()
	about := "help.topic."
	if !private {
		about = "help.group_topic."
	}
	lines := []chat.Phrase{chat.Say("help.intro")}
	for _, topic := range conversation.Topics {
		names := t.Machine.CommandsAbout(topic, private)
		if len(names) == 0 {
			continue
		}
		lines = append(lines, chat.Phrase{}, chat.Say(about+string(topic)), chat.Say("help.commands", "Commands", "/"+strings.Join(names, " · /")))
	}
	if e.Owner {
		var names []string
		for _, c := range t.Machine.OwnersCommands() {
			if private && c.Private || !private && c.Group {
				names = append(names, c.Name)
			}
		}
		lines = append(lines, chat.Phrase{}, chat.Say(about+"owner"), chat.Say("help.commands", "Commands", "/"+strings.Join(names, " · /")))
	}
	lines = append(lines, chat.Phrase{})
	if w := e.Wish; w != nil {
		lines = append(lines, chat.Say("help.example_words", "CPU", w.CPU, "Memory", w.Memory, "Place", w.Place))
	}
	lines = append(lines, chat.Say("help.example", "Line", chat.Arg{Code: e.Line}))
	if !private {
		lines = append(lines, chat.Say("help.group"))
	}
	t.Notify(chat.Screen{Lines: lines})
}
