package conversation_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/shopspring/decimal"

	"zomrobot/conversation"
	"zomrobot/conversation/expense"
	"zomrobot/zomro"
)

// charged are charges of three months, of which one is known to nothing.
var charged = []expense.Row{
	chargedOn("906", "2026-11-22", "web-1", "5.76", expense.ByPurchase),
	chargedOn("905", "2026-11-21", "db-1", "0.19", expense.ByServer),
	chargedOn("904", "2026-11-20", "Cloud <Backup>", "1.31", ""),
	chargedOn("903", "2026-11-20", "db-1", "0.19", expense.ByServer),
	chargedOn("902", "2026-10-31", "db-1", "5.00", expense.ByServer),
	chargedOn("901", "2026-09-30", "db-1", "5.00", expense.ByServer),
}

func chargedOn(id, day, name, amount string, by expense.By) expense.Row {
	at, err := time.Parse(time.DateOnly, day)
	if err != nil {
		panic(err)
	}
	sum, tax := euro(amount), euro("0.01")
	row := expense.Row{ID: id, Day: at, Name: name, Amount: &sum, Tax: &tax, By: by, Of: name}
	if by != "" {
		row.Server = name
	}
	return row
}

func TestCostsOfMonths(t *testing.T) {
	k := loggedIn(t).command("/costs")
	k.sees("November 2026: costs", "Charged so far: 7.45 EUR", "Tax, as Zomro lists it: 0.04 EUR", "web-1: 5.76 EUR", "db-1: 0.38 EUR", "1 charge not explained", "2026-11-20: 1.31 EUR", "904", "October 2026: 5.00 EUR", "September 2026: 5.00 EUR")
	shown := show(t, k.card())
	if strings.Index(shown, "web-1") > strings.Index(shown, "db-1") {
		t.Errorf("the most expensive server does not come first:\n%s", shown)
	}
	k.tap("Older").sees("October 2026: costs", "Charged: 5.00 EUR", "September 2026").seesNot("not explained", "so far")
	k.tap("Older").sees("September 2026: costs").seesNot("Older", "October")
	k.tap("Newer").tap("Newer").sees("so far").seesNot("Newer")
	sent := k.tap("CSV").has("the file is sent", func(e conversation.Effect) bool { return is[expense.SendCosts](e) }).(expense.SendCosts)
	if len(sent.Rows) != len(charged) || !sent.At.Equal(start) {
		t.Errorf("%d rows of %s are sent", len(sent.Rows), sent.At)
	}
	k.wait(time.Minute).tap("Refresh").sees("so far")
}

// TestStorageOfCopies is a group of its own, and no charge without an explanation.
func TestStorageOfCopies(t *testing.T) {
	rows := append([]expense.Row{
		chargedOn("908", "2026-11-23", "Snapshot of db-1", "0.02", expense.ByStorage),
		chargedOn("907", "2026-11-22", "Snapshot of db-1", "0.02", expense.ByStorage),
	}, charged...)
	for i := range rows[:2] {
		rows[i].Server = ""
	}
	k := loggedIn(t)
	k.auto = false
	k.command("/costs").step(expense.CostsLoaded{Rows: rows})
	k.sees("Charged so far: 7.49 EUR", "Looks like storage of copies: 2 charges, 0.04 EUR", "1 charge not explained").seesNot("Snapshot of db-1", "907")
	for _, bar := range k.tap("Chart").card().Picture.Bars.Series {
		if english(t, bar.Name) == "storage of copies" && bar.Values[len(bar.Values)-1] == 0.04 {
			return
		}
	}
	t.Errorf("the picture leaves them out: %+v", k.card().Picture.Bars.Series)
}

// TestCostsThatAreNotWhole: what is not in the numbers is said, and no two currencies are
// added.
func TestCostsThatAreNotWhole(t *testing.T) {
	load := func(rows []expense.Row, from time.Time) *talk {
		k := loggedIn(t)
		k.auto = false
		return k.command("/costs").step(expense.CostsLoaded{Rows: rows, From: from})
	}
	load(charged, time.Date(2026, 10, 5, 0, 0, 0, 0, time.UTC)).sees("complete from 2026-10-05 on", "October 2026: at least 5.00 EUR", "September 2026: at least 5.00 EUR")
	load(charged, time.Date(2026, 9, 1, 0, 0, 0, 0, time.UTC)).seesNot("complete from", "at least")
	dollars := chargedOn("907", "2026-11-23", "web-1", "2.00", expense.ByServer)
	dollars.Amount = &zomro.Money{Amount: decimal.NewFromInt(2), Currency: "USD"}
	unread, undated := chargedOn("908", "2026-11-23", "web-1", "9.00", ""), chargedOn("909", "2026-11-23", "web-1", "9.00", "")
	unread.Amount, undated.Day = nil, time.Time{}
	load(append([]expense.Row{dollars, unread, undated}, charged...), time.Time{}).
		sees("2.00 USD, 7.45 EUR", "web-1: 2.00 USD, 5.76 EUR", "1 charge is not in the sum", "unreadable amount", "1 charge is in no month")
	load(nil, time.Time{}).sees("Nothing was charged this month").seesNot("CSV", "Older")
	var many []expense.Row
	for n := range 40 {
		many = append(many, chargedOn(fmt.Sprint(800+n), "2026-11-22", fmt.Sprint("web-", n), "1.00", ""))
	}
	load(many, time.Time{}).sees("40.00 EUR", "and 25 more", "40 charges not explained", "and 34 more")
}

// TestCostsOfOddCharges: one that the vendor's calendar has in the next month is of the
// current one, one without a name is called so, and no more is shown than there is room for.
func TestCostsOfOddCharges(t *testing.T) {
	k := loggedIn(t)
	k.auto = false
	rows := []expense.Row{chargedOn("1", "2026-12-01", "web-1", "5.00", expense.ByServer), chargedOn("2", "2026-11-02", "", "7.00", "")}
	for n := range 12 {
		row := chargedOn(fmt.Sprint(10+n), "2026-11-03", "db", "1.00", expense.ByServer)
		row.Amount = &zomro.Money{Amount: decimal.NewFromInt(1), Currency: fmt.Sprint("AA", string(rune('A'+n)))}
		rows = append(rows, row)
	}
	k.command("/costs").step(expense.CostsLoaded{Rows: rows}).sees("web-1: 5.00 EUR", "(no name): 7.00 EUR", "“(no name)”", "and 9 more currencies")
	card := k.tap("Chart").card()
	for _, row := range card.Rows {
		if len(row) > 8 {
			t.Errorf("%d buttons stand in a row", len(row))
		}
	}
	if n := len(card.Picture.Bars.Series); n != 3 || english(t, card.Picture.Bars.Series[0].Name) != "(no name)" {
		t.Errorf("%+v", card.Picture.Bars.Series)
	}
}

func TestCostsArePrivate(t *testing.T) {
	if k := inTeam(t).command("/costs"); !strings.Contains(k.notified(), "private chat") || k.count(func(e conversation.Effect) bool { return is[expense.LoadCosts](e) }) > 0 {
		t.Errorf("in a group: %q", k.notified())
	}
	if k := newTalk(t, private).command("/costs"); !strings.Contains(k.notified(), "/login") {
		t.Errorf("without an account: %q", k.notified())
	}
	k := withTwo(t).command("/costs")
	if load := k.tap("work").has("the costs of the other account are loaded", func(e conversation.Effect) bool { return is[expense.LoadCosts](e) }).(expense.LoadCosts); load.Account != "8" {
		t.Errorf("%+v", load)
	}
}

// TestCostsAreDrawn: the last months as bars, of the servers that cost most and the others
// together, in one currency at a time.
func TestCostsAreDrawn(t *testing.T) {
	k := loggedIn(t).command("/costs").tap("Chart")
	k.sees("September 2026: 5.00 EUR", "October 2026: 5.00 EUR", "November 2026: 7.45 EUR")
	bars := k.card().Picture.Bars
	if len(bars.Months) != 3 || bars.Months[2].Month() != time.November || len(bars.Series) != 3 {
		t.Fatalf("%+v", bars)
	}
	if db := bars.Series[0]; db.Values[0] != 5 || db.Values[1] != 5 || db.Values[2] != 0.38 {
		t.Errorf("the first series is %+v", db)
	}
	k.tap("Back").sees("November 2026: costs").seesNot("(a picture")

	var many []expense.Row
	for n := range 9 {
		many = append(many, chargedOn(fmt.Sprint(800+n), "2026-11-22", fmt.Sprint("web-", n), fmt.Sprint(n+1, ".00"), expense.ByServer))
	}
	many[0].Amount = &zomro.Money{Amount: decimal.NewFromInt(70), Currency: "USD"}
	k = loggedIn(t)
	k.auto = false
	k.command("/costs").step(expense.CostsLoaded{Rows: many}).tap("Chart")
	picture := k.card().Picture
	if last := picture.Bars.Series[len(picture.Bars.Series)-1]; picture.Unit != "EUR" || len(picture.Bars.Series) != 5 || last.Values[0] != 2+3+4+5 || english(t, last.Name) != "others" {
		t.Errorf("%+v", picture.Bars.Series)
	}
	if picture = k.tap("USD").card().Picture; picture.Unit != "USD" || picture.Bars.Series[0].Values[0] != 70 {
		t.Errorf("in dollars: %+v", picture.Bars.Series)
	}
}

// TestChartOfCostsRests: it is drawn for a dark chat where the person has one, and stays as
// it is when nobody looks at it any more.
func TestChartOfCostsRests(t *testing.T) {
	k := loggedIn(t).command("/costs").tap("Chart").tap("Dark")
	if !k.card().Picture.Dark {
		t.Error("it is drawn for a light chat")
	}
	was := encode(t, k.card().Picture)
	k.now = k.d.Wake
	if k.step(conversation.Tick{}); k.d.Aside != nil || k.shown.Picture == nil || encode(t, k.shown.Picture) != was || len(buttons(*k.shown)) != 1 || !leadsTo(*k.shown, "c1:costs") {
		t.Errorf("it shows %+v", k.shown)
	}
}
