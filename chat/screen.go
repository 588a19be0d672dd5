package chat

import (
	"time"

	"zomrobot/zomro"
)

// File is a document that is sent.
type File struct {
	Name    string
	Caption Phrase
	Content []byte
}

// Phrase is a message of the locales with its arguments: language comes at the
// edge. Args are named as the message's placeholders.
type Phrase struct {
	Key  string         `json:"key"`
	Args map[string]Arg `json:"args,omitempty"`
}

// Arg is an argument of a phrase. Exactly one field is set.
type Arg struct {
	Text   string       `json:"text,omitempty"`   // as it is, escaped by the edge
	Code   string       `json:"code,omitempty"`   // as it is, in fixed width, copied by a tap
	Hidden string       `json:"hidden,omitempty"` // as it is, in fixed width behind a spoiler: a generated password
	Number *int         `json:"number,omitempty"` // written in the language's way; named Count it also chooses the plural form
	Money  *zomro.Money `json:"money,omitempty"`  // written in the language's way
	Time   *time.Time   `json:"time,omitempty"`   // date and time, in its own time zone
	Day    *time.Time   `json:"day,omitempty"`    // the date alone
	Start  string       `json:"start,omitempty"`  // the link that a Button.Start with this code opens
	Amount *Quantity    `json:"amount,omitempty"` // written in the language's way, with its unit
	Person *Person      `json:"person,omitempty"` // the name by which Telegram calls them
	Phrase *Phrase      `json:"phrase,omitempty"`
	List   []Phrase     `json:"list,omitempty"` // joined in the language's way
}

// Say returns a phrase. pairs are names and values in turn; a value is a
// string (Text), an int (Number), a zomro.Money, a time.Time, a Quantity, a Person,
// a Phrase, a []Phrase or an Arg.
func Say(key string, pairs ...any) Phrase {
	p := Phrase{Key: key}
	if len(pairs) > 0 {
		p.Args = make(map[string]Arg, len(pairs)/2)
	}
	for i := 0; i+1 < len(pairs); i += 2 {
		p.Args[pairs[i].(string)] = argOf(pairs[i+1])
	}
	return p
}

func argOf(v any) Arg {
	switch v := v.(type) {
	case Arg:
		return v
	case string:
		return Arg{Text: v}
	case int:
		return Arg{Number: &v}
	case zomro.Money:
		return Arg{Money: &v}
	case time.Time:
		return Arg{Time: &v}
	case Quantity:
		return Arg{Amount: &v}
	case Person:
		return Arg{Person: &v}
	case Phrase:
		return Arg{Phrase: &v}
	case []Phrase:
		return Arg{List: v}
	default:
		panic("conversation: argument of a phrase has no known type")
	}
}

// Screen is what one message of the bot shows.
type Screen struct {
	Lines []Phrase   `json:"lines"` // one below the other; the key "" is an empty line
	Rows  [][]Button `json:"rows,omitempty"`

	Picture *Picture `json:"picture,omitempty"` // above the lines; where none can be shown, they are alone

	// Reply: the people named in it are asked to answer by a reply. Such a message
	// has no buttons and cannot be edited.
	Reply bool   `json:"reply,omitempty"`
	Field Phrase `json:"field,omitzero"` // with Reply: stands in the empty field; none without a key
}

// Style is how a button looks where the client can show it.
type Style string

// The styles that Telegram has; the zero value is the plain one.
const (
	Plain   Style = ""
	Primary Style = "primary"
	Success Style = "success"
	Danger  Style = "danger"
)

// Button is a button below a message. Exactly one of Data, URL, Copy, Start, StartCopy,
// StartShare, AddToGroup and Off is set.
type Button struct {
	Label Phrase `json:"label"`
	Data  string `json:"data,omitempty"` // comes back in a Press; at most 64 bytes
	URL   string `json:"url,omitempty"`
	Copy  string `json:"copy,omitempty"`  // put on the clipboard; 1 to 256 characters
	Start string `json:"start,omitempty"` // opens the private chat with the bot, where /start comes with this code
	Style Style  `json:"style,omitempty"`

	StartCopy  string `json:"startCopy,omitempty"`  // the link that Start with this code opens, put on the clipboard
	StartShare string `json:"startShare,omitempty"` // asks whom to send that link to

	AddToGroup bool `json:"addToGroup,omitempty"` // asks which group to add the bot to
	Off        bool `json:"off,omitempty"`        // cannot be pressed now; a client that does not know of that sends a press without data
}
