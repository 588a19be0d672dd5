package main

import (
	"strings"
	"testing"

	"zomrobot/telegram/emulator"
	"zomrobot/zomro/sandbox"
)

// TestNoCarrierKeepsASecret: whatever carries a session into a chat, the message goes,
// the person is told, and neither a message of the bot, nor a log line, nor the store
// in the clear holds it.
func TestNoCarrierKeepsASecret(t *testing.T) {
	t.Parallel()
	carriers := map[string]func(w *world, chat int64, text string) (int, error){
		"a text":    func(w *world, chat int64, text string) (int, error) { return w.chats.Say(anna, chat, text) },
		"a caption": func(w *world, chat int64, text string) (int, error) { return w.chats.Photo(anna, chat, text) },
		"a file": func(w *world, chat int64, text string) (int, error) {
			return w.chats.SendFile(anna, chat, emulator.Document{Name: "call.sh", Content: []byte("#")}, text)
		},
		"an edited message": func(w *world, chat int64, text string) (int, error) {
			id, err := w.chats.Say(anna, chat, "good morning")
			if err != nil {
				return 0, err
			}
			w.settle()
			return id, w.chats.EditText(anna, chat, id, text)
		},
		"a command's argument": func(w *world, chat int64, text string) (int, error) {
			return w.chats.Say(anna, chat, "/promo@"+w.program.Chat.Username()+" "+text)
		},
		"/start": func(w *world, chat int64, text string) (int, error) {
			return w.chats.Say(anna, chat, "/start@"+w.program.Chat.Username()+" "+text)
		},
		"a reply": func(w *world, chat int64, text string) (int, error) {
			m, _ := w.chats.Last(chat)
			return w.chats.Reply(anna, chat, m.ID, text)
		},
		"a forwarded message": func(w *world, chat int64, text string) (int, error) {
			id, err := w.chats.Say(anna, notes, text)
			if err != nil {
				return 0, err
			}
			return w.chats.Forward(anna, notes, id, chat)
		},
	}
	for carrier, carry := range carriers {
		for where, chat := range map[string]int64{"in private": anna, "in a group": bigTeam} {
			t.Run(carrier+" "+where, func(t *testing.T) {
				t.Parallel()
				w := newBigTeam(t, sandbox.Config{}, func(*Config) {})
				w.must(w.chats.AddGroup(notes, "Notes", anna))
				w.must(w.chats.Promote(anna, bigTeam, w.chats.BotID(), emulator.Rights{Delete: true}))
				session := w.vendor.OpenSession(vendorLogin)
				w.say(anna, "/help")
				w.sayIn(anna, bigTeam, "/help")
				id, err := carry(w, chat, `--form 'auth="`+session+`"'`)
				if err != nil {
					t.Fatal(err)
				}
				w.settle()
				gone, told := false, ""
				for _, m := range w.chats.Messages(chat) {
					gone = gone || m.ID == id && m.Deleted
					if m.Bot {
						told += m.Text + "\n"
					}
				}
				if !gone {
					t.Errorf("the message stays:\n%s", w.chats.Transcript(chat))
				}
				if want := map[int64]string{anna: "looks like a Zomro session token", bigTeam: "A secret was posted in a group"}[chat]; !strings.Contains(told, want) {
					t.Errorf("nothing is said of it:\n%s", w.chats.Transcript(chat))
				}
				if strings.Contains(told, session) {
					t.Errorf("it is said again:\n%s", w.chats.Transcript(chat))
				}
				w.stopBot()
				lookForSecrets(t, w.chats, w.sealed(), w.logs.String(), session)
			})
		}
	}
}

// TestSecretInTheNameOfAChannel: a secret goes whoever it comes from.
func TestSecretInTheNameOfAChannel(t *testing.T) {
	t.Parallel()
	w := newBigTeam(t, sandbox.Config{}, func(*Config) {})
	w.must(w.chats.Promote(anna, bigTeam, w.chats.BotID(), emulator.Rights{Delete: true}))
	session := w.vendor.OpenSession(vendorLogin)
	for _, text := range []string{"/order@" + w.program.Chat.Username() + " auth=" + session, "token " + session} {
		id, err := w.chats.SayAs(boris, bigTeam, "News", text)
		if err != nil {
			t.Fatal(err)
		}
		w.settle()
		if m, _ := w.chats.Message(bigTeam, id); !m.Deleted {
			t.Errorf("%q stays:\n%s", text, w.chats.Transcript(bigTeam))
		}
	}
	w.wantSaid(bigTeam, "A secret was posted in a group")
	w.stopBot()
	lookForSecrets(t, w.chats, w.sealed(), w.logs.String(), session)
}

// notes is a chat without the bot.
const notes = int64(-1_000_000_000_077)
