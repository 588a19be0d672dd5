package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"maps"
	"os"
	"os/exec"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/shopspring/decimal"

	"zomrobot/purchase"
	"zomrobot/storage"
	"zomrobot/zomro"
	"zomrobot/zomro/profile"
	"zomrobot/zomro/sandbox"
)

// ofOtherVendors is the test whose subtests have another vendor than the one that is expected.
const ofOtherVendors = "TestPurchasesOfOtherVendors"

// otherVendor is a vendor of which something else is true than the table of package profile
// expects.
type otherVendor struct {
	name  string
	facts sandbox.Facts
	known bool // the bot has learned it already
}

// otherVendors are those whom purchases are made of as if they were the expected one.
var otherVendors = []otherVendor{
	{name: "one row for all", facts: sandbox.Facts{profile.Rows: profile.One}},
	{name: "one row for all, known", facts: sandbox.Facts{profile.Rows: profile.One}, known: true},
	{name: "ids swapped", facts: sandbox.Facts{profile.LineItem: profile.Elid, profile.RemoveBy: profile.Elid}},
	{name: "ids swapped, known", facts: sandbox.Facts{profile.LineItem: profile.Elid, profile.RemoveBy: profile.Elid}, known: true},
	{name: "both ids", facts: sandbox.Facts{profile.LineItem: profile.Both}},
	{name: "a button is needed, known", facts: sandbox.Facts{profile.Button: profile.Needed}, known: true},
	{name: "tax in the cart", facts: sandbox.Facts{profile.CartTotal: profile.WithTax}},
	{name: "a code is for a row", facts: sandbox.Facts{profile.PromoScope: profile.Row}},
	{name: "an id of a service", facts: sandbox.Facts{profile.ConfirmAnswer: profile.Service}},
	{name: "an address", facts: sandbox.Facts{profile.ConfirmAnswer: profile.Address}},
	{name: "the whole cart is paid", facts: sandbox.Facts{profile.ConfirmScope: profile.WholeCart}},
	{name: "the whole cart is paid, known", facts: sandbox.Facts{profile.ConfirmScope: profile.WholeCart}, known: true},
	{name: "all is late", facts: sandbox.Facts{
		profile.BalanceWhen: profile.Later, profile.ListedWhen: profile.Later, profile.ChargeWhen: profile.Later, profile.RowAfter: profile.Kept,
	}},
}

// purchasesOfOthers are the tests that buy, or are about to.
var purchasesOfOthers = map[string]func(*testing.T){
	"TestOwnerStopsAndAllowsPurchases":             TestOwnerStopsAndAllowsPurchases,
	"TestOlderCopyOfTheStore":                      TestOlderCopyOfTheStore,
	"TestStatusIsInOrder":                          TestStatusIsInOrder,
	"TestTwoPurchasesOfOneAccount":                 TestTwoPurchasesOfOneAccount,
	"TestCancelBeforePaying":                       TestCancelBeforePaying,
	"TestPurchaseStaysWithItsAccount":              TestPurchaseStaysWithItsAccount,
	"TestSessionThatCannotBeRenewed":               TestSessionThatCannotBeRenewed,
	"TestAlarmsSayThatTheyAreOver":                 TestAlarmsSayThatTheyAreOver,
	"TestPaidWhateverIsAnswered":                   TestPaidWhateverIsAnswered,
	"TestStaleCartOfAGivenName":                    TestStaleCartOfAGivenName,
	"TestNotPaidWhateverIsAnswered":                TestNotPaidWhateverIsAnswered,
	"TestChargedMoreThanAgreed":                    TestChargedMoreThanAgreed,
	"TestTakenLater":                               TestTakenLater,
	"TestItemCalledOtherwise":                      TestItemCalledOtherwise,
	"TestAccountWaitsForTheMoney":                  TestAccountWaitsForTheMoney,
	"TestThreeRows":                                TestThreeRows,
	"TestTwoUsersOfOneAccount":                     TestTwoUsersOfOneAccount,
	"TestServersOfTheOtherUser":                    TestServersOfTheOtherUser,
	"TestNewsThatComeLate":                         TestNewsThatComeLate,
	"TestRowsThatAreMarked":                        TestRowsThatAreMarked,
	"TestAddWithoutAnAnswer":                       TestAddWithoutAnAnswer,
	"TestOrderedNotPaid":                           TestOrderedNotPaid,
	"TestNamesDropped":                             TestNamesDropped,
	"TestNamesDroppedOfThreeRows":                  TestNamesDroppedOfThreeRows,
	"TestClockGoesBack":                            TestClockGoesBack,
	"TestErrorAndPaidCountsInTheTeam":              TestErrorAndPaidCountsInTheTeam,
	"TestDoubtIsAsked":                             TestDoubtIsAsked,
	"TestApproversReadWhatTheCartSays":             TestApproversReadWhatTheCartSays,
	"TestAdversary":                                TestAdversary,
	"TestTermsThatChangeAreApprovedAnew":           TestTermsThatChangeAreApprovedAnew,
	"TestApproversAndACancellerRace":               TestApproversAndACancellerRace,
	"TestBuyersRaceForALimit":                      TestBuyersRaceForALimit,
	"TestAFailedOrderFreesItsLimit":                TestAFailedOrderFreesItsLimit,
	"TestWhoAskedCanAlwaysSayWhatBecameOfAPayment": TestWhoAskedCanAlwaysSayWhatBecameOfAPayment,
	"TestOwnerLeaves":                              TestOwnerLeaves,
	"TestTheRecordOfATeam":                         TestTheRecordOfATeam,
	"TestATypedAnswerThatIsRefusedIsAnswered":      TestATypedAnswerThatIsRefusedIsAnswered,
	"TestRuleBecomesStricter":                      TestRuleBecomesStricter,
	"TestGroupDoesNotSeeTheBalance":                TestGroupDoesNotSeeTheBalance,
	"TestOnlyTheHolderCanLogInAgain":               TestOnlyTheHolderCanLogInAgain,
	"TestOlderCopyApprovesNothing":                 TestOlderCopyApprovesNothing,
	"TestLoweredLimitHoldsForNewTerms":             TestLoweredLimitHoldsForNewTerms,
	"TestOwnerSettlesForWhoLeft":                   TestOwnerSettlesForWhoLeft,
	"TestApproversAreAskedOnceTelegramAnswers":     TestApproversAreAskedOnceTelegramAnswers,
	"TestBlindPurchase":                            TestBlindPurchase,
	"TestBlindPurchaseWithPromo":                   TestBlindPurchaseWithPromo,
	"TestBlindPurchaseGivenUp":                     TestBlindPurchaseGivenUp,
	"TestBlindPurchaseSeesAgain":                   TestBlindPurchaseSeesAgain,
	"TestBlindPurchaseLostConfirm":                 TestBlindPurchaseLostConfirm,
	"TestBookKeepsEveryMove":                       TestBookKeepsEveryMove,
	"TestLostCallIsToldOnce":                       TestLostCallIsToldOnce,
	"TestCommitOfUnknownOutcome":                   TestCommitOfUnknownOutcome,
	"TestNewsOnce":                                 TestNewsOnce,
	"TestStoreThatCannotBeReadForAMoment":          TestStoreThatCannotBeReadForAMoment,
	"TestCrashWhileAnOlderCopyIsMadeSafe":          TestCrashWhileAnOlderCopyIsMadeSafe,
	"TestCancelWhileHeldUp":                        TestCancelWhileHeldUp,
	"TestStopBetweenLookAndCall":                   TestStopBetweenLookAndCall,
	"TestOtherAccountWhileACallIsDenied":           TestOtherAccountWhileACallIsDenied,
	"TestTurnOfUnknownOutcome":                     TestTurnOfUnknownOutcome,
	"TestStoreThatFailsNowAndThen":                 TestStoreThatFailsNowAndThen,
	"TestTooLateToCancel":                          TestTooLateToCancel,
	"TestSessionThatMayBeAlive":                    TestSessionThatMayBeAlive,
	"TestHolderDecidesOnTheAccount":                TestHolderDecidesOnTheAccount,
	"TestNobodyElseTakesTheAccount":                TestNobodyElseTakesTheAccount,
	"TestAwaitingCardTellsThatNobodyPays":          TestAwaitingCardTellsThatNobodyPays,
	"TestTeamPaysAsItIsNow":                        TestTeamPaysAsItIsNow,
	"TestOwnPurchasePaysAsItIsNow":                 TestOwnPurchasePaysAsItIsNow,
	"TestChosenAccountPays":                        TestChosenAccountPays,
	"TestReviewedAccountPays":                      TestReviewedAccountPays,
	"TestPurchaseKeepsItsAccount":                  TestPurchaseKeepsItsAccount,
	"TestForgottenAccountPaysNothing":              TestForgottenAccountPaysNothing,
	"TestSessionsThatServeOneCallAtATime":          TestSessionsThatServeOneCallAtATime,
	"TestCancelledWhileItReads":                    TestCancelledWhileItReads,
	"TestProlongationByAVendorThatDoesOtherwise":   TestProlongationByAVendorThatDoesOtherwise,
	"TestProlongationBesideARenewal":               TestProlongationBesideARenewal,
	"TestChargeIsCountedOnce":                      TestChargeIsCountedOnce,
	"TestNewsOfMoneyAreNotDropped":                 TestNewsOfMoneyAreNotDropped,
	"TestNewsOfADeletedTopic":                      TestNewsOfADeletedTopic,
	"TestCostsAreNotInTheWayOfAPayment":            TestCostsAreNotInTheWayOfAPayment,
	"TestItemLeftInTheCart":                        TestItemLeftInTheCart,
	"TestClockThatWasAhead":                        TestClockThatWasAhead,
	"TestDamageDoesNotStopARestore":                TestDamageDoesNotStopARestore,
	"TestDamagedPurchase":                          TestDamagedPurchase,
	"TestPurchaseThatCanBeReadAgain":               TestPurchaseThatCanBeReadAgain,
	"TestBotCannotWriteInTheGroup":                 TestBotCannotWriteInTheGroup,
	"TestPurchaseIsDecidedInPrivate":               TestPurchaseIsDecidedInPrivate,
	"TestNobodyCanBeTold":                          TestNobodyCanBeTold,
	"TestBlockedInPrivate":                         TestBlockedInPrivate,
	"TestClosedTopic":                              TestClosedTopic,
	"TestMarkRecognisesAnOlderCopy":                TestMarkRecognisesAnOlderCopy,
	"TestBookTellsWho":                             TestBookTellsWho,
}

// TestPurchasesOfOtherVendors makes the purchases of other tests of each of the other
// vendors, and at the gate one of each. What has to be true is what those tests say.
func TestPurchasesOfOtherVendors(t *testing.T) {
	t.Parallel()
	thin := thinned(t)
	for n, vendor := range otherVendors {
		if thin && n%thinTo > 0 {
			continue
		}
		names := slices.DeleteFunc(slices.Sorted(maps.Keys(purchasesOfOthers)), func(name string) bool {
			return os.Getenv(exceptedToo) == "" && slices.ContainsFunc(excepted, func(e exception) bool { return e.vendor == vendor.name && e.test == name })
		})
		t.Run(vendor.name, func(t *testing.T) {
			for i, name := range names {
				if *wholeVendors || i == n*len(names)/len(otherVendors) {
					t.Run(name, purchasesOfOthers[name])
				}
			}
		})
	}
}

// vendorOf is the vendor of a test; the zero value is the one that is expected.
func vendorOf(t testing.TB) otherVendor {
	t.Helper()
	within, is := strings.CutPrefix(t.Name(), ofOtherVendors+"/")
	if !is {
		return otherVendor{}
	}
	of, _, _ := strings.Cut(within, "/")
	for _, v := range otherVendors {
		if strings.ReplaceAll(v.name, " ", "_") != of {
			continue
		}
		for _, e := range excepted {
			if e.vendor == v.name && inTest(within, e.vendor+"/"+e.test) && os.Getenv(exceptedToo) == "" {
				t.Skip(e.why)
			}
		}
		return v
	}
	t.Fatalf("there is no vendor %q", of)
	return otherVendor{}
}

// exception is a purchase that cannot be made of a vendor: the test, or a part of it, and why.
type exception struct{ vendor, test, why string }

// excepted are purchases that cannot be made of a vendor as of the expected one, by its nature:
// the vendor, the test, and why.
var excepted = []exception{
	{"one row for all", "TestThreeRows/given up after the first", "nothing is left to be given up once the first row is paid"},
	{"one row for all, known", "TestThreeRows/given up after the first", "nothing is left to be given up once the first row is paid"},
	{"the whole cart is paid", "TestThreeRows/given up after the first", "nothing is left to be given up once the first row is paid"},
	{"the whole cart is paid, known", "TestThreeRows/given up after the first", "nothing is left to be given up once the first row is paid"},
	{"the whole cart is paid", "TestBlindPurchaseSeesAgain", "what lies beside is paid along, as the question says that it may be"},
	{"the whole cart is paid, known", "TestBlindPurchaseSeesAgain", "to pay beside what is somebody else's is not offered"},
	{"the whole cart is paid, known", "TestLoweredLimitHoldsForNewTerms/beside what is not his", "to pay beside what is somebody else's is not offered"},
	{"both ids", "TestAddWithoutAnAnswer/two numbers in the row", "both of them are the line item"},
	{"ids swapped", "TestBotCannotWriteInTheGroup", "it is not known how a row is taken out, and the next order asks about the one that stays"},
	{"ids swapped, known", "TestAddWithoutAnAnswer/two numbers in the row", "it is known which of them is the line item"},
	{"a code is for a row", "TestThreeRows/with a promo code", "the other rows cost the full price, and a person is asked"},
	{"all is late", "TestAccountWaitsForTheMoney", "it is about the second in which the money is seen"},
	{"all is late", "TestTheRecordOfATeam", "the looks for the money fill more than a page"},
	{"all is late", "TestTakenLater", "it is about the second in which the money is seen"},
	{"all is late", "TestSessionsThatServeOneCallAtATime", "it is about what is seen at once"},
	{"all is late", "TestAlarmsSayThatTheyAreOver", "what is seen late is another alarm"},
	{"all is late", "TestDoubtIsAsked/the balance lags, and the charges are not shown", "for an hour nothing at all would show the payment"},
	{"tax in the cart", "TestBookTellsWho", "what was agreed changes on the way"},
	{"tax in the cart", "TestTeamPaysAsItIsNow", "the price is asked about before what holds the payment up is looked at"},
	{"tax in the cart", "TestPurchaseIsDecidedInPrivate", "the group is asked a second question"},
	{"tax in the cart", "TestApproversAreAskedOnceTelegramAnswers", "approvers are asked a second time"},
}

// exceptedToo is in the environment where what is excepted is tried all the same.
const exceptedToo = "EXCEPTED_TOO"

// inTest reports whether a name of a test is that of another one, or of a part of it.
func inTest(name, other string) bool {
	other = strings.ReplaceAll(other, " ", "_")
	return name == other || strings.HasPrefix(name, other+"/")
}

// TestExceptedPurchases fails where a purchase is excepted that can be made.
func TestExceptedPurchases(t *testing.T) {
	t.Parallel()
	for _, e := range excepted {
		t.Run(e.vendor+"/"+e.test, func(t *testing.T) {
			_, there := purchasesOfOthers[strings.SplitN(e.test, "/", 2)[0]]
			if !there || !slices.ContainsFunc(otherVendors, func(v otherVendor) bool { return v.name == e.vendor }) {
				t.Fatal("there is no such test of such a vendor")
			}
			if !*wholeVendors {
				return
			}
			path := strings.ReplaceAll(ofOtherVendors+"/"+e.vendor+"/"+e.test, " ", "_")
			run := exec.CommandContext(t.Context(), os.Args[0], "-test.run", "^"+strings.ReplaceAll(path, "/", "$/^")+"$", "-vendors")
			run.Env = append(os.Environ(), exceptedToo+"=1")
			if out, err := run.CombinedOutput(); err == nil || !bytes.Contains(out, []byte("--- FAIL: "+path)) {
				t.Errorf("it can be made, or was not tried: %v\n%s", err, out)
			}
		})
	}
}

// beside is the vendor without what a test says itself.
func (v otherVendor) beside(said sandbox.Facts) otherVendor {
	v.facts = maps.Clone(v.facts)
	maps.DeleteFunc(v.facts, func(name profile.Name, _ profile.Answer) bool { return said[name] != "" })
	return v
}

// teach has the bot, which was never started yet, know what is true of the vendor.
func (w *world) teach() {
	w.t.Helper()
	if !w.other.known {
		return
	}
	var lessons []profile.Lesson
	for name, answer := range w.other.facts {
		lessons = append(lessons, profile.Lesson{Fact: name, Answer: answer})
	}
	known, _ := profile.Profile{}.Learn(lessons, profile.Seen{At: w.clock.Now()})
	w.tamper(func(tx storage.Tx) error { return storage.Put(tx, "vendor-profile", known) })
}

// obliging is what people do who agree to the tax that a vendor has in its cart, and to
// nothing else: who has ordered accepts the price, and who had approved the order approves it
// anew.
type obliging struct {
	agreed   func(decimal.Decimal) // told of the price; nil: nobody is
	accepted map[string]bool       // questions
	approve  map[string][]int64    // by purchase: who had approved it
}

// oblige has people agree to what an obliging person agrees to, and reports whether somebody
// was asked.
func (w *world) oblige() (asked bool) {
	w.t.Helper()
	if w.other.facts[profile.CartTotal] != profile.WithTax || w.stop == nil {
		return false
	}
	var all []journalled
	err := w.program.Store.Scan(w.t.Context(), "purchase/", "", func(_ string, value []byte) (bool, error) {
		var p journalled
		if json.Unmarshal(value, &p) == nil { // a test may have damaged it
			all = append(all, p)
		}
		return true, nil
	})
	if err != nil {
		w.t.Fatal(err)
	}
	for _, p := range all {
		r := p.Record
		if q := r.Question; q != nil && isTax(*q) {
			question := fmt.Sprint(r.ID, " ", q.Number)
			if w.obliging.accepted[question] || !w.pressOf(p, p.Owner.User, ":"+string(purchase.ChooseAccept)) {
				continue
			}
			w.obliging.accepted[question], asked = true, true
			if r.Approval != nil {
				for _, vote := range r.Approval.Votes {
					w.obliging.approve[r.ID] = append(w.obliging.approve[r.ID], vote.By)
				}
			}
			if w.obliging.agreed != nil {
				w.obliging.agreed(q.Now.Amount)
			}
		}
		if r.State == purchase.StateAwaiting {
			for _, by := range w.obliging.approve[r.ID] {
				asked = w.pressOf(p, by, ":approve") || asked
			}
			delete(w.obliging.approve, r.ID)
		}
	}
	return asked
}

// hit waits until a call is held, and people oblige meanwhile.
func (w *world) hit(held *sandbox.Injection) {
	w.t.Helper()
	ctx, cancel := w.patient()
	defer cancel()
	go func() {
		select {
		case <-held.Hit():
			cancel()
		case <-ctx.Done():
		}
	}()
	_ = w.chats.Until(ctx, func() bool { w.oblige(); return false })
	select {
	case <-held.Hit():
	default:
		w.t.Fatalf("no call was held:\n%s", w.chats.Transcript(anna))
	}
}

// pressOf has a person press the newest button of a purchase that does something, where it was
// ordered or in private, and reports whether there is one.
func (w *world) pressOf(p journalled, person int64, does string) bool {
	w.t.Helper()
	for _, chat := range []int64{p.Owner.Chat, p.Owner.User} {
		for _, m := range slices.Backward(w.chats.Messages(chat)) {
			for _, b := range slices.Concat(m.Keyboard...) {
				if m.Deleted || !strings.Contains(b.Data, ":"+p.Record.ID+":") || !strings.Contains(b.Data, does) {
					continue
				}
				_, err := w.chats.TapData(person, chat, m.ID, b.Data)
				return err == nil // who has left does not press
			}
		}
	}
	return false
}

// costs is what a row of that price costs where the vendor may have the tax in its cart.
func (w *world) costs(price string) zomro.Money {
	m := eurs(price)
	if w.other.facts[profile.CartTotal] == profile.WithTax {
		m.Amount = m.Amount.Mul(decimal.RequireFromString("1.21")).Round(2)
	}
	return m
}

// wantTakenOut fails unless nothing is left in the cart. Of a vendor that takes a row out by
// another id than is expected it may be, until that is known: then the chat has to be told.
func (w *world) wantTakenOut(chat int64) {
	w.t.Helper()
	left := w.vendor.Cart(vendorLogin)
	stays := w.other.facts[profile.RemoveBy] == profile.Elid && !w.other.known
	if len(left) > 0 && (!stays || !w.said(chat, "may still be in the Zomro cart") && !w.said(chat, "возможно, осталась в корзине")) {
		w.t.Errorf("in the cart are %+v:\n%s", left, w.chats.Transcript(chat))
	}
}

// takenOut lets so much time pass as it takes until a row has been taken out of the cart: none, if
// the vendor takes it out by the id that is expected. By which of several removals it went is not
// known else, and it is looked for longer whether it was paid.
func (w *world) takenOut() {
	w.t.Helper()
	if w.other.facts[profile.RemoveBy] == profile.Elid && !w.other.known {
		for range 30 {
			w.pass(10 * time.Second)
		}
	}
}

// commaed is an amount as it is written in Russian.
func commaed(m zomro.Money) string { return strings.Replace(m.Amount.StringFixed(2), ".", ",", 1) }

// shown lets so much time pass as the vendor takes to show what was paid: none, if it shows it
// at once.
func (w *world) shown() {
	w.t.Helper()
	if w.other.facts[profile.BalanceWhen] == profile.Later {
		for range 8 {
			w.pass(10 * time.Second)
		}
	}
}

// payments is how many confirms an order of several servers takes, where none fails: one for
// each of its rows, or one for all.
func (w *world) payments(servers int) int {
	if w.other.facts[profile.Rows] == profile.One || w.other.facts[profile.ConfirmScope] == profile.WholeCart {
		return 1
	}
	return servers
}

// servesAgain is how often more than the expected vendor another one is asked for its servers
// before it is paid: before a tax is asked about everything is read again, and after it.
func (w *world) servesAgain() int {
	if w.other.facts[profile.CartTotal] == profile.WithTax {
		return 2
	}
	return 0
}

// isTax reports whether a question asks for no more than the tax on what was agreed.
func isTax(q purchase.Question) bool {
	return q.Kind == purchase.AskPrice && q.Was != nil && q.Now != nil && !q.Now.Amount.GreaterThan(withTax(q.Was.Amount))
}

// withTax is what a cart says of a price, at the most, where it has the tax in it: each of its
// rows is rounded.
func withTax(price decimal.Decimal) decimal.Decimal {
	return price.Mul(decimal.RequireFromString("1.21")).Add(decimal.RequireFromString("0.02"))
}
