package conversation

import "time"

// chooseLanguage asks for the language. Its buttons never grow old.
func (t *turn) chooseLanguage() {
	t.notify(Screen{
		Lines: []Phrase{Say("ask.language")},
		Rows: [][]Button{{
			{Label: Say("button.russian"), Data: kindLanguage + ":" + russian},
			{Label: Say("button.english"), Data: kindLanguage + ":" + english},
		}},
	})
}

// speak changes the language for good. The question is removed.
func (t *turn) speak(lang string, question int) {
	if lang != russian && lang != english {
		t.answer(Say("toast.unknown"))
		return
	}
	t.d.Lang = lang
	t.d.Reminders.Next = time.Time{} // planned anew: the time zone may be taken from the language
	t.answer(Say("toast.language"))
	if question != 0 {
		t.do(Delete{Message: question})
	}
	t.tell(Say("language.set"))
	t.show = true
}
