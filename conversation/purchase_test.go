package conversation_test

import (
	"slices"
	"strings"
	"testing"

	"zomrobot/chat"
	"zomrobot/conversation"
	"zomrobot/conversation/bill"
	orderflow "zomrobot/conversation/order"
	"zomrobot/purchase"
	"zomrobot/zomro"
	"zomrobot/zomro/profile"
)

var stages = []bill.Stage{
	bill.StageAwaiting, bill.StageQueued, bill.StageAdding, bill.StageInCart, bill.StagePromo, bill.StagePricing,
	bill.StagePaying, bill.StagePaid, bill.StageActivating, bill.StageActive, bill.StageCancelling,
	bill.StageCancelled, bill.StageFailed, bill.StageUnknown, bill.StageVanished,
}

func aPurchase(stage bill.Stage) bill.Purchase {
	if stage == bill.StageAwaiting {
		return awaiting()
	}
	return bill.Purchase{
		ID: "A7K-42", Revision: 12, Stage: stage, Since: start, Charged: purchase.NotCharged,
		Order: conversation.Agreed{
			Lines: []chat.Phrase{chat.Say("chosen.name", "Name", "web-1")},
			Total: euro("8.40"), Period: zomro.Month, Price: euro("4.20"),
		},
	}
}

func linux() zomro.Service {
	return zomro.Service{ID: "5116804", ServerName: "web-1", Image: "Ubuntu 22.04", IPv4: "203.0.113.7", IPv6: "2001:db8::7", Status: zomro.StatusActive}
}

func TestPurchaseCards(t *testing.T) {
	for _, stage := range stages {
		p := aPurchase(stage)
		card := bill.RenderPurchase(p)
		checkScreen(t, card)
		text := show(t, card)
		if !strings.Contains(text, "Purchase A7K-42") || !strings.Contains(text, "web-1") || !strings.Contains(text, "8.40 EUR") {
			t.Errorf("%s:\n%s", stage, text)
		}
		cancel := slices.ContainsFunc(buttons(card), func(b chat.Button) bool { return b.Data == "p1:A7K-42:12:cancel" })
		early := slices.Contains(stages[:6], stage)
		if cancel != early {
			t.Errorf("%s: cancel is offered: %v", stage, cancel)
		}
	}
}

// TestReasonsAreThoseOfThisOrder: a promo code is no reason where there is none.
func TestReasonsAreThoseOfThisOrder(t *testing.T) {
	for promo, want := range map[string]bool{"": false, "SUMMER10": true} {
		p := aPurchase(bill.StageAdding)
		p.Promo = promo
		p.Question = &bill.Question{Kind: purchase.AskForeign, Items: []zomro.CartItem{{ID: "7"}}, Choices: []purchase.Choice{purchase.ChooseAnyway}}
		if text := show(t, bill.RenderPurchase(p)); strings.Contains(text, "promo code") != want || !strings.Contains(text, "[Continue anyway") {
			t.Errorf("with the code %q:\n%s", promo, text)
		}
	}
}

// TestMoneyOfAGroupIsItsHolders: a buyer is not told to top up an account that is somebody
// else's.
func TestMoneyOfAGroupIsItsHolders(t *testing.T) {
	need := euro("8.40")
	for _, c := range []struct {
		key  chat.Key
		want string
	}{{private, "Top up in the Zomro panel"}, {group, "whoever connected it has topped it up"}} {
		p := aPurchase(bill.StageAdding)
		p.Owner = c.key
		p.Question = &bill.Question{Kind: purchase.AskFunds, Was: &need, Choices: []purchase.Choice{purchase.ChooseAgain}}
		ordered := aPurchase(bill.StageOrdered)
		ordered.Owner = c.key
		for i, card := range []chat.Screen{bill.RenderPurchase(p), bill.RenderPurchase(ordered)} {
			text := show(t, card)
			if i == 0 && !strings.Contains(text, c.want) || strings.Contains(text, "[💶 Top up") != c.key.Private() {
				t.Errorf("for %v:\n%s", c.key, text)
			}
		}
	}
	k := toReview(inTeam(t))
	k.step(orderflow.BalanceLoaded{Draft: k.d.Draft.ID, Asked: k.d.Draft.Account, Balance: &zomro.Balance{Real: euro("0.10")}})
	k.sees("Whoever connected it has to top it up").seesNot("0.10", "[💶 Top up")
}

// TestWaitingForTheCounting says what it waits for.
func TestWaitingForTheCounting(t *testing.T) {
	p := aPurchase(bill.StageQueued)
	p.Place, p.Counting = 1, true
	if text := show(t, bill.RenderPurchase(p)); !strings.Contains(text, "what the previous purchase cost") {
		t.Errorf("got\n%s", text)
	}
}

// TestVendorsWordsInOurOwn, where it is known what they mean: they are English in any
// language.
func TestVendorsWordsInOurOwn(t *testing.T) {
	for want, p := range map[string]conversation.Problem{
		"problem.key_taken": {Kind: zomro.Refused, Code: zomro.CodeKeyTaken, Message: "A key already exists with the same name"},
		"problem.key_bad":   {Kind: zomro.Refused, Code: zomro.CodeKeyBad, Message: "Invalid SSH public key"},
		"problem.at_work":   {Kind: zomro.Refused, Code: "value", Object: zomro.ObjectAtWork, Message: "No."},
	} {
		if got := conversation.ProblemText(p).Key; got != want {
			t.Errorf("%q is told as %s, want %s", p.Message, got, want)
		}
	}
}

func TestChecklist(t *testing.T) {
	price := euro("8.40")
	item := func(p bill.Purchase) bill.Purchase { p.LineItem = "1818"; return p }
	priced := func(p bill.Purchase) bill.Purchase { p.Price = &price; return item(p) }
	code := func(p bill.Purchase) bill.Purchase { p.Promo = "SUMMER10"; return p }
	called := func(p bill.Purchase, call purchase.Call) bill.Purchase { p.Call = call; return p }
	paid := func(p bill.Purchase) bill.Purchase {
		p.Charged = purchase.WasCharged
		return priced(p)
	}
	for _, c := range []struct {
		p    bill.Purchase
		want string
	}{
		{aPurchase(bill.StageQueued), "▫️▫️▫️▫️▫️"},
		{aPurchase(bill.StageAdding), "⏳▫️▫️▫️▫️"},
		{item(aPurchase(bill.StagePricing)), "✅⏳▫️▫️▫️"},
		{code(item(aPurchase(bill.StagePromo))), "✅⏳▫️▫️▫️▫️"},
		{priced(aPurchase(bill.StagePaying)), "✅✅⏳▫️▫️"},
		{paid(aPurchase(bill.StagePaid)), "✅✅✅⏳▫️"},
		{paid(aPurchase(bill.StageActivating)), "✅✅✅✅⏳"},
		{paid(aPurchase(bill.StageActive)), "✅✅✅✅✅"},
		{aPurchase(bill.StageCancelled), "▫️▫️▫️▫️▫️"},
		{called(aPurchase(bill.StageFailed), purchase.CallAdd), "❌▫️▫️▫️▫️"},
		{called(priced(aPurchase(bill.StageFailed)), purchase.CallConfirm), "✅✅❌▫️▫️"},
		{called(aPurchase(bill.StageUnknown), purchase.CallAdd), "❓▫️▫️▫️▫️"},
		{called(priced(aPurchase(bill.StageUnknown)), purchase.CallConfirm), "✅✅❓▫️▫️"},
		{paid(aPurchase(bill.StageVanished)), "✅✅✅❌▫️"},
	} {
		got := ""
		for _, line := range bill.RenderPurchase(c.p).Lines {
			if strings.HasPrefix(line.Key, "progress.mark_") {
				mark, _, _ := strings.Cut(english(t, line), " ")
				got += mark
			}
		}
		if got != c.want {
			t.Errorf("%s: %s, want %s", c.p.Stage, got, c.want)
		}
	}
}

func TestNewsOfPurchases(t *testing.T) {
	price := euro("8.40")
	windows := linux()
	windows.Image, windows.IPv4, windows.ServerName = "Windows Server 2022", "", ""
	bare := zomro.Service{ID: "7"}
	problem := &conversation.Problem{Kind: zomro.Refused, Message: "Plan is closed"}
	for _, c := range []struct {
		name string
		with func(*bill.Purchase)
		at   bill.Stage
		says []string
	}{
		{"paid after all", func(p *bill.Purchase) {
			p.LineItem, p.Price, p.Charged = "1818", &price, purchase.WasCharged
		}, bill.StagePaid, []string{"Paid", "`1818`", "8.40 EUR", "activation in progress"}},
		{"active", func(p *bill.Purchase) { p.Services = []zomro.Service{linux()} }, bill.StageActive, []string{"is active", "web-1", "`203.0.113.7`", "`2001:db8::7`", "`ssh root@203.0.113.7`", "Copy"}},
		{"windows", func(p *bill.Purchase) { p.Services = []zomro.Service{windows} }, bill.StageActive, []string{"`Administrator`", "5116804", "`2001:db8::7`"}},
		{"no address", func(p *bill.Purchase) { p.Services = []zomro.Service{bare} }, bill.StageActive, []string{"No address yet"}},
		{"many", func(p *bill.Purchase) {
			for range 12 {
				p.Services = append(p.Services, linux())
			}
		}, bill.StageActive, []string{"2 more servers"}},
		{"cancelled", func(p *bill.Purchase) { p.ItemLeft = true }, bill.StageCancelled, []string{"Purchase cancelled", "Nothing was charged", "may still be in the Zomro cart"}},
		{"cancelled, another row gone", func(p *bill.Purchase) {
			p.ItemLeft, p.Astray = true, []zomro.CartItem{{ID: "77", Name: "Cloud Pro"}, {}}
		}, bill.StageCancelled, []string{"still there, but something else is gone", "Cloud Pro", "1 item that isn't part", "I have stopped"}},
		{"failed", func(p *bill.Purchase) { p.Problem, p.Call = problem, purchase.CallAdd }, bill.StageFailed, []string{"failed", "Plan is closed", "Step: adding to the cart", "Nothing was charged", "order again"}},
		{"failed, money doubtful", func(p *bill.Purchase) { p.Charged = purchase.MaybeCharged }, bill.StageFailed, []string{"unknown whether you", "Before ordering again"}},
		{"unknown", func(p *bill.Purchase) {
			p.Call, p.Charged = purchase.CallConfirm, purchase.MaybeCharged
		}, bill.StageUnknown, []string{"answer got lost", "don't order the same again"}},
		{"vanished", func(p *bill.Purchase) { p.Charged = purchase.WasCharged }, bill.StageVanished, []string{"no new server", "You were charged", "support"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			p := aPurchase(c.at)
			c.with(&p)
			checkScreen(t, bill.RenderPurchase(p))
			news, ok := bill.PurchaseNews(bill.StageUnknown, p)
			if !ok {
				t.Fatal("no news")
			}
			checkScreen(t, news)
			text := show(t, news)
			for _, says := range c.says {
				if !strings.Contains(text, says) {
					t.Errorf("does not say %q:\n%s", says, text)
				}
			}
		})
	}
	for _, stage := range []bill.Stage{bill.StageQueued, bill.StageAdding, bill.StageInCart, bill.StagePromo, bill.StagePricing, bill.StagePaying, bill.StageActivating, bill.StageCancelling} {
		if _, ok := bill.PurchaseNews(bill.StageUnknown, aPurchase(stage)); ok {
			t.Errorf("%s interrupts a person", stage)
		}
	}
	// What was paid as it was agreed is said by the card; all else is told.
	for name, c := range map[string]struct {
		from bill.Stage
		with func(*bill.Purchase)
		news bool
	}{
		"as agreed":               {bill.StageSettling, func(*bill.Purchase) {}, false},
		"after it was not known":  {bill.StageUnknown, func(*bill.Purchase) {}, true},
		"after it was not paid":   {bill.StageOrdered, func(*bill.Purchase) {}, true},
		"after nothing was found": {bill.StageVanished, func(*bill.Purchase) {}, true},
		"more than agreed":        {bill.StageSettling, func(p *bill.Purchase) { p.Taken, p.MoreThanAgreed = &price, true }, true},
		"more servers":            {bill.StageSettling, func(p *bill.Purchase) { p.Surplus = true }, true},
		"perhaps more":            {bill.StageSettling, func(p *bill.Purchase) { p.Unclear = true }, true},
	} {
		p := aPurchase(bill.StagePaid)
		p.LineItem, p.Charged = "1818", purchase.WasCharged
		c.with(&p)
		if _, news := bill.PurchaseNews(c.from, p); news != c.news {
			t.Errorf("paid %s: news %v", name, news)
		}
	}
}

func TestQuestionsOfPurchases(t *testing.T) {
	was, now := euro("8.40"), euro("9.90")
	for _, q := range []struct {
		question bill.Question
		says     []string
	}{
		{bill.Question{Kind: purchase.AskPromo, Choices: []purchase.Choice{purchase.ChooseWithoutPromo, purchase.ChooseOtherPromo, purchase.ChooseGiveUp}}, []string{"`SUMMER10` was not accepted", "Another code", "Without a code"}},
		{bill.Question{Kind: purchase.AskPrice, Was: &was, Now: &now, Choices: []purchase.Choice{purchase.ChooseAccept, purchase.ChooseGiveUp}}, []string{"9.90 EUR", "you agreed to 8.40 EUR", "Pay 9.90 EUR"}},
		{bill.Question{Kind: purchase.AskPrice, Was: &was, Choices: []purchase.Choice{purchase.ChooseAccept, purchase.ChooseGiveUp}}, []string{"can't be read", "Pay anyway"}},
		{bill.Question{Kind: purchase.AskForeign, Items: []zomro.CartItem{{ID: "7", Name: "Domain"}, {ID: "8"}, {}}, Choices: []purchase.Choice{purchase.ChooseAnyway, purchase.ChooseEmptyCart, purchase.ChooseGiveUp}}, []string{"Domain", "• 8", "Empty the cart", "Continue anyway"}},
		{bill.Question{Kind: purchase.AskForeign, Scope: profile.WholeCart, Items: []zomro.CartItem{{ID: "7", Name: "Domain"}}, Choices: []purchase.Choice{purchase.ChooseEmptyCart, purchase.ChooseGiveUp}}, []string{"Domain", "Empty the cart"}},
		{bill.Question{Kind: purchase.AskSurcharge, Was: &was, Now: &now, Choices: []purchase.Choice{purchase.ChooseAccept, purchase.ChooseGiveUp}}, []string{"9.90 EUR", "charged more than its cart said before", "Pay 9.90 EUR or more"}},
		{bill.Question{Kind: purchase.AskFunds, Was: &now, Now: &was, Choices: []purchase.Choice{purchase.ChooseAgain}}, []string{"9.90 EUR needed", "8.40 EUR available"}},
		{bill.Question{Kind: purchase.AskFunds, Was: &now}, []string{"9.90 EUR needed"}},
		{bill.Question{Kind: purchase.AskFunds}, []string{"Not enough"}},
		{bill.Question{Kind: purchase.AskLogin, Choices: []purchase.Choice{purchase.ChooseAgain}}, []string{"Log in again", "[🔐 Log in]"}},
		{bill.Question{Kind: purchase.AskTrouble, Choices: []purchase.Choice{purchase.ChooseAgain}}, []string{"it changed nothing", "isn't responding"}},
		{bill.Question{Kind: purchase.AskUnknown, Evidence: []chat.Phrase{chat.Say("evidence.item.gone")}, Choices: []purchase.Choice{purchase.ChooseBought, purchase.ChooseNotBought, purchase.ChooseAgain}}, []string{"no longer in the cart", "was it bought", "Yes, it was bought"}},
	} {
		p := aPurchase(bill.StagePricing)
		p.Promo, p.Call = "SUMMER10", purchase.CallCart
		p.Question = &q.question
		p.Problem = &conversation.Problem{Kind: zomro.Transient}
		s := bill.RenderPurchase(p)
		checkScreen(t, s)
		for _, says := range append(q.says, "Nothing was charged", "Step: reading the cart") {
			if !strings.Contains(show(t, s), says) {
				t.Errorf("%s does not say %q:\n%s", q.question.Kind, says, show(t, s))
			}
		}
		// Every answer that is shown is understood.
		for _, b := range buttons(s) {
			if b.URL != "" {
				continue // it leads to the panel
			}
			k := loggedIn(t).press(b.Data)
			asked := k.d.Aside != nil
			if k.count(is[conversation.Decide]) != 1 && !asked {
				t.Errorf("%q is not understood", b.Data)
			}
		}
	}
}

func TestDecisions(t *testing.T) {
	k := loggedIn(t).press("p1:A7K-42:12:accept")
	want := conversation.Decide{Purchase: "A7K-42", Revision: 12, Choice: purchase.ChooseAccept, Press: "press0"}
	if got := k.has("decision", is[conversation.Decide]).(conversation.Decide); got != want {
		t.Errorf("%+v, want %+v", got, want)
	}
	k.press("p1:A7K-42:12:status").has("status", is[bill.ShowPurchases])

	k = toAccess(loggedIn(t)).press("p1:A7K-42:13:other_promo").sees("another promo code for purchase A7K-42")
	k.say("two words").sees("one word").say("OTHER").at(orderflow.PlaceAccess)
	want = conversation.Decide{Purchase: "A7K-42", Revision: 13, Choice: purchase.ChooseOtherPromo, Code: "OTHER"}
	if got := k.has("decision", is[conversation.Decide]).(conversation.Decide); got != want {
		t.Errorf("%+v, want %+v", got, want)
	}
	checkPhrase(t, bill.StaleChoice())
	checkScreen(t, bill.NoPurchases(private))
	checkScreen(t, bill.NoPurchases(group))
}

// TestFundsThatSeemEnough: what is missing is said only where the figures say
// that something is.
func TestFundsThatSeemEnough(t *testing.T) {
	for have, want := range map[string]string{"4.00": "1.18 EUR missing", "100.00": "5.18 EUR needed. Top up"} {
		need, there := euro("5.18"), euro(have)
		p := bill.Purchase{ID: "A7K-42", Question: &bill.Question{Kind: purchase.AskFunds, Was: &need, Now: &there}}
		if shown := show(t, bill.RenderPurchase(p)); !strings.Contains(shown, want) {
			t.Errorf("with %s it does not say %q:\n%s", have, want, shown)
		}
	}
}

// TestPromoOfAPurchase: each refusal has its own sentence, a code that helps
// nothing is said with both prices, and one that helps with what it saves.
func TestPromoOfAPurchase(t *testing.T) {
	full, now := euro("11.52"), euro("10.37")
	asked := func(q bill.Question, problem *conversation.Problem) bill.Purchase {
		q.Kind = purchase.AskPromo
		return bill.Purchase{ID: "A7K-42", Promo: "SUMMER", Question: &q, Problem: problem}
	}
	refused := func(code string) *conversation.Problem {
		return &conversation.Problem{Kind: zomro.Refused, Code: code, Message: "No."}
	}
	bought := bill.Purchase{ID: "A7K-42", Stage: bill.StagePaid, Promo: "SUMMER", Promoted: true, Full: &full, Price: &now, Charged: purchase.WasCharged}
	dearer := bought
	dearer.Full, dearer.Price = &now, &full
	tests := []struct {
		name     string
		p        bill.Purchase
		says     string
		saysNone string
	}{
		{"unknown", asked(bill.Question{}, refused(zomro.CodeMissed)), "doesn't know this code", "No."},
		{"not applicable", asked(bill.Question{}, refused(zomro.CodePromoNotUsed)), "doesn't apply to this order", "No."},
		{"another refusal", asked(bill.Question{}, refused("value")), "Zomro says: No.", "changes nothing"},
		{"no answer", asked(bill.Question{}, nil), "was not accepted", "Zomro says"},
		{"changes nothing", asked(bill.Question{Was: &full, Now: &full}, nil), "changes nothing: 11.52 EUR without it, 11.52 EUR", "not accepted"},
		{"helps", bought, "was 11.52 EUR, now 10.37 EUR, saved 1.15 EUR", ""},
		{"does not help", dearer, "price: 11.52 EUR", "saved"},
	}
	for _, c := range tests {
		t.Run(c.name, func(t *testing.T) {
			shown := show(t, bill.RenderPurchase(c.p))
			if !strings.Contains(shown, c.says) || c.saysNone != "" && strings.Contains(shown, c.saysNone) {
				t.Errorf("it does not say %q, or says %q:\n%s", c.says, c.saysNone, shown)
			}
			if news, ok := bill.PurchaseNews(bill.StageUnknown, c.p); ok {
				checkScreen(t, news)
			}
		})
	}
}

// TestEachServerHasACopyButton: of several servers each address, and the line that logs in
// to it, is copied by a button of its own. One with Windows is not logged in to by ssh.
func TestEachServerHasACopyButton(t *testing.T) {
	p := bill.Purchase{Stage: bill.StageActive, Services: []zomro.Service{{ID: "1", IPv4: "203.0.113.2"}, {ID: "2", IPv6: "2001:db8::2"}, {ID: "3"}, {ID: "4", IPv4: "203.0.113.4", Image: "Windows Server 2025"}}}
	var copied []string
	for _, b := range buttons(bill.RenderPurchase(p)) {
		if b.Copy != "" {
			copied = append(copied, b.Copy)
		}
	}
	if want := []string{"203.0.113.2", "ssh root@203.0.113.2", "2001:db8::2", "ssh root@2001:db8::2", "203.0.113.4"}; !slices.Equal(copied, want) {
		t.Errorf("copied is %q, want %q", copied, want)
	}
}

// TestWhatCanBeDoneAfterwards: below what has become active stand the same order again and
// the server; a group is not shown the servers of whoever pays.
func TestWhatCanBeDoneAfterwards(t *testing.T) {
	t.Parallel()
	active := func(in chat.Key, services ...zomro.Service) []string {
		p := bill.Purchase{ID: "A7K-42", Revision: 9, Owner: in, Stage: bill.StageActive, Services: services}
		news, told := bill.PurchaseNews(bill.StageActivating, p)
		card := bill.RenderPurchase(p).Rows
		if last := card[len(card)-1]; !told || encode(t, card[:len(card)-1]) != encode(t, news.Rows) || !strings.Contains(last[0].Data, ":share") {
			t.Fatalf("the card and the news have other buttons: %s and %s", encode(t, card), encode(t, news.Rows))
		}
		var data []string
		for _, b := range buttons(news) {
			if b.Data != "" {
				data = append(data, b.Data)
			}
		}
		return data
	}
	one, other := zomro.Service{ID: "51", IPv4: "203.0.113.2"}, zomro.Service{ID: "52", IPv4: "203.0.113.3"}
	for _, tt := range []struct {
		name      string
		got, want []string
	}{
		{"one server", active(private, one), []string{"p1:A7K-42:9:repeat", "s1:51"}},
		{"two", active(private, one, other), []string{"p1:A7K-42:9:repeat", "c1:servers"}},
		{"in a group", active(group, one), []string{"p1:A7K-42:9:repeat:16"}},
	} {
		if !slices.Equal(tt.got, tt.want) {
			t.Errorf("%s: the buttons are %q, want %q", tt.name, tt.got, tt.want)
		}
	}

	loggedIn(t).press("p1:A7K-42:9:repeat").at(orderflow.PlaceAccess).sees("A7K-42")
	newTalk(t, private).press("p1:A7K-42:9:repeat").at(orderflow.PlaceWaits).sees("A7K-42", "Log in")
}

// TestNewsThatAreOver: what news say that will not be so for long is taken back once it is
// not so, and only then; what became of the money is said once that stays so.
func TestNewsThatAreOver(t *testing.T) {
	asks := aPurchase(bill.StageUnknown)
	asks.Question, asks.Charged = &bill.Question{Kind: purchase.AskUnknown}, purchase.MaybeCharged
	paid := func(stage bill.Stage) bill.Purchase {
		p := aPurchase(stage)
		taken := euro("8.40")
		p.Charged, p.Taken, p.LineItem = purchase.WasCharged, &taken, "2001"
		return p
	}
	for _, c := range []struct {
		of   bill.Stage
		now  bill.Purchase
		says []string // nil: it stays as it is
	}{
		{bill.StageUnknown, aPurchase(bill.StageUnknown), nil},
		{bill.StageUnknown, asks, []string{"my question is below"}},
		{bill.StageUnknown, paid(bill.StageActivating), []string{"Settled since: 💶 paid", "8.40 EUR"}},
		{bill.StageUnknown, aPurchase(bill.StageFailed), []string{"Settled since: ❌ failed", "Nothing was charged"}},
		{bill.StageUnknown, aPurchase(bill.StagePricing), []string{"no longer so"}},
		{bill.StageOrdered, paid(bill.StagePaid), []string{"Settled since: 💶 paid"}},
		{bill.StagePaid, paid(bill.StageActivating), nil},
		{bill.StagePaid, paid(bill.StageActive), []string{"Paid. Order item: `2001`", "Settled since: ✅ active", "8.40 EUR"}},
		{bill.StagePaid, paid(bill.StageVanished), []string{"paid, not found"}},
	} {
		if !bill.Alarming(c.of) {
			t.Errorf("the news of %s are not noted", c.of)
		}
		if over := bill.Settled(c.of, c.now); over != (c.says != nil) {
			t.Errorf("%s, now %s: over %v", c.of, c.now.Stage, over)
		}
		text := show(t, bill.SettledNews(c.of, c.now))
		for _, part := range c.says {
			if !strings.Contains(text, part) {
				t.Errorf("%s, now %s: not %q in\n%s", c.of, c.now.Stage, part, text)
			}
		}
		if c.now.Stage == bill.StagePricing && strings.Contains(text, "charged") {
			t.Errorf("it goes on, and what it says of money will not stay so:\n%s", text)
		}
	}
}
