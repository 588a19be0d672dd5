package conversation_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"zomrobot/chat"
	"zomrobot/conversation"
	accountflow "zomrobot/conversation/account"
	"zomrobot/conversation/bill"
	"zomrobot/conversation/expense"
	loadflow "zomrobot/conversation/load"
	orderflow "zomrobot/conversation/order"
	prolongflow "zomrobot/conversation/prolong"
	serverflow "zomrobot/conversation/server"
	teamflow "zomrobot/conversation/team"
	"zomrobot/job"
	"zomrobot/team"
	"zomrobot/zomro"
)

// TestAnythingMayHappen does random things in random order. What must hold
// after each is in talk: no panic, the same result when run twice or after a
// restart, the input untouched, no secret in the dialogue, a way out of every
// card, buttons that fit, messages complete in both languages.
func TestAnythingMayHappen(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		key := rapid.SampledFrom([]chat.Key{private, private, group}).Draw(t, "key")
		k := newTalk(t, key)
		if rapid.IntRange(0, 3).Draw(t, "logged in") > 0 {
			k = withTwo(t)
			if key != private {
				k = inTeam(t)
				if rapid.Bool().Draw(t, "ruled") {
					k.ruled(withRules)
				}
			}
		}
		k.quick = true
		switch begin := rapid.SampledFrom([]string{"nothing", "order", "access", "review", "server", "several"}).Draw(t, "from"); {
		case begin == "nothing" || k.d.Account == "" && k.team == nil:
		case begin == "order":
			k.command("/order").tap("Choose everything").tap("Netherlands")
		case begin == "access":
			toAccess(k)
		case begin == "several":
			k.operates = true
			k.command("/servers").tap("Choose several").tap("web-1").tap("web-2").tap(rapid.SampledFrom([]string{"None", "Stop", "All"}).Draw(t, "then"))
		case begin == "server":
			k.command("/servers")
			if key == private {
				k.tap("web-1")
			}
		default:
			toReview(k)
		}
		k.quick = false
		k.status = rapid.SampledFrom([]team.Status{team.StatusCreator, team.StatusMember, team.StatusLeft, ""}).Draw(t, "status")
		k.link = rapid.SampledFrom([]conversation.LinkOpened{bindLink, handLink, {Refused: true}}).Draw(t, "link")
		k.shared = rapid.SampledFrom([]*orderflow.ShareOpened{nil, {Line: "datacenter=17 pricelist=1701 servername=web-1", Promo: "SUMMER10"}, {Line: "pricelist=9999 order_period=7"}}).Draw(t, "shared")
		k.auto = rapid.Bool().Draw(t, "answered at once")
		var old []string
		opened := map[string]int{}
		for range rapid.IntRange(1, 25).Draw(t, "events") {
			if key != private {
				checkOthersPress(t, k)
			}
			e := randomEvent(t, k, old)
			if press, ok := e.(chat.Press); ok {
				old = append(old, press.Data)
			}
			rev := k.d.Rev
			k.step(e)
			if k.d.Rev < rev {
				t.Fatalf("the revision went back")
			}
			checkAnswered(t, k, e)
			for _, effect := range k.effects {
				if open, ok := effect.(conversation.Open); ok {
					opened[open.Draft]++
					checkOpen(t, open)
				}
			}
			k.wait(time.Duration(rapid.SampledFrom([]int{0, 0, 0, 0, 0, 0, 1, 1, 31, 73 * 60}).Draw(t, "minutes")) * time.Minute)
		}
		for draft, n := range opened {
			if k.auto && n > 1 {
				t.Fatalf("draft %s was opened %d times", draft, n)
			}
		}
	})
}

// checkOthersPress checks that somebody else's press on a button of the card
// changes nothing, wherever it arrives, and is answered.
func checkOthersPress(t *rapid.T, k *talk) {
	card, ok := machine.Render(k.d)
	if !ok {
		return
	}
	for _, b := range buttons(card) {
		if !strings.HasPrefix(b.Data, "w1:") {
			continue
		}
		press := chat.Press{From: anna, ID: "another", Data: b.Data, Message: 900}
		stranger := conversation.New(chat.Key{Chat: group.Chat, Thread: group.Thread, User: 43})
		mine := chat.Press{From: anna, ID: "another", Data: strings.TrimSuffix(b.Data, conversation.OwnerSuffix(group)) + ":17", Message: 900}
		for _, try := range []struct {
			d conversation.Dialogue
			e chat.Press
		}{{stranger, press}, {k.d, mine}} {
			was, _ := machine.Step(try.d, conversation.Tick{}, k.now)
			d, effects := machine.Step(was, try.e, k.now)
			refused := that(func(a conversation.Answer) bool { return a.Alert && a.Text.Key == "toast.not_yours" })
			if len(effects) != 1 || !refused(effects[0]) {
				t.Fatalf("%q of somebody else: %s", b.Data, describe(t, effects))
			}
			if untouched(t, d) != untouched(t, was) {
				t.Fatalf("%q of somebody else changed\n%s\n%s", b.Data, encode(t, was), encode(t, d))
			}
		}
		return // one button is as good as the other
	}
}

// untouched writes a dialogue without what only says that somebody was there.
func untouched(t *rapid.T, d conversation.Dialogue) string {
	d.Heard, d.Name, d.Wake, d.Told = "", "", time.Time{}, time.Time{}
	if d.Aside != nil {
		a := *d.Aside
		a.Until, a.Note = time.Time{}, nil
		d.Aside = &a
	}
	if d.Draft != nil {
		dr := *d.Draft
		dr.Touched, dr.Note, dr.Confirming, dr.Confirmed, dr.Age = time.Time{}, nil, false, time.Time{}, 0
		d.Draft = &dr
	}
	return encode(t, d)
}

// checkAnswered checks that a press is answered exactly once, but by who
// decides a purchase's question.
func checkAnswered(t *rapid.T, k *talk, e chat.Event) {
	press, ok := e.(chat.Press)
	if !ok {
		return
	}
	n := k.count(that(func(e conversation.Answer) bool { return e.Press == press.ID }))
	// In a group one that waits for the person's status is answered after it.
	n += k.count(that(func(e conversation.Decide) bool { return e.Press == press.ID && e.Status == "" }))
	n += k.count(that(func(e conversation.Check) bool { return e.Decide != nil && e.Decide.Press == press.ID }))
	if k.auto && k.count(that(func(e conversation.Check) bool { return e.Decide != nil })) > 0 && k.status == "" {
		n-- // Telegram did not tell it, which was said
	}
	if n != 1 {
		t.Fatalf("press %q was answered %d times", press.Data, n)
	}
}

// checkOpen checks that nothing is ordered that the vendor would not take, or
// that costs what nobody saw.
func checkOpen(t *rapid.T, o conversation.Open) {
	order := o.Order
	switch {
	case order.Plan == "" || order.Datacenter == "" || order.Image == "" || order.Period == "":
		t.Fatalf("an order with gaps: %+v", order)
	case order.Count < 1 || order.Count > 35:
		t.Fatalf("%d servers", order.Count)
	case order.UseKey != (order.Key != ""):
		t.Fatalf("key %q, used: %v", order.Key, order.UseKey)
	case order.UseKey && strings.Contains(order.Image, "Windows"):
		t.Fatalf("a key for Windows")
	case !strings.HasPrefix(order.Plan, order.Datacenter) || !strings.HasPrefix(order.Image, order.Datacenter):
		t.Fatalf("parts of two datacenters: %+v", order)
	case order.Backups != nil && (order.Backups.Name == "" || order.Backups.Time == "" || len(order.Backups.Days) == 0):
		t.Fatalf("a schedule with gaps: %+v", order.Backups)
	case o.Agreed.Total.Currency != "EUR" || o.Agreed.Price.Amount.Sign() <= 0 || o.Agreed.Period != order.Period || len(o.Agreed.Lines) < 8:
		t.Fatalf("agreed to %+v", o.Agreed)
	}
}

func randomEvent(t *rapid.T, k *talk, old []string) chat.Event {
	kinds := []string{"tap", "tap", "tap", "tap", "tap", "tap", "text", "text", "command", "old", "loaded", "other"}
	k.message++
	unique := fmt.Sprint("u", k.n)
	switch rapid.SampledFrom(kinds).Draw(t, "kind") {
	case "tap":
		card, ok := machine.Render(k.d)
		var data []string
		for _, b := range buttons(card) {
			// Cancel ends everything too soon.
			if b.Data != "" && verbOf(b.Data) != "cancel" {
				data = append(data, b.Data)
			}
		}
		if !ok || len(data) == 0 {
			return chat.Command{From: anna, Name: "order", Unique: unique, Message: k.message}
		}
		return chat.Press{From: anna, ID: unique, Data: rapid.SampledFrom(data).Draw(t, "button"), Message: 900}
	case "old":
		data := rapid.SampledFrom(append(old, "x1", "g1:ru", "c1:order", "p1:A7K-42:1:other_promo", "p1:A7K-42:1:accept", "p1:A7K-42:1:cancel", "p1:A7K-42:1:repeat", "p1:A7K-42:1:share", "l1:c0de", "s1:51", "s1:53", "s1:99", "r1:draft", "r1:teapot", "w1:-:0:back", "w1:-:0:pick.99", "p1:A7K-42:1:approve", "p1:A7K-42:1:reject", "w1:-:0:own:16", "", "?")).Draw(t, "old button")
		return chat.Press{From: anna, ID: unique, Data: data, Message: 900}
	case "text":
		known := []string{"web-1", "04:20", "7", "45", "nova", "ubuntu", "key-1", "SUMMER10", "anna@example.com", "no such thing", "nightly"}
		text := rapid.OneOf(rapid.SampledFrom(known), rapid.String()).Draw(t, "text")
		if rapid.Bool().Draw(t, "secret") && takesSecret(k.d) {
			text = goodPassword
			k.secrets = append(k.secrets, text)
		}
		return chat.Text{From: anna, Text: text, Message: k.message, Seen: machine.Agrees(k.d)}
	case "command":
		commands := []string{"order", "order", "continue", "cancel", "promo", "confirm", "status", "login", "logout", "accounts", "help", "start", "language", "servers", "orders", "team", "audit", "reminders", "teapot"}
		args := []string{"", "", "SUMMER10", "datacenter=12 pricelist=1201", "pricelist=1702 order_count=2 colour=red"}
		return chat.Command{
			From: anna, Name: rapid.SampledFrom(commands).Draw(t, "command"), Args: rapid.SampledFrom(args).Draw(t, "args"),
			Message: k.message, Unique: unique,
		}
	case "loaded":
		return randomAnswer(t, k)
	default:
		return rapid.SampledFrom([]chat.Event{
			conversation.Tick{},
			chat.Other{From: anna, Message: k.message},
			accountflow.SessionLost{Account: "7"},
			accountflow.LoggedOut{Account: rapid.SampledFrom([]string{"7", "8", ""}).Draw(t, "account")},
			accountflow.AccountsLoaded{Accounts: accountStates(false)},
			accountflow.AccountsLoaded{Brief: true, Problem: &conversation.Problem{}},
			accountflow.MattersLoaded{Accounts: []accountflow.OfAccount{poor}, GroupDrafts: []time.Time{start}},
			accountflow.LoginChecked{Attempt: k.d.Logins, Account: "Anna", Renews: true},
			accountflow.LoginChecked{Attempt: rapid.IntRange(0, 2).Draw(t, "attempt"), Problem: &conversation.Problem{Kind: zomro.Denied}},
			teamflow.Moved{},
			teamflow.Changed{Refused: conversation.CodeNotAllowed},
			orderflow.PasswordHanded{Refused: true},
			orderflow.PasswordGiven{Draft: "another"},
			conversation.LinkMade{Purpose: conversation.LinkAccount, Code: "c0de"},
			bindLink, handLink,
		}).Draw(t, "other")
	}
}

// chosenServer is the server that the card is about.
func chosenServer(d conversation.Dialogue) string {
	if d.Aside != nil {
		if s, ok := d.Aside.Flow.(*serverflow.Servers); ok {
			return s.Chosen
		}
	}
	return "51"
}

// takesSecret reports whether what is typed now is taken as a secret.
func takesSecret(d conversation.Dialogue) bool {
	switch whereIs(d) {
	case "access", "password", "login_token", "login_password", "login_checking", "server_password", "hand_password":
		return true
	default:
		return false
	}
}

// randomAnswer is something that comes back from an effect, asked for or not.
func randomAnswer(t *rapid.T, k *talk) chat.Event {
	draft, account := "another", ""
	l := orderflow.LoadForm{Plan: "1701", Datacenter: "17", Period: zomro.Month}
	if dr := k.d.Draft; dr != nil {
		draft, account = dr.ID, dr.Account
		l.Datacenter = dr.Datacenter.ID
		if dr.Plan != nil {
			l.Plan = dr.Plan.ID
		}
		if dr.Period != "" {
			l.Period = dr.Period
		}
	}
	var problem *conversation.Problem
	if rapid.IntRange(0, 3).Draw(t, "fails") == 0 {
		problem = &conversation.Problem{Kind: rapid.SampledFrom([]zomro.Kind{zomro.Denied, zomro.Transient, zomro.Refused, ""}).Draw(t, "kind")}
	}
	datacenter := rapid.SampledFrom([]string{"", l.Datacenter, l.Datacenter, "12", "77"}).Draw(t, "datacenter")
	switch rapid.SampledFrom([]string{"catalogue", "form", "form", "balance", "namesake", "password", "opened", "refused", "servers", "paying", "periods", "sizes", "rebuild", "server password", "orders", "audit", "costs", "load", "recalled", "act refused", "batch"}).Draw(t, "answer") {
	case "catalogue":
		e := orderflow.CatalogueLoaded{Draft: draft, Datacenter: datacenter, Problem: problem}
		if problem == nil {
			e.Catalogue = catalogueOf(datacenter)
		}
		return e
	case "form":
		e := orderflow.FormLoaded{Draft: draft, Asked: account, Account: account, Plan: l.Plan, Datacenter: l.Datacenter, Problem: problem}
		if problem == nil && rapid.IntRange(0, 5).Draw(t, "empty") > 0 {
			e.Form = formOf(l)
		}
		return e
	case "balance":
		return orderflow.BalanceLoaded{Draft: draft, Asked: account}
	case "namesake":
		return orderflow.NamesakeLoaded{Draft: draft, Asked: account, Name: rapid.SampledFrom([]string{"", "web-1"}).Draw(t, "name"), Known: problem == nil, Taken: rapid.Bool().Draw(t, "taken")}
	case "password":
		k.secrets = append(k.secrets, "Made7-by-the-machine")
		return orderflow.PasswordMade{Draft: draft, Password: zomro.NewSecret("Made7-by-the-machine")}
	case "servers":
		e := serverflow.ServersLoaded{Server: chosenServer(k.d), Account: "7", Problem: problem, Operates: rapid.Bool().Draw(t, "operates")}
		if problem == nil && rapid.Bool().Draw(t, "servers") {
			e.Services = serversOf()
		}
		return e
	case "sizes":
		return serverflow.SizesLoaded{Server: chosenServer(k.d), Problem: problem}
	case "rebuild":
		return serverflow.RebuildLoaded{Server: chosenServer(k.d), Problem: problem}
	case "server password":
		k.secrets = append(k.secrets, "Made7-for-the-server")
		return serverflow.PasswordMade{Server: chosenServer(k.d), Password: zomro.NewSecret("Made7-for-the-server")}
	case "paying":
		e := payingOf(prolongflow.LoadPaying{Server: rapid.SampledFrom([]string{"51", "52", "99"}).Draw(t, "server")})
		if problem != nil {
			e = prolongflow.PayingLoaded{Server: e.Server, Problem: problem}
		}
		return e
	case "periods":
		e := periodsOf(prolongflow.LoadPeriods{Server: "52", Period: rapid.SampledFrom([]zomro.Period{"", zomro.Month, zomro.Year}).Draw(t, "period")})
		if problem != nil {
			e = prolongflow.PeriodsLoaded{Server: e.Server, Period: e.Period, Problem: problem}
		}
		return e
	case "orders":
		return bill.OrdersLoaded{Problem: problem}
	case "audit":
		e := auditOf(bill.LoadAudit{Before: rapid.SampledFrom([]int64{0, 0, 7, 14}).Draw(t, "before")})
		if problem != nil {
			e = bill.AuditLoaded{Before: e.Before, Problem: problem}
		}
		return e
	case "costs":
		return expense.CostsLoaded{Rows: charged[:rapid.IntRange(0, len(charged)).Draw(t, "charges")], Problem: problem}
	case "load":
		asked := loadflow.ReadMeasures{Account: "7", Server: chosenServer(k.d), Metric: zomro.MetricCPU, Hours: zomro.MeasuredHours[1]}
		if l, ok := conversation.StateOf[loadflow.Load](k.d); ok {
			asked = loadflow.ReadMeasures{Account: l.Account, Server: l.Server, Metric: l.Metric, Hours: l.Hours}
		}
		e := measuresOf(asked, k.now)
		if problem != nil {
			e = loadflow.MeasuresLoaded{Asked: asked, Problem: problem}
		}
		return e
	case "recalled":
		return orderflow.Recalled{Purchase: "A7K-42", Draft: "again", Order: zomro.Order{Plan: "1702", Datacenter: "17", Count: 99}, Total: euro("1.00")}
	case "act refused":
		return serverflow.ActRefused{Order: job.Order{Server: "51", Name: "web-1"}}
	case "batch":
		e := serverflow.BatchRecalled{Account: "7", Op: rapid.SampledFrom([]job.Op{job.Start, job.Stop, job.Reboot, job.Delete}).Draw(t, "op")}
		if problem == nil {
			e.Servers = []string{"51", "52", "61", "99"}
		}
		return e
	case "opened":
		return orderflow.PurchaseOpened{Draft: "another", ID: "B2C-10"}
	default:
		return orderflow.PurchaseRefused{Draft: draft, Problem: conversation.Problem{Kind: zomro.Denied, Code: conversation.CodeNoPassword}}
	}
}

// TestOldDialoguesHeal: a dialogue of another version, at places that this one
// does not know, goes on.
func TestOldDialoguesHeal(t *testing.T) {
	k := toAccess(loggedIn(t))
	k.d.Draft.Place = "colour"
	k.step(conversation.Tick{}).at(orderflow.PlaceAccess)
	k.d.Aside = &conversation.Aside{Place: "horoscope", Until: start.Add(time.Hour)}
	k.step(conversation.Tick{}).at(orderflow.PlaceAccess).sees("log in to the server")
	if k.d.Aside != nil {
		t.Error("an unknown question stands")
	}
}
