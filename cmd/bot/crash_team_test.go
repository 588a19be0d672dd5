package main

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/shopspring/decimal"

	"zomrobot/audit"
	"zomrobot/purchase"
	"zomrobot/storage"
	"zomrobot/team"
	"zomrobot/telegram/emulator"
	"zomrobot/zomro"
	"zomrobot/zomro/sandbox"
)

// What the team's order cost when it was reviewed, and costs when it is in the
// cart.
var crashDearer = decimal.New(810, -2)

// crashVote is a button that approves terms.
type crashVote struct {
	message     int
	terms, data string
	total       decimal.Decimal // that it shows
}

// prepareTeam makes the store that the team's cells begin with: every order needs
// two approvals, and Carol's is on the screen.
func (m *crashMatrix) prepareTeam(t *testing.T) *crashScene {
	t.Helper()
	w := newWorldOf(t, sandbox.Config{}, func(p *Program) { p.Keys = m.keys })
	w.keys = m.keys
	w.login(anna)
	w.newGroup(teamPeople)
	w.makeTeam(anna)
	w.approvals(2)
	w.sayIn(carol, teamChat, teamOrderLine)
	scene := &crashScene{
		name: "team", clock: w.clock.Now(), team: true, worth: ofTeam,
		asked: "/confirm@" + w.program.Chat.Username(),
	}
	w.stopBot()
	write(t, m.store(scene), w.copied())
	return scene
}

// ofTeam are the points that only a team's order has, or that are different there:
// all until what was approved is added, those around the second approval, and each
// move and call of the payment.
func ofTeam(points []string) []string {
	var worth []string
	added, paid := false, false
	points = worthWhile(points)
	for i, point := range points {
		near := slices.ContainsFunc(points[max(0, i-8):min(len(points), i+3)], func(p string) bool {
			return strings.HasPrefix(p, "write approved → ") || strings.HasPrefix(p, "write decided ")
		})
		payment := strings.Contains(point, "confirm") || strings.Contains(point, "→ paid")
		if !added || near || payment && !paid {
			worth = append(worth, point)
		}
		added = added || strings.HasPrefix(point, "write answered add ")
		paid = paid || strings.HasPrefix(point, "write called services → paid | after")
	}
	return worth
}

// gather makes the team's group in the world, whose vendor has raised the price
// since the order was reviewed.
func (w *crashWorld) gather() error {
	w.vendor.AddKey(vendorLogin, "laptop", demoKey)
	w.vendor.SetPrice("9102", zomro.Month, zomro.Money{Amount: crashDearer, Currency: "EUR"})
	for _, person := range []int64{carol, dave} {
		w.chats.AddUser(person, peopleNames[person], "en")
	}
	if err := w.chats.AddGroup(teamChat, "Servers", teamPeople...); err != nil {
		return err
	}
	return w.chats.Promote(anna, teamChat, dave, emulator.Rights{})
}

// vote returns a button to approve terms that nobody has voted on yet.
func (w *crashWorld) vote(messages []emulator.Message) *crashVote {
	for _, m := range messages {
		for _, b := range slices.Concat(m.Keyboard...) {
			terms, choice, ok := buttonOf(b.Data)
			if !ok || choice != "approve" || m.Deleted || slices.ContainsFunc(w.votes, func(v crashVote) bool { return v.terms == terms }) {
				continue
			}
			if total := priceOn(b.Label); total != nil {
				return &crashVote{m.ID, terms, b.Data, *total}
			}
		}
	}
	return nil
}

// cast has all vote on the terms: Carol, who may not, for it is her order, Dave
// twice and Anna. Dave also presses the button of the terms before.
func (w *crashWorld) cast(v crashVote) error {
	presses := []struct {
		by int64
		crashVote
	}{{carol, v}, {dave, v}, {dave, v}}
	for _, old := range w.votes {
		presses = append(presses, struct {
			by int64
			crashVote
		}{anna, old})
	}
	presses = append(presses, struct {
		by int64
		crashVote
	}{anna, v})
	w.votes = append(w.votes, v)
	for _, p := range presses {
		if _, err := w.chats.TapData(p.by, teamChat, p.message, p.data); err != nil {
			return err
		}
	}
	return nil
}

// readTeam reads what the store has of the team.
func (e *ending) readTeam(ctx context.Context, store storage.Store) (err error) {
	chat := strconv.FormatInt(teamChat, 10)
	if e.ledger, _, err = storage.Read[team.Ledger](ctx, store, "ledger/"+chat); err != nil {
		return err
	}
	return store.Scan(ctx, "audit/", "", func(_ string, text []byte) (bool, error) {
		var line audit.Line
		err := json.Unmarshal(text, &line)
		if line.Purchase == e.record.ID {
			e.book = append(e.book, line)
		}
		return true, err
	})
}

// teamHolds checks what must be true of every ending of a team's order, and
// returns what is not.
func (w *crashWorld) teamHolds(e ending) (broken []string) {
	bad := func(format string, args ...any) { broken = append(broken, fmt.Sprintf(format, args...)) }
	voted := map[int]map[int64]int{}
	terms := 1
	for _, line := range e.book {
		deed, err := line.Read()
		if err != nil {
			bad("the book: %v", err)
		}
		switch deed := deed.(type) {
		case audit.Approved:
			if voted[deed.Terms] == nil {
				voted[deed.Terms] = map[int64]int{}
			}
			voted[deed.Terms][line.Who]++
		case audit.Decided:
			switch purchase.Choice(deed.Choice) {
			case purchase.ChooseAccept, purchase.ChooseAnyway, purchase.ChooseWithoutPromo, purchase.ChooseOtherPromo:
				terms++
			default:
			}
		case audit.Called:
			if call := purchase.Call(deed.Call); (call == purchase.CallAdd || call == purchase.CallConfirm) && len(voted[terms]) != 2 {
				bad("%s was called with the approvals %v of terms %d", call, voted[terms], terms)
			}
		default:
		}
	}
	for terms, by := range voted {
		for who, times := range by {
			if times > 1 || who != anna && who != dave {
				bad("%d has approved terms %d %d times", who, terms, times)
			}
		}
	}
	if a := e.record.Approval; len(a.Votes) > 2 || a.Terms != terms {
		bad("terms %d have these approvals, and %d were agreed to: %+v", a.Terms, terms, a.Votes)
	}
	shown := slices.IndexFunc(w.votes, func(v crashVote) bool { return v.terms == strconv.Itoa(terms) })
	kept := e.ledger.Expenses
	for _, order := range e.orders {
		if shown < 0 || order.Amount.Amount.GreaterThan(w.votes[shown].total) {
			bad("%s was paid by terms %d, and these were shown: %+v", order.Amount.Amount, terms, w.votes)
		}
		if len(kept) != 1 || !kept[0].Spent || kept[0].Who != carol || !kept[0].Amount.Amount.Equal(order.Amount.Amount) {
			bad("%s was paid, and the ledger has %+v", order.Amount.Amount, kept)
		}
	}
	if len(e.orders) == 0 && len(kept) > 0 {
		bad("nothing was paid, and the ledger has %+v", kept)
	}
	return broken
}

// TestCrashTeamCanFail forges endings of a team's order that must not be, and one
// that is well.
func TestCrashTeamCanFail(t *testing.T) {
	deed := func(event string, who int64, what string) audit.Line {
		return audit.Line{Event: event, Who: who, What: json.RawMessage(what)}
	}
	price := zomro.Money{Amount: crashDearer, Currency: "EUR"}
	well := func() (*crashWorld, *ending) {
		w := &crashWorld{votes: []crashVote{{terms: "1", total: decimal.NewFromInt(6)}, {terms: "2", total: price.Amount}}}
		return w, &ending{
			orders: []sandbox.Order{{Amount: price}},
			record: purchase.Record{Approval: &purchase.Approval{Terms: 2, Votes: make([]purchase.Vote, 2)}},
			ledger: team.Ledger{Expenses: []team.Expense{{Who: carol, Amount: price, Spent: true}}},
			book: []audit.Line{
				deed("approved", dave, `{"terms":1}`), deed("approved", anna, `{"terms":1}`), deed("called", 0, `{"call":"add"}`),
				deed("decided", carol, `{"choice":"accept"}`),
				deed("approved", dave, `{"terms":2}`), deed("approved", anna, `{"terms":2}`), deed("called", 0, `{"call":"confirm"}`),
			},
		}
	}
	for name, c := range map[string]struct {
		forge func(*crashWorld, *ending)
		want  string // part of what is found; empty: nothing
	}{
		"well":                 {func(*crashWorld, *ending) {}, ""},
		"counted twice":        {func(_ *crashWorld, e *ending) { e.book = append(e.book, e.book[0]) }, "1005 has approved terms 1 2 times"},
		"the requester's vote": {func(_ *crashWorld, e *ending) { e.book[1].Who = carol }, "1004 has approved"},
		"added before":         {func(_ *crashWorld, e *ending) { e.book[1], e.book[2] = e.book[2], e.book[1] }, "add was called with"},
		"paid by old votes":    {func(_ *crashWorld, e *ending) { e.book[4].What = e.book[0].What }, "confirm was called with"},
		"never agreed to":      {func(_ *crashWorld, e *ending) { e.record.Approval.Terms = 3 }, "terms 3 have"},
		"dearer than shown":    {func(w *crashWorld, _ *ending) { w.votes[1].total = decimal.NewFromInt(8) }, "these were shown"},
		"not in the ledger":    {func(_ *crashWorld, e *ending) { e.ledger = team.Ledger{} }, "the ledger has []"},
		"still set aside":      {func(_ *crashWorld, e *ending) { e.ledger.Expenses[0].Spent = false }, "the ledger has"},
		"somebody else's":      {func(_ *crashWorld, e *ending) { e.ledger.Expenses[0].Who = dave }, "the ledger has"},
		"nothing was paid":     {func(_ *crashWorld, e *ending) { e.orders = nil }, "nothing was paid, and the ledger"},
	} {
		t.Run(name, func(t *testing.T) {
			w, e := well()
			c.forge(w, e)
			broken := strings.Join(w.teamHolds(*e), "\n")
			if c.want == "" && broken != "" || !strings.Contains(broken, c.want) {
				t.Errorf("found %q, want %q", broken, c.want)
			}
		})
	}
}
