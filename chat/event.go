package chat

import (
	"time"
)

// Event is something that happened to a dialogue: what a person did, or what
// came back from an effect.
type Event interface{ Event() }

// Person is who did it.
type Person struct {
	ID   int64  `json:"id"`
	Name string `json:"name"`
	Lang string `json:"lang"` // Telegram's language_code: "ru", "pt-br", ""
}

// Command is "/order key=value …", already parsed.
type Command struct {
	From    Person
	Name    string // lower case, without the slash and the bot's name: "order"
	Args    string // the rest, trimmed
	Message int    // the person's message
	Unique  string // names the update; a draft takes its id from it
	Text    string // all of the message, as it was sent

	Altered   bool          // Telegram has taken signs of its own out of the text: it is not what was typed
	Forwarded bool          // somebody wrote it elsewhere, and the person has passed it on
	Seen      bool          // the dialogue's card stands above it in the chat, and shows the dialogue as it is
	Age       time.Duration // since the person wrote it
}

// Text is any other text message.
type Text struct {
	From    Person
	Text    string
	Message int
	Unique  string        // as in Command
	Altered bool          // as in Command
	Age     time.Duration // since the person wrote it

	Forwarded bool // as in Command
	Seen      bool // as in Command, where a text may agree to something; elsewhere false
}

// Other is a message that is not a text: a photo, a sticker, a file.
type Other struct {
	From    Person
	Text    string // its caption
	Message int
	Altered bool      // as in Command
	File    *SentFile // nil: it carries none
}

// SentFile is a file that a person has sent.
type SentFile struct {
	ID    string `json:"id"` // Telegram's
	Bytes int64  `json:"bytes"`
}

// Overheard is a message in a group that is not for the bot, or an edited message,
// that [HoldsSecret].
type Overheard struct {
	From    Person
	Text    string // all that it carries in words
	Message int
}

// Press is a tap on a button of one of the bot's messages.
type Press struct {
	From    Person
	ID      string        // to be answered
	Data    string        // as in Button.Data
	Message int           // the message with the button
	Age     time.Duration // since the person pressed it, at most
}

func (Command) Event() {}

func (Text) Event() {}

func (Overheard) Event() {}

func (Other) Event() {}

func (Press) Event() {}

// NameOf returns how the person who did it is called; "" for what nobody did.
func NameOf(e Event) string {
	from, _ := PersonOf(e)
	return from.Name
}

// PersonOf returns who did it; false for what nobody did.
func PersonOf(e Event) (Person, bool) {
	switch e := e.(type) {
	case Command:
		return e.From, true
	case Text:
		return e.From, true
	case Other:
		return e.From, true
	case Overheard:
		return e.From, true
	case Press:
		return e.From, true
	case BotChanged:
		return e.By, true
	default:
		return Person{}, false
	}
}

// CommandInfo is a command that the chat offers. Its description is the
// message "command." and its name.
type CommandInfo struct {
	Name    string // without the slash
	Private bool   // it works in a person's own chat with the bot
	Group   bool   // it works in groups
}
