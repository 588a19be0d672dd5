package telegram

import (
	"strconv"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"

	"zomrobot/chat"
)

const (
	anna  = `{"id":7,"is_bot":false,"first_name":"Anna","last_name":"A.","language_code":"pt-br"}`
	home  = `{"id":7,"type":"private","first_name":"Anna"}`
	team  = `{"id":-100,"type":"supergroup","title":"Team","is_forum":true}`
	ours  = `{"message_id":4,"from":{"id":9,"is_bot":true,"username":"mybot"}}`
	order = `"entities":[{"type":"bot_command","offset":0,"length":6}]`
)

// commands are those that the bot has.
var commands = []chat.CommandInfo{{Name: "order", Private: true, Group: true}, {Name: "team", Private: true, Group: true}, {Name: "login", Private: true}}

func TestDecode(t *testing.T) {
	person := chat.Person{ID: 7, Name: "Anna A.", Lang: "pt-br"}
	private := chat.Key{Chat: 7, User: 7}
	group := chat.Key{Chat: -100, User: 7}
	everybody := chat.Key{Chat: -100}
	command := func(name, args string) chat.Command {
		return chat.Command{From: person, Name: name, Args: args, Message: 5, Unique: "rs"}
	}
	for _, tt := range []struct {
		name, body string
		key        chat.Key
		event      chat.Event // nil: it holds nothing
	}{
		{
			"text", `{"message":{"message_id":5,"date":1,"from":` + anna + `,"chat":` + home + `,"text":"Hi 🎁"}}`,
			private,
			chat.Text{From: person, Text: "Hi 🎁", Message: 5, Unique: "rs"},
		},
		{
			"command", `{"message":{"message_id":5,"from":` + anna + `,"chat":` + home + `,"text":"/Order  a=b 🎁 ",` + order + `}}`,
			private, command("order", "a=b 🎁"),
		},
		{
			"command with a line break before its arguments",
			`{"message":{"message_id":5,"from":` + anna + `,"chat":` + home + `,"text":"/order\nx",` + order + `}}`,
			private, command("order", "x"),
		},
		{
			"payload of a deep link", `{"message":{"message_id":5,"from":` + anna + `,"chat":` + home + `,"text":"/start A_b-1",` + order + `}}`,
			private, command("start", "A_b-1"),
		},
		{
			"command for this bot, in other letters",
			`{"message":{"message_id":5,"from":` + anna + `,"chat":` + team + `,"text":"/promo@MYbot X","entities":[{"type":"bot_command","offset":0,"length":12}]}}`,
			group,
			chat.Command{From: person, Name: "promo", Args: "X", Message: 5, Unique: "rs"},
		},
		{
			"a group without a title",
			`{"message":{"message_id":5,"from":` + anna + `,"chat":{"id":-100,"type":"group"},"text":"/order",` + order + `}}`,
			group, command("order", ""),
		},
		{
			"command that was forwarded",
			`{"message":{"message_id":5,"from":` + anna + `,"chat":` + home + `,"forward_origin":{"type":"user"},"text":"/order",` + order + `}}`,
			private,
			chat.Command{From: person, Name: "order", Message: 5, Unique: "rs", Forwarded: true},
		},
		{
			"text that was forwarded",
			`{"message":{"message_id":5,"from":` + anna + `,"chat":` + home + `,"forward_origin":{"type":"user"},"text":"web-1"}}`,
			private,
			chat.Text{From: person, Text: "web-1", Message: 5, Unique: "rs", Forwarded: true},
		},
		{
			"command for another bot",
			`{"message":{"message_id":5,"from":` + anna + `,"chat":` + team + `,"text":"/promo@NoBot","entities":[{"type":"bot_command","offset":0,"length":12}]}}`,
			chat.Key{},
			nil,
		},
		{
			"command for another bot in a private chat: nobody else is there to take it",
			`{"message":{"message_id":5,"from":` + anna + `,"chat":` + home + `,"text":"/promo@NoBot","entities":[{"type":"bot_command","offset":0,"length":12}]}}`,
			private, command("promo", ""),
		},
		{
			"command that is not at the beginning",
			`{"message":{"message_id":5,"from":` + anna + `,"chat":` + home + `,"text":"🎁 /order","entities":[{"type":"bot_command","offset":3,"length":6}]}}`,
			private,
			chat.Text{From: person, Text: "🎁 /order", Message: 5, Unique: "rs"},
		},
		{
			"a slash that Telegram did not mark", `{"message":{"message_id":5,"from":` + anna + `,"chat":` + home + `,"text":"/заказ"}}`,
			private,
			chat.Text{From: person, Text: "/заказ", Message: 5, Unique: "rs"},
		},
		{
			"a mark that is longer than the text",
			`{"message":{"message_id":5,"from":` + anna + `,"chat":` + home + `,"text":"/a","entities":[{"type":"bot_command","offset":0,"length":99}]}}`,
			private, command("a", ""),
		},
		{
			"a mark on something else",
			`{"message":{"message_id":5,"from":` + anna + `,"chat":` + home + `,"text":"order","entities":[{"type":"bot_command","offset":0,"length":5}]}}`,
			private,
			chat.Text{From: person, Text: "order", Message: 5, Unique: "rs"},
		},
		{
			"topic", `{"message":{"message_id":5,"message_thread_id":3,"is_topic_message":true,"from":` + anna + `,"chat":` + team + `,"reply_to_message":` + ours + `,"text":"x"}}`,
			chat.Key{Chat: -100, Thread: 3, User: 7},
			chat.Text{From: person, Text: "x", Message: 5, Unique: "rs"},
		},
		{
			"chain of replies, which is no topic", `{"message":{"message_id":5,"message_thread_id":3,"from":` + anna + `,"chat":` + team + `,"reply_to_message":` + ours + `,"text":"x"}}`,
			group,
			chat.Text{From: person, Text: "x", Message: 5, Unique: "rs"},
		},
		{
			"what people say to each other in a group", `{"message":{"message_id":5,"from":` + anna + `,"chat":` + team + `,"text":"x"}}`,
			chat.Key{},
			nil,
		},
		{
			"a reply to another bot", `{"message":{"message_id":5,"from":` + anna + `,"chat":` + team + `,"reply_to_message":{"from":{"id":8,"is_bot":true,"username":"other_bot"}},"text":"x"}}`,
			chat.Key{},
			nil,
		},
		{
			"photo with a caption that looks like a command",
			`{"message":{"message_id":5,"from":` + anna + `,"chat":` + home + `,"photo":[{"file_id":"x"}],"caption":"/order","caption_entities":[{"type":"bot_command","offset":0,"length":6}]}}`,
			private,
			chat.Other{From: person, Text: "/order", Message: 5},
		},
		{
			"a secret in a caption of a group that is not for the bot",
			`{"message":{"message_id":5,"from":` + anna + `,"chat":` + team + `,"photo":[{"file_id":"x"}],"caption":"token 0123456789abcdef01234567"}}`,
			group,
			chat.Overheard{From: person, Message: 5},
		},
		{
			"a secret for another bot",
			`{"message":{"message_id":5,"from":` + anna + `,"chat":` + team + `,"text":"/login@other_bot 0123456789abcdef01234567","entities":[{"type":"bot_command","offset":0,"length":16}]}}`,
			group,
			chat.Overheard{From: person, Message: 5},
		},
		{
			"an edited message with a secret",
			`{"edited_message":{"message_id":5,"from":` + anna + `,"chat":` + home + `,"text":"auth=0123456789abcdef01234567"}}`,
			private,
			chat.Overheard{From: person, Message: 5},
		},
		{
			"a text out of which signs were taken",
			`{"message":{"message_id":5,"from":` + anna + `,"chat":` + home + `,"text":"x","entities":[{"type":"bold","offset":0,"length":1}]}}`,
			private,
			chat.Text{From: person, Text: "x", Message: 5, Unique: "rs", Altered: true},
		},
		{
			"a command in the name of a channel",
			`{"message":{"message_id":5,"from":{"id":136817688,"is_bot":true,"username":"Channel_Bot"},"sender_chat":{"id":-1009,"type":"channel"},"chat":` + team + `,"text":"/order","entities":[{"type":"bot_command","offset":0,"length":6}]}}`,
			everybody,
			chat.Anonymous{Channel: true},
		},
		{
			"a post of the channel that belongs to the group",
			`{"message":{"message_id":5,"from":{"id":777000},"is_automatic_forward":true,"sender_chat":{"id":-1009,"type":"channel"},"chat":` + team + `,"text":"/order","entities":[{"type":"bot_command","offset":0,"length":6}]}}`,
			chat.Key{},
			nil,
		},
		{
			"sticker", `{"message":{"message_id":5,"from":` + anna + `,"chat":` + home + `,"sticker":{}}}`,
			private,
			chat.Other{From: person, Message: 5},
		},
		{
			"unknown variant in a part of no interest",
			`{"message":{"message_id":5,"from":` + anna + `,"chat":` + home + `,"forward_origin":{"type":"comet"},"text":"x"}}`,
			private,
			chat.Text{From: person, Text: "x", Message: 5, Unique: "rs", Forwarded: true},
		},
		{"service message", `{"message":{"message_id":5,"from":` + anna + `,"chat":` + team + `,"new_chat_title":"x"}}`, chat.Key{}, nil},
		{"somebody is added", `{"message":{"message_id":5,"from":` + anna + `,"chat":` + team + `,"new_chat_members":[` + anna + `]}}`, everybody, chat.MemberJoined{}},
		{"a bot is added", `{"message":{"message_id":5,"from":` + anna + `,"chat":` + team + `,"new_chat_members":[{"id":9,"is_bot":true}]}}`, chat.Key{}, nil},
		{
			"group becomes a supergroup", `{"message":{"message_id":5,"from":` + anna + `,"chat":` + team + `,"migrate_to_chat_id":-1}}`,
			everybody,
			chat.Moved{From: -100, To: -1},
		},
		{
			"supergroup was a group", `{"message":{"message_id":1,"from":{"id":1087968824,"is_bot":true},"sender_chat":` + team + `,"chat":` + team + `,"migrate_from_chat_id":-1}}`,
			everybody,
			chat.Moved{From: -1, To: -100},
		},
		{
			"somebody leaves", `{"message":{"message_id":5,"from":` + anna + `,"chat":` + team + `,"left_chat_member":` + anna + `}}`,
			everybody,
			chat.MemberLeft{User: 7},
		},
		{
			"somebody is put out", `{"chat_member":{"chat":` + team + `,"from":` + anna + `,"old_chat_member":{"status":"member","user":` + anna + `},"new_chat_member":{"status":"kicked","user":` + anna + `}}}`,
			everybody,
			chat.MemberLeft{User: 7},
		},
		{
			"somebody restricted is put out", `{"chat_member":{"chat":` + team + `,"from":` + anna + `,"old_chat_member":{"status":"restricted","is_member":true,"user":` + anna + `},"new_chat_member":{"status":"restricted","user":` + anna + `}}}`,
			everybody,
			chat.MemberLeft{User: 7},
		},
		{"somebody joins", `{"chat_member":{"chat":` + team + `,"from":` + anna + `,"old_chat_member":{"status":"left","user":` + anna + `},"new_chat_member":{"status":"member","user":` + anna + `}}}`, everybody, chat.MemberJoined{}},
		{"a bot leaves", `{"message":{"message_id":5,"from":` + anna + `,"chat":` + team + `,"left_chat_member":{"id":9,"is_bot":true}}}`, chat.Key{}, nil},
		{
			"the bot is added", `{"my_chat_member":{"chat":` + team + `,"from":` + anna + `,"old_chat_member":{"status":"left"},"new_chat_member":{"status":"member"}}}`,
			everybody,
			chat.BotChanged{By: person, Was: chat.StandingAway, Is: chat.StandingWrite},
		},
		{
			"the bot is muted", `{"my_chat_member":{"chat":` + team + `,"from":` + anna + `,"old_chat_member":{"status":"administrator"},"new_chat_member":{"status":"restricted","is_member":true}}}`,
			everybody,
			chat.BotChanged{By: person, Was: chat.StandingWrite, Is: chat.StandingMute},
		},
		{
			"the bot is blocked", `{"my_chat_member":{"chat":` + home + `,"from":` + anna + `,"old_chat_member":{"status":"member"},"new_chat_member":{"status":"kicked"}}}`,
			private,
			chat.BotChanged{By: person, Was: chat.StandingWrite, Is: chat.StandingAway},
		},
		{"edited message", `{"edited_message":{"message_id":5,"from":` + anna + `,"chat":` + home + `,"text":"x"}}`, chat.Key{}, nil},
		{"message without a person", `{"message":{"message_id":5,"chat":` + home + `,"text":"x"}}`, chat.Key{}, nil},
		{"another bot", `{"message":{"message_id":5,"from":{"id":9,"is_bot":true},"chat":` + team + `,"text":"x"}}`, chat.Key{}, nil},
		{"anonymous admin", `{"message":{"message_id":5,"from":` + anna + `,"sender_chat":` + team + `,"chat":` + team + `,"text":"x"}}`, chat.Key{}, nil},
		{"anonymous admin's command", `{"message":{"message_id":5,"from":{"id":1087968824,"is_bot":true},"sender_chat":` + team + `,"chat":` + team + `,"text":"/order",` + order + `}}`, everybody, chat.Anonymous{}},
		{"anonymous admin's command that the bot does not have", `{"message":{"message_id":5,"from":{"id":1087968824,"is_bot":true},"sender_chat":` + team + `,"chat":` + team + `,"text":"/rules",` + order + `}}`, chat.Key{}, nil},
		{
			"command of a channel in its group",
			`{"message":{"message_id":5,"from":{"id":136817688,"is_bot":true},"sender_chat":{"id":-7,"type":"channel"},"chat":` + team + `,"text":"/order",` + order + `}}`,
			everybody,
			chat.Anonymous{Channel: true},
		},
		{
			"a topic is opened again",
			`{"message":{"message_id":5,"message_thread_id":3,"is_topic_message":true,"from":` + anna + `,"chat":` + team + `,"forum_topic_reopened":{}}}`,
			chat.Key{Chat: -100, Thread: 3},
			chat.BotChanged{By: person, Was: chat.StandingMute, Is: chat.StandingWrite},
		},
		{"channel post", `{"channel_post":{"message_id":5,"chat":{"id":-5,"type":"channel"},"text":"x"}}`, chat.Key{}, nil},
		{"the bot becomes an administrator", `{"my_chat_member":{"chat":` + team + `,"from":` + anna + `,"old_chat_member":{"status":"member"},"new_chat_member":{"status":"administrator"}}}`, chat.Key{}, nil},
		{"a kind that is not known yet", `{"comet":{}}`, chat.Key{}, nil},
		{
			"press", `{"callback_query":{"id":"77","from":` + anna + `,"message":{"message_id":5,"date":1,"chat":` + home + `},"data":"w1:x"}}`,
			private,
			chat.Press{From: person, ID: "77", Data: "w1:x", Message: 5},
		},
		{
			"press in a topic",
			`{"callback_query":{"id":"77","from":` + anna + `,"message":{"message_id":5,"date":1,"message_thread_id":3,"is_topic_message":true,"chat":` + team + `},"data":"x"}}`,
			chat.Key{Chat: -100, Thread: 3, User: 7},
			chat.Press{From: person, ID: "77", Data: "x", Message: 5},
		},
		{
			"press on a message that is too old to be shown",
			`{"callback_query":{"id":"77","from":` + anna + `,"message":{"message_id":5,"date":0,"chat":` + home + `},"data":"x"}}`,
			private,
			chat.Press{From: person, ID: "77", Data: "x", Message: 5},
		},
		{
			"press without a message", `{"callback_query":{"id":"77","from":` + anna + `,"inline_message_id":"i","data":"x"}}`,
			private,
			chat.Press{From: person, ID: "77", Data: "x"},
		},
		{"press without a person", `{"callback_query":{"id":"77","data":"x"}}`, chat.Key{}, nil},
	} {
		t.Run(tt.name, func(t *testing.T) {
			body := `{"update_id":1000,` + tt.body[1:]
			u, ok, err := decode(Raw{ID: 1000, Body: []byte(body)}, "MyBot", commands)
			if err != nil {
				t.Fatal(err)
			}
			if ok != (tt.event != nil) {
				t.Fatalf("holds something: %v, %+v", ok, u)
			}
			title := ""
			if tt.key.Chat == -100 && strings.Contains(tt.body, `"Team"`) {
				title = "Team"
			}
			if c, isCommand := u.Event.(chat.Command); isCommand {
				if !strings.Contains(tt.body, strconv.Quote(c.Text)) {
					t.Errorf("the whole text is %q", c.Text)
				}
				c.Text = ""
				u.Event = c
			}
			date := time.Time{}
			if strings.HasPrefix(tt.body, `{"message"`) && strings.Contains(tt.body, `"date":1,`) {
				date = time.Unix(1, 0)
			}
			if o, isOverheard := u.Event.(chat.Overheard); isOverheard {
				if !chat.HoldsSecret(o.Text) {
					t.Errorf("there is no secret in %q", o.Text)
				}
				o.Text = ""
				u.Event = o
			}
			if want := (Update{ID: 1000, Key: tt.key, Title: title, Event: tt.event, Date: date}); ok && !cmp.Equal(u, want) {
				t.Error(cmp.Diff(want, u))
			}
		})
	}
}

func TestDecodeErrorsDoNotQuote(t *testing.T) {
	for _, body := range []string{
		`hunter2`,
		`{"message":{"text":"hunter2"`,
		`{"message":{"text":{"hunter2":1}}}`,
		`{"message":{"message_id":"hunter2"}}`,
		`{"message":"hunter2"}`,
		`{"hunter2":hunter2}`,
	} {
		_, _, err := decode(Raw{ID: 1, Body: []byte(body)}, "MyBot", commands)
		if err == nil || strings.Contains(err.Error(), "hunter2") {
			t.Errorf("%s: %v", body, err)
		}
		if _, err := updateID([]byte(body)); err == nil || strings.Contains(err.Error(), "hunter2") {
			t.Errorf("%s: %v", body, err)
		}
	}
}

func FuzzDecode(f *testing.F) {
	f.Add([]byte(`{"update_id":1,"message":{"message_id":5,"from":` + anna + `,"chat":` + home + `,"text":"/order x",` + order + `}}`))
	f.Add([]byte(`{"update_id":1,"callback_query":{"id":"77","from":` + anna + `,"message":{"message_id":5,"date":0,"chat":` + home + `},"data":"x"}}`))
	f.Add([]byte(`{"update_id":1,"message":{"from":null,"chat":null,"photo":null,"entities":[{"type":"bot_command","length":-1}]}}`))
	f.Fuzz(func(t *testing.T, body []byte) {
		u, ok, err := decode(Raw{ID: 1, Body: body}, "MyBot", commands)
		if !ok {
			return
		}
		if err != nil || u.ID != 1 || u.Event == nil || u.Key.User == 0 || u.Key.Chat == 0 {
			t.Fatalf("%+v, %v", u, err)
		}
		if c, isCommand := u.Event.(chat.Command); isCommand && (c.Name == "" || c.Name != strings.ToLower(c.Name)) {
			t.Fatalf("command %q", c.Name)
		}
	})
}

// FuzzCommand: name, bot and arguments are all of the text, whatever the mark
// says.
func FuzzCommand(f *testing.F) {
	f.Add("/order@bot x", 10)
	f.Add("🎁/order", 3)
	f.Add("/a\U0001F381b", 3)
	f.Fuzz(func(t *testing.T, text string, length int) {
		if !utf8.ValidString(text) {
			return // JSON has none
		}
		name, bot, args, ok := parseCommand(text, []wireEntity{{Type: "bot_command", Length: length}})
		if !ok {
			return
		}
		if !strings.HasPrefix(text, "/") || name == "" {
			t.Fatalf("%q is the command %q", text, name)
		}
		if strings.Contains(name, "@") || !strings.Contains(text, bot) || !strings.HasSuffix(strings.TrimSpace(text), args) {
			t.Fatalf("%q: %q, %q, %q", text, name, bot, args)
		}
	})
}

func TestCutUTF16(t *testing.T) {
	for _, tt := range []struct {
		text       string
		n          int
		head, tail string
	}{
		{"abc", 2, "ab", "c"},
		{"abc", 3, "abc", ""},
		{"abc", 9, "abc", ""},
		{"abc", 0, "", "abc"},
		{"abc", -1, "", "abc"},
		{"я🎁z", 3, "я🎁", "z"},
		{"", 1, "", ""},
	} {
		if head, tail := cutUTF16(tt.text, tt.n); head != tt.head || tail != tt.tail {
			t.Errorf("cutUTF16(%q, %d) = %q, %q", tt.text, tt.n, head, tail)
		}
	}
}

// TestNamesDoNotTurnTheLine: a name cannot change how the words after it are read.
func TestNamesDoNotTurnTheLine(t *testing.T) {
	for first, want := range map[string]string{
		"Anna\u202e":               "Anna",
		"\u2066An\nna\u2069":       "An na",
		"\u202e\u200f":             "ID 7",
		"Аня 👩\u200d💻":             "Аня 👩\u200d💻",
		"\u0645\u06cc\u200c\u0631": "\u0645\u06cc\u200c\u0631",
	} {
		if got := person(wireUser{ID: 7, FirstName: first}).Name; got != want {
			t.Errorf("%q is called %q, want %q", first, got, want)
		}
	}
}

// TestNames: a person is called by what can be read, and cannot be another's.
func TestNames(t *testing.T) {
	for _, c := range []struct{ first, last, username, want string }{
		{"Anna", "A.", "anna", "Anna A."},
		{"Анна", "", "", "Анна"},
		{"\u202eannA", "", "", "annA"},
		{"An\u200bna", "\u2067B.\u2069", "", "Anna B."},
		{"\u3164", "", "ghost", "@ghost"},
		{"\u3164\u3164", "\u2800", "", "ID 7"},
		{"\u200b", "", "", "ID 7"},
		{"🦊", "", "fox", "🦊 @fox"},
		{"🦊", "", "", "🦊 ID 7"},
		{"...", "", "dots", "... @dots"},
		{"\u0301\u0301\u0301", "", "", "\u0301\u0301 ID 7"},
		{"A\u0301\u0302\u0303\u0304\u0305nna", "", "", "A\u0301\u0302nna"},
		{"👨\u200d👩\u200d👧 Anna", "", "", "👨\u200d👩\u200d👧 Anna"},
		{"7", "", "", "7"},
		{"李", "", "", "李"},
		{"Anna\n", "  B.", "", "Anna B."},
	} {
		if got := (wireUser{ID: 7, FirstName: c.first, LastName: c.last, Username: c.username}).name(); got != c.want {
			t.Errorf("%q %q @%s is called %q, want %q", c.first, c.last, c.username, got, c.want)
		}
	}
}
