package server

import (
	"time"

	"zomrobot/chat"
	"zomrobot/conversation"
	"zomrobot/zomro"
)

// consoleFades is how long the message with the way to a server's screen stays.
const consoleFades = 5 * time.Minute

// hasConsole reports whether the screen of a server can be asked for: in private alone.
func hasConsole(d conversation.Dialogue, s zomro.Service) bool {
	return d.Key.Private() && s.HasConsole()
}

// openConsole asks for the way to the screen of the server; once, however often it is
// pressed meanwhile.
func openConsole(t *conversation.Turn) {
	s := serversOf(t.Dialogue)
	if !s.Opening {
		s.Opening = true
		t.Do(OpenConsole{Account: s.Account, Server: s.Chosen})
	}
}

// consoleOpened hands over the way to the screen, if the person still waits for it.
func consoleOpened(t *conversation.Turn, e ConsoleOpened) {
	s, ok := asideServers(t)
	if !ok || s.Chosen != e.Server || !s.Opening {
		return
	}
	s.Opening = false
	server, found := s.chosen()
	switch {
	case !found || !hasConsole(t.Dialogue, server):
	case e.Problem != nil:
		t.Note(conversation.ProblemText(*e.Problem))
		t.Show = true
	default:
		t.Do(conversation.Notify{Protect: true, Fades: consoleFades, Screen: consoleScreen(s.called(server), e.Console)})
	}
}

// consoleScreen hands over the way to a server's screen. The address stands under a button
// alone, so that nothing in the chat shows it.
func consoleScreen(name string, console zomro.Console) chat.Screen {
	s := chat.Screen{Lines: []chat.Phrase{
		chat.Say("console.title", "Name", name),
		chat.Say("console.host", "Host", chat.Arg{Code: console.Host}),
	}}
	s.Rows = append(s.Rows, []chat.Button{{Label: chat.Say("button.console_open"), URL: console.Address.Reveal()}})
	if console.Bound {
		s.Lines = append(s.Lines, chat.Say("console.bound"))
		s.Rows = append(s.Rows, []chat.Button{{Label: chat.Say("button.zomro_panel"), URL: conversation.PanelURL}})
	}
	s.Lines = append(s.Lines, chat.Say("console.lives", "Count", int(consoleFades.Minutes())))
	s.Rows = append(s.Rows, []chat.Button{conversation.DeleteButton()})
	return s
}
