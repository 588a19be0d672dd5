package trial

import (
	"strings"
	"testing"
	"time"

	"zomrobot/chat"
	"zomrobot/zomro"
	"zomrobot/zomro/profile"
)

// TestReportHoldsNothingOfTheAccount: a word in every place of a record, and of what is known,
// in which the account's own could stand, is not in the report; what is documented is.
func TestReportHoldsNothingOfTheAccount(t *testing.T) {
	t.Parallel()
	at := time.Date(2026, 11, 1, 12, 0, 0, 0, time.UTC)
	const word = "kestrel"
	r := New("trial-"+word, chat.Key{Chat: 77177, User: 77177}, word, word, at)
	rows := []zomro.CartItem{{ID: word, Elid: word, Name: word}}
	r.Around = &Around{At: at, Cart: rows, First: &Goods{Plan: word, Title: word}, Failure: &Failure{Code: word, Message: word}}
	r.Running = &Run{Source: profile.ByTwo, Code: word, Lines: []string{word}, Purchase: word}
	r.Done = map[profile.Source]Outcome{}
	for _, source := range Experiments() {
		r.Done[source] = Outcome{
			Source: source, How: Failed, At: at, Failure: &Failure{Kind: zomro.Refused, Code: word, Object: word, Message: word},
			Lessons: []profile.Lesson{{Fact: profile.PoorError, Answer: profile.Other, Word: word}},
			Left:    rows, Others: rows, Servers: []Server{{ID: word, Name: word, Job: word}}, Purchase: word,
		}
	}
	known, _ := profile.Profile{}.Learn([]profile.Lesson{
		{Fact: profile.PoorError, Answer: profile.Other, Word: word},
		{Fact: profile.BadField, Answer: profile.Value, Word: "value"},
		{Fact: profile.LineItem, Answer: profile.ID},
	}, profile.Seen{At: at, Build: "0123456789ab"})
	known, _ = known.Learn([]profile.Lesson{{Fact: profile.LineItem, Answer: profile.Elid}}, profile.Seen{At: at, Build: "0123456789ab"})
	replies := map[profile.Source][]zomro.Reply{profile.ByCart: {{
		Func: "cart", Kind: zomro.Refused, Status: 200, Type: zomro.Unfamiliar, Took: 1234 * time.Microsecond,
		Fields: []zomro.ReplyField{{Path: "list[lineitems].elem.id", Form: "a number", Count: 2}},
	}}}
	var text strings.Builder
	if err := (Report{Version: "v1", At: at, Record: r, Known: known, Replies: replies}).Write(&text); err != nil {
		t.Fatal(err)
	}
	for _, never := range []string{word, "77177"} {
		if strings.Contains(text.String(), never) {
			t.Errorf("the report holds %q:\n%s", never, text.String())
		}
	}
	for _, want := range []string{
		"poor-error, cartorder.create.confirm: other (an unknown type); expected not_enough_money or amount", "bad-field, v2.instances.order.param: value (value)",
		"open since 2026-11-01 12:00 UTC (contradicted), before id, then elid", "Experiment two: failed on 2026-11-01 12:00 UTC (refused, an unknown type)",
		"Known: 2 of 34.", "Not as expected: 1\n", "As expected: 1\n", "Open: 32\n", "Not to be found out by the bot: 2\n",
		"cart: refused, HTTP status 200", "list[lineitems].elem.id: a number, 2 ×", "build 0123456789ab",
	} {
		if !strings.Contains(text.String(), want) {
			t.Errorf("the report does not say %q:\n%s", want, text.String())
		}
	}
}
