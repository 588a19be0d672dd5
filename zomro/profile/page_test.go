package profile

import (
	"flag"
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"
)

var rewrite = flag.Bool("rewrite", false, "renew docs/vendor.md")

// page is made of the table.
const page = "../../docs/vendor.md"

const head = `# What is known of Zomro, and how well

Much of what the bot relies on has never been published: no answer of the calls that fill the cart, apply a promo code or pay from it is anywhere to be read. This page lists every such thing: what is expected, how well that is known, what could be true instead, what settles it, and what the bot does about it meanwhile. It is made from the table in ` + "`zomro/profile`" + `, by which the stand-in for Zomro answers, too: ` + "`go test ./zomro/profile -rewrite`" + `.

None of it is ever the only reason to say "paid" or "nothing was charged": that is decided by what the account shows afterwards ([purchase.md](purchase.md)).

How well an expectation is known: **R** a captured answer; **A** an article or the offer of Zomro; **F** the code of Zomro's own cabinet, which uses an older cart than the bot; **C** a client that works; **g** other installations of the same platform (BILLmanager); **i** inferred.
`

// sections are what can settle facts, in the order of the page.
var sections = []struct {
	by    Source
	title string
}{
	{ByRead, "Settled by reading the account"},
	{ByCart, "Settled by putting one server into the cart and taking it out"},
	{ByCount, "Settled by putting two servers into the cart"},
	{ByPromo, "Settled by promo codes"},
	{ByPoor, "Settled by a payment for which the balance is too small"},
	{BySession, "Settled by a session that nobody uses for an hour"},
	{ByBuy, "Settled by buying the cheapest server for a day"},
	{ByTwo, "Settled by paying one of two servers in the cart"},
	{ByNobody, "Not settled by anything that the bot does"},
}

// questions are what the facts are about.
var questions = map[Name]string{
	LineItem:      "Which field of a row in the cart is the number that adding and paying name (the line item)?",
	RemoveBy:      "By which field is a row taken out of the cart?",
	Rows:          "How many rows does an order of several servers become?",
	Button:        "Does adding need `clicked_button=order`?",
	BadField:      "How is a wrong field refused when a server is put into the cart?",
	CartTotal:     "How does the cart's total compare with its rows?",
	PanelCart:     "Is what lies in the panel's cart in the same cart?",
	ListedInCart:  "Is a server in the list of servers while it is only in the cart?",
	PromoUnknown:  "How is a promo code refused that does not exist?",
	PromoNoCart:   "How is a promo code refused when the cart is empty?",
	PromoScope:    "What does a promo code make cheaper?",
	PromoTwice:    "How is a promo code refused that is applied already?",
	PromoKept:     "Does a promo code stay with the cart when its row is taken out?",
	PoorError:     "How is a payment refused for lack of money?",
	PoorLeft:      "What is left after that?",
	ConfirmAnswer: "What does a payment that was carried out answer?",
	ConfirmScope:  "What does a payment pay?",
	ConfirmAgain:  "How is a second payment of the same line item refused?",
	Taken:         "How much is taken, compared with the cart's total?",
	RowAfter:      "Does a row stay in the cart for a while after it was paid?",
	BalanceWhen:   "When does the balance show what was taken?",
	ListedWhen:    "When is a server listed that was paid?",
	ChargeWhen:    "When is the charge listed?",
	ServerName:    "What becomes of the name that a server was ordered with?",
	SessionIdle:   "Does a session end that was not used for an hour?",
	OrderForm:     "Is the order form as it is read?",
	CartFields:    "Is the cart as it is read?",
	ServerRows:    "Are the rows of servers as they are read?",
	KeyRows:       "Are the rows of SSH keys as they are read?",
	ChargeRows:    "Are the rows of charges as they are read?",
	OrderRows:     "Are the rows of unpaid orders as they are read?",
	PaymentRows:   "Are the rows of payments as they are documented?",
	ServerList:    "Does `v2.instances` list servers?",
	DatacenterUS:  "Does datacenter 21 have a price list?",
	CallLimits:    "Is there a limit to how many calls may be made?",
	EveryCall:     "Do calls need the login and password each time?",
}

// answers are the words for what may be true, where the table's own is not plain.
var answers = map[Answer]string{
	ID: "`id`", Elid: "`elid`", Both: "both, they are equal", Other: "something else",
	One: "one row", Each: "a row for each server",
	Unneeded: "no", Needed: "yes",
	Value: "an error of type `value`", Missed: "an error of type `missed`", NotUsable: "an error of type `promocode_not_use`",
	None: "no error", NotEnough: "an error of type `not_enough_money`", Amount: "another error that names the sum",
	Sum: "it is their sum", WithTax: "it is more, with tax", Less: "less",
	Shared: "yes", Apart: "no",
	WholeCart: "the whole cart", Row: "one row", Kept: "it stays", Dropped: "it goes", Changed: "it is changed", Unpaid: "an unpaid order",
	Word: "`ok` and no more", Service: "the id of a server or of an order", Address: "a place to go on to",
	Total: "the total", More: "more", Listed: "yes", Unlisted: "no", AtOnce: "at once", Later: "later",
	Ended: "it ends", Alive: "it lives on", AsRead: "yes", Otherwise: "no",
}

// nones are the words of [None] where it is not about an error.
var nones = map[Name]string{PoorLeft: "nothing", DatacenterUS: "no", CallLimits: "none that is known"}

// words are the words for answers of a fact.
func words(t *testing.T, f Fact, of []Answer) string {
	var all []string
	for _, answer := range of {
		text := answers[answer]
		if nones[f.Name] != "" && answer == None {
			text = nones[f.Name]
		}
		if text == "" {
			t.Errorf("the answer %s has no words", answer)
		}
		all = append(all, text)
	}
	return strings.Join(all, "; or ")
}

// others are the answers that are not expected.
func others(f Fact) []Answer {
	var all []Answer
	for _, answer := range f.Answers {
		if !slices.Contains(f.Expects, answer) {
			all = append(all, answer)
		}
	}
	return all
}

// TestPage holds docs/vendor.md to the table.
func TestPage(t *testing.T) {
	t.Parallel()
	var b strings.Builder
	b.WriteString(head)
	count := 0
	for _, section := range sections {
		fmt.Fprintf(&b, "\n## %s\n", section.title)
		for _, f := range Settled(section.by) {
			if count++; questions[f.Name] == "" {
				t.Errorf("nobody says what %s asks", f.Name)
			}
			fmt.Fprintf(&b, "\n### %s\n\n", questions[f.Name])
			fmt.Fprintf(&b, "- Expected: %s (%s).\n", words(t, f, f.Expects), strings.NewReplacer("][", ", ", "[", "", "]", "").Replace(f.Tag))
			fmt.Fprintf(&b, "- Otherwise: %s.\n", words(t, f, others(f)))
			seen := "`" + string(f.Name) + "`"
			if f.Func != "" {
				seen += ", shown by `" + f.Func + "`"
			}
			if f.InUse {
				seen += "; every purchase that shows it is compared with it"
			}
			fmt.Fprintf(&b, "- Fact: %s.\n- What the bot does: %s\n", seen, f.Does)
		}
	}
	if count != len(Table) || len(questions) != len(Table) {
		t.Errorf("%d of %d facts are on the page, %d have a question", count, len(Table), len(questions))
	}
	if *rewrite {
		if err := os.WriteFile(page, []byte(b.String()), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	held, err := os.ReadFile(page)
	if err != nil {
		t.Fatal(err)
	}
	if string(held) != b.String() {
		t.Errorf("%s does not hold the table; renew it with -rewrite and read what has changed", page)
	}
}
