package conversation

import (
	"time"

	"zomrobot/chat"
)

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
