package main

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"zomrobot/audit"
	"zomrobot/locales"
	"zomrobot/purchase"
	"zomrobot/team"
	"zomrobot/telegram/emulator"
	"zomrobot/zomro/sandbox"
)

// ending is what a purchase came to, as the vendor, the person and the journal
// have it.
type ending struct {
	orders   []sandbox.Order
	cart     []sandbox.Item
	messages []emulator.Message
	said     []said
	states   map[string]purchase.State // of all purchases of the journal
	open     []string                  // those that are still in the index of open ones
	faults   []audit.Fault             // of the books
	lines    int64                     // of the books

	record purchase.Record // of the purchase
	ledger team.Ledger     // of the team
	book   []audit.Line    // of the team
}

// said is a text that the bot sent, or put into a message of its own.
type said struct {
	at   time.Time
	text string
}

// phrases are texts of the bot that tell how a purchase ended.
type phrases struct {
	active, cancelled, failed, vanished string
	paid, item, itemLeft, agreed, more  string
	price, unseen, late                 string
	denials                             []string // each says that nothing was bought
}

func loadPhrases(lang string) (phrases, error) {
	texts, err := locales.Load()
	if err != nil {
		return phrases{}, err
	}
	text := func(key string, args map[string]string) string {
		t, failed := texts.Text(lang, key, args, nil)
		if failed != nil {
			err = failed
		}
		return t
	}
	return phrases{
		active: text("purchase.active", nil), cancelled: text("purchase.cancelled", nil),
		failed: text("purchase.failed", nil), vanished: text("purchase.vanished", nil),
		item: text("progress.cart_item", map[string]string{"Item": ""}), itemLeft: text("purchase.item_left", nil),
		agreed: strings.SplitN(text("purchase.agreed", map[string]string{"Total": "\x00"}), "\x00", 2)[0],
		price:  strings.SplitN(text("purchase.price", map[string]string{"Total": "\x00"}), "\x00", 2)[0],
		unseen: text("note.look_first", nil),
		late:   text("note.too_old", nil),
		paid:   text("progress.mark_done", map[string]string{"Step": text("progress.pay", nil)}),
		more:   strings.ReplaceAll(strings.SplitN(text("charged.more", map[string]string{"Taken": "\x00", "Agreed": ""}), "\x00", 2)[0], "<b>", ""),
		denials: []string{
			text("charged.no", nil), text("news.failed_next", nil), text("question.trouble", nil),
			text("order.cancelled", nil), text("order.refused", nil), text("order.expired", nil),
		},
	}, err
}

// ends are the texts of the news that a purchase has reached its end.
func (p phrases) ends() []string { return []string{p.active, p.cancelled, p.failed, p.vanished} }

// isNews reports whether the text is news of a purchase, and not its card,
// which also says what was agreed.
func (p phrases) isNews(text string) bool {
	plain := strings.NewReplacer("<b>", "", "</b>", "")
	return !strings.Contains(text, plain.Replace(p.agreed)) && !strings.Contains(text, "\n"+plain.Replace(p.price))
}

// holds checks what must be true of every ending, whatever was killed on the
// way, and returns what is not.
func (e ending) holds(p phrases) (broken []string) {
	bad := func(format string, args ...any) { broken = append(broken, fmt.Sprintf(format, args...)) }
	if len(e.orders) > 1 {
		bad("%d orders were confirmed for one purchase", len(e.orders))
	}
	if len(e.states) != 1 {
		bad("the journal has %d purchases, want one", len(e.states))
	}
	for id, state := range e.states {
		if !state.Ended() {
			bad("purchase %s is left in state %s", id, state)
		}
	}
	if len(e.open) > 0 && e.record.Closing == nil {
		bad("purchases %v are still open", e.open)
	}
	if len(e.faults) > 0 || e.lines == 0 {
		bad("the books have %d lines, and these faults: %v", e.lines, e.faults)
	}
	last := e.lastNews(p)
	for _, order := range e.orders {
		told := func(text string) bool {
			_, after, ok := strings.Cut(text, p.item)
			return ok && strings.HasPrefix(after, order.LineItem) && strings.Contains(after, p.paid)
		}
		if !slices.ContainsFunc(e.messages, func(m emulator.Message) bool { return m.Bot && !m.Deleted && told(m.Text) }) {
			bad("nobody was told that line item %s was bought", order.LineItem)
		}
		for _, s := range e.said {
			if s.at.After(order.Time) && containsAny(s.text, p.denials) {
				bad("after line item %s was bought it was said: %q", order.LineItem, s.text)
			}
		}
		if !strings.Contains(last, p.active) && !strings.Contains(last, p.failed) && !strings.Contains(last, p.vanished) {
			bad("the last news of what was bought is %q", last)
		}
	}
	for _, m := range e.messages {
		if !m.Bot || m.Deleted {
			continue
		}
		if len(e.orders) > 0 && containsAny(m.Text, p.denials[:2]) && containsAny(m.Text, p.ends()) {
			bad("of what was bought a message still says: %q", m.Text)
		}
		if len(e.orders) == 0 && containsAny(m.Text, []string{p.active, p.paid}) {
			bad("nothing was bought, but a message says: %q", m.Text)
		}
	}
	if len(e.orders) == 0 && !containsAny(last, p.denials) {
		bad("nothing was bought, and the last news is %q", last)
	}
	if len(e.cart) > 0 && !strings.Contains(last, p.itemLeft) {
		bad("%d items are left in the cart, and nobody was told", len(e.cart))
	}
	return broken
}

// lastNews is the newest message of the bot that is not a purchase's card.
func (e ending) lastNews(p phrases) string {
	for _, m := range slices.Backward(e.messages) {
		if m.Bot && !m.Deleted && p.isNews(m.Text) && containsAny(m.Text, append(p.ends(), p.denials...)) {
			return m.Text
		}
	}
	return ""
}

func containsAny(text string, parts []string) bool {
	return slices.ContainsFunc(parts, func(part string) bool { return strings.Contains(text, part) })
}

// TestCrashMatrixCanFail forges endings that must not be, and one that is well.
func TestCrashMatrixCanFail(t *testing.T) {
	p, err := loadPhrases("en")
	if err != nil {
		t.Fatal(err)
	}
	at := time.Date(2026, 11, 23, 9, 0, 0, 0, time.UTC)
	order := sandbox.Order{LineItem: "4711", Time: at}
	bot := func(text string) emulator.Message { return emulator.Message{Bot: true, Text: text} }
	ended := map[string]purchase.State{"A7K-42": purchase.StateActive}
	well := func() ending {
		return ending{
			orders:   []sandbox.Order{order},
			messages: []emulator.Message{bot(p.item + "4711\n" + p.paid), bot(p.active)},
			said:     []said{{at.Add(-time.Second), p.denials[0]}, {at.Add(time.Second), p.active}},
			states:   ended,
			lines:    20,
		}
	}
	denied := []emulator.Message{bot(p.cancelled + "\n" + p.denials[0])}
	for name, c := range map[string]struct {
		forge func(*ending)
		want  string // part of what is found; empty: nothing
	}{
		"well":              {func(*ending) {}, ""},
		"not bought, told":  {func(e *ending) { e.orders, e.messages = nil, denied }, ""},
		"bought twice":      {func(e *ending) { e.orders = append(e.orders, order) }, "2 orders"},
		"not reported":      {func(e *ending) { e.messages = e.messages[1:] }, "nobody was told that line item 4711"},
		"another reported":  {func(e *ending) { e.messages[0] = bot(p.item + "4712\n" + p.paid) }, "nobody was told that line item 4711"},
		"denied after":      {func(e *ending) { e.said[0].at = at.Add(time.Second) }, "it was said"},
		"denied at the end": {func(e *ending) { e.messages = append(e.messages, denied...) }, "the last news"},
		"nothing bought":    {func(e *ending) { e.orders = nil }, "nothing was bought, but"},
		"nothing told":      {func(e *ending) { e.orders, e.messages = nil, nil }, "nothing was bought, and"},
		"left in the cart":  {func(e *ending) { e.cart = make([]sandbox.Item, 1) }, "left in the cart"},
		"left open":         {func(e *ending) { e.open = []string{"A7K-42"} }, "still open"},
		"not at its end":    {func(e *ending) { e.states = map[string]purchase.State{"A7K-42": purchase.StatePaying} }, "left in state"},
		"a broken book":     {func(e *ending) { e.faults = []audit.Fault{{Book: "user/1001", N: 5, What: "it was changed"}} }, "user/1001, line 5: it was changed"},
		"no book":           {func(e *ending) { e.lines = 0 }, "the books have 0 lines"},
		"two purchases": {func(e *ending) {
			e.states = map[string]purchase.State{"A7K-42": purchase.StateActive, "B7K-42": purchase.StateActive}
		}, "2 purchases"},
	} {
		t.Run(name, func(t *testing.T) {
			e := well()
			c.forge(&e)
			broken := strings.Join(e.holds(p), "\n")
			if c.want == "" && broken != "" || !strings.Contains(broken, c.want) {
				t.Errorf("found %q, want %q", broken, c.want)
			}
		})
	}
}
