package conversation

import (
	"zomrobot/chat"
	"zomrobot/purchase"
)

// PaysOnText says what server is paid on, and for how long.
func PaysOnText(on purchase.Prolongation) chat.Phrase {
	return chat.Say("pays_on.what", "Name", on.Name, "Period", LengthOf(on.Period))
}

// PaysOnLines say what is bought with a server that is paid on.
func PaysOnLines(on purchase.Prolongation) []chat.Phrase {
	return []chat.Phrase{
		chat.Say("pays_on.server", "Name", chat.Arg{Code: on.Name}, "ID", on.Server),
		chat.Say("pays_on.days", "Period", LengthOf(on.Period), "Until", chat.Arg{Day: &on.Until}, "Next", chat.Arg{Day: &on.Next}),
	}
}
