package trial

import (
	"slices"
	"strings"
	"testing"
	"time"

	"zomrobot/chat"
	"zomrobot/locales"
	"zomrobot/zomro/profile"
)

// said writes a phrase whose arguments are phrases or numbers, as far as this package makes them.
func said(t *testing.T, c *locales.Catalog, lang string, p chat.Phrase) string {
	t.Helper()
	text, err := c.Text(lang, p.Key, nil, nil)
	if err != nil {
		t.Errorf("%s: %v", lang, err)
	}
	return text
}

// TestTheTableHasItsWords: each fact of the table, each of its answers, and each answer
// by which the bot does something otherwise, is said in each language, and no two answers
// of a fact are said alike.
func TestTheTableHasItsWords(t *testing.T) {
	t.Parallel()
	c, err := locales.Load()
	if err != nil {
		t.Fatal(err)
	}
	for _, lang := range locales.Languages() {
		for _, f := range profile.Table {
			said(t, c, lang, topic(f.Name))
			texts := map[string]bool{}
			for _, answer := range f.Answers {
				texts[said(t, c, lang, sentence(f.Name, answer))] = true
				if now, otherwise := fromNow(f.Name, answer); otherwise {
					said(t, c, lang, now)
				}
			}
			if len(texts) != len(f.Answers) {
				t.Errorf("%s: of %d answers of %s some are said alike: %v", lang, len(f.Answers), f.Name, texts)
			}
		}
	}
	for name, answers := range changing {
		f, _ := profile.Find(name)
		for _, answer := range answers {
			if !slices.Contains(f.Answers, answer) {
				t.Errorf("%s is no answer of %s", answer, name)
			}
			if !strings.Contains(f.Does, "nce ") {
				t.Errorf("the table does not say that the bot does something otherwise once %s is known", name)
			}
		}
	}
}

func TestReopened(t *testing.T) {
	t.Parallel()
	at := time.Date(2026, 11, 1, 12, 0, 0, 0, time.UTC)
	known, changes := profile.Profile{}.Learn(
		[]profile.Lesson{{Fact: profile.LineItem, Answer: profile.ID}, {Fact: profile.CartTotal, Answer: profile.Sum}},
		profile.Seen{At: at, Build: "a"},
	)
	if _, news := Reopened(known, changes); news {
		t.Error("what was learned is told as open again")
	}
	seen, changes := known.Learn([]profile.Lesson{{Fact: profile.LineItem, Answer: profile.Elid}}, profile.Seen{At: at, Build: "a"})
	if s, news := Reopened(seen, changes); !news || s.Lines[2].Key != "trial.reopened_seen" {
		t.Errorf("a contradiction is told as %+v", s)
	}
	moved, changes := known.Met("cart", "b", at)
	if s, news := Reopened(moved, changes); !news || s.Lines[2].Key != "trial.reopened_build" || s.Lines[3].Key != "trial.reopened_build" {
		t.Errorf("another build is told as %+v", s)
	}
}
