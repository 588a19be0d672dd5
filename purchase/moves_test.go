package purchase_test

import (
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"maps"
	"os"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/shopspring/decimal"

	"zomrobot/purchase"
	"zomrobot/zomro"
)

var rewrite = flag.Bool("rewrite", false, "renew testdata/moves.txt and the diagram in docs/purchase.md")

const document = "../docs/purchase.md"

// web is the name of the server that is ordered: it carries the purchase's id.
const web = "web-a7k42"

var start = time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC)

func eur(amount string) zomro.Money {
	return zomro.Money{Amount: decimal.RequireFromString(amount), Currency: "EUR"}
}

func ptr[T any](v T) *T { return &v }

// opening is a purchase of one server named web for 5 EUR.
func opening(promo string) purchase.Opening {
	return purchase.Opening{
		ID: "A7K-42", Draft: "d1", Account: "acc",
		Order:     zomro.Order{Plan: "8700", Datacenter: "17", Period: zomro.Month, Count: 1, Image: "u", ServerName: web},
		PlanTitle: "Essential", DatacenterName: "Netherlands-3 [Cloud]", Promo: promo,
		Quote: purchase.Quote{Total: eur("5"), Price: eur("5"), Period: zomro.Month},
	}
}

// The days until which the server is paid that is paid on.
var (
	paidUntil = time.Date(2026, 12, 4, 0, 0, 0, 0, time.UTC)
	paidNext  = paidUntil.AddDate(0, 1, 0)
)

// prolonging is the server "old" that is paid on for a month.
func prolonging() purchase.Opening {
	return purchase.Opening{ID: "A7K-42", Draft: "d1", Account: "acc", Prolong: &purchase.Prolongation{
		Server: "1", Name: "old", Period: zomro.Month, Until: paidUntil, Next: paidNext,
	}}
}

// until is the server that is paid on, paid until a day.
func until(day time.Time) zomro.Service {
	s := service("1", "old", zomro.StatusActive)
	s.PaidUntil = day
	return s
}

// renewing are the choices that make new terms.
var renewing = []purchase.Choice{purchase.ChooseAccept, purchase.ChooseWithoutPromo, purchase.ChooseOtherPromo, purchase.ChooseAnyway}

// forTeam is the purchase of the requester, whose first terms need so many
// votes.
func forTeam(o purchase.Opening, needed int) purchase.Opening {
	o.Approval = &purchase.Approval{Needed: needed, Requester: requester, Name: "Anna"}
	return o
}

func ours(cost string) zomro.CartItem {
	item := zomro.CartItem{ID: "1818", Name: "Essential"}
	if cost != "" {
		item.Cost = ptr(eur(cost))
	}
	return item
}

var foreign = zomro.CartItem{ID: "900", Name: "Domain", Cost: ptr(eur("9"))}

func cart(total string, items ...zomro.CartItem) *zomro.Cart {
	c := &zomro.Cart{Items: items}
	if total != "" {
		c.Total = ptr(eur(total))
	}
	return c
}

func service(id, name string, status zomro.Status) zomro.Service {
	return zomro.Service{ID: id, Name: name, ServerName: name, Plan: "Essential | NL-3", Datacenter: "Netherlands-3 [Cloud]", Status: status}
}

func balance(amount string) *zomro.Balance { return &zomro.Balance{Real: eur(amount)} }

// labelled is an event and how the golden files call it.
type labelled struct {
	kind, label string
	event       purchase.Event
	at          time.Time
}

// answers are the answers that tell something about a call.
func answers(r purchase.Record, call purchase.Call, at time.Time) []labelled {
	var all []labelled
	add := func(label string, a purchase.Answered) {
		a.Call = call
		all = append(all, labelled{"answered", string(call) + " " + label, a, at})
	}
	switch call {
	case purchase.CallCart:
		add("empty", purchase.Answered{Cart: cart("0")})
		add("ours", purchase.Answered{Cart: cart("5", ours("5"))})
		add("ours, cheaper", purchase.Answered{Cart: cart("4", ours("4"))})
		add("ours, dearer", purchase.Answered{Cart: cart("6", ours("6"))})
		otherwise := ours("5")
		otherwise.Name = "Virtual server"
		add("ours, called otherwise", purchase.Answered{Cart: cart("5", otherwise)})
		add("ours, unpriced", purchase.Answered{Cart: cart("", ours(""))})
		add("foreign", purchase.Answered{Cart: cart("9", foreign)})
		add("ours and foreign", purchase.Answered{Cart: cart("14", ours("5"), foreign)})
		if r.Prolong == nil {
			add("ours and a sibling that goes first", purchase.Answered{Cart: cart("14", ours("5"), foreign), Siblings: purchase.Siblings{Ahead: []string{foreign.ID}}})
		}
		add("without result", purchase.Answered{})
	case purchase.CallServices:
		if r.Prolong != nil {
			add("as before", purchase.Answered{Services: []zomro.Service{until(paidUntil)}})
			add("paid on", purchase.Answered{Services: []zomro.Service{until(paidNext)}})
			add("paid on further", purchase.Answered{Services: []zomro.Service{until(paidNext.AddDate(0, 1, 0))}})
			add("gone", purchase.Answered{Services: []zomro.Service{service("2", "mail", zomro.StatusActive)}})
			break
		}
		old := service("1", "old", zomro.StatusActive)
		add("none new", purchase.Answered{Services: []zomro.Service{old}})
		add("ours opening", purchase.Answered{Services: []zomro.Service{old, service("2", web, zomro.StatusOpening)}})
		add("ours active", purchase.Answered{Services: []zomro.Service{old, service("2", web, zomro.StatusActive)}})
		add("ours ordered", purchase.Answered{Services: []zomro.Service{old, service("2", web, zomro.StatusOrdered)}})
		add("ours deleted", purchase.Answered{Services: []zomro.Service{old, service("2", web, zomro.StatusDeleted)}})
		add("other new", purchase.Answered{Services: []zomro.Service{old, service("2", "mail", zomro.StatusActive)}})
	case purchase.CallBalance:
		add("20", purchase.Answered{Balance: balance("20")})
		add("15", purchase.Answered{Balance: balance("15")})
		add("1", purchase.Answered{Balance: balance("1")})
		add("without result", purchase.Answered{})
	case purchase.CallAdd:
		add("ok", purchase.Answered{LineItem: "1818"})
		add("without result", purchase.Answered{})
	case purchase.CallCharges:
		add("none new", purchase.Answered{})
		add("one new", purchase.Answered{Charges: []zomro.Charge{{ID: "77"}}})
	case purchase.CallOrders:
		add("none new", purchase.Answered{})
		add("one new", purchase.Answered{Orders: []zomro.UnpaidOrder{{Item: "2"}}})
	case purchase.CallPromo, purchase.CallConfirm, purchase.CallRemove, purchase.CallEmpty:
		add("ok", purchase.Answered{})
	}
	if call == purchase.CallCharges || call == purchase.CallOrders {
		add("unreadable", purchase.Answered{Failure: &purchase.Failure{Kind: zomro.Unreadable}})
		return all
	}
	for _, kind := range []zomro.Kind{zomro.Denied, zomro.Refused, zomro.Transient, zomro.Unreadable, zomro.Unknown, ""} {
		label := string(kind)
		if label == "" {
			label = "failure of no kind"
		}
		add(label, purchase.Answered{Failure: &purchase.Failure{Kind: kind}})
	}
	if call == purchase.CallAdd || call == purchase.CallConfirm {
		for _, kind := range []zomro.Kind{zomro.Denied, zomro.Refused, zomro.Transient} {
			add("not sent: "+string(kind), purchase.Answered{Failure: &purchase.Failure{Kind: kind, Unsent: true}})
		}
		add("held back", purchase.Answered{Failure: heldBack()})
		add("an error", purchase.Answered{Failure: &purchase.Failure{Kind: zomro.Unknown, Code: "file"}})
	}
	if call == purchase.CallConfirm {
		add("funds", purchase.Answered{Failure: &purchase.Failure{Kind: zomro.Unknown, Params: map[string]string{"amount": "6.05"}, Code: "value"}})
	}
	return all
}

// node is a record that was reached, at its time.
type node struct {
	r  purchase.Record
	at time.Time
}

// events are all that can be tried on a node: every kind, what is allowed and
// what is not.
func (n node) events() []labelled {
	at := n.at
	if at.Before(n.r.NextAt) {
		at = n.r.NextAt
	}
	if a := purchase.Next(n.r, at); a.Kind == purchase.Wait && n.r.Closing != nil && at.Before(a.Until) {
		at = a.Until
	}
	all := []labelled{{"started", "started", purchase.Started{}, at}}
	for _, later := range []time.Time{at, at.Add(time.Hour)} {
		if a := purchase.Next(n.r, later); a.Kind == purchase.Do {
			label := "calling " + string(a.Call)
			all = append(all, labelled{"calling", label, purchase.Calling{Call: a.Call}, later})
		}
	}
	wrong := purchase.CallEmpty
	if n.r.Due == wrong {
		wrong = purchase.CallConfirm
	}
	all = append(all, labelled{"calling", "calling what is not due", purchase.Calling{Call: wrong}, at})
	if n.r.InFlight != "" {
		all = append(all, answers(n.r, n.r.InFlight, at)...)
		if !n.r.Until.IsZero() {
			all = append(all, answers(n.r, n.r.InFlight, n.r.Until)...)
		}
	}
	all = append(all, labelled{"answered", "answer to another call", purchase.Answered{Call: "another"}, at})
	if q := n.r.Question; q != nil {
		for _, c := range q.Choices {
			all = append(all, labelled{"decided", "decided " + string(c), purchase.Decided{Revision: n.r.Revision, Choice: c, Code: "OTHER"}, at})
			if n.r.Approval != nil && slices.Contains(renewing, c) {
				all = append(all, labelled{"decided", "decided " + string(c) + ", to be approved", purchase.Decided{Revision: n.r.Revision, Choice: c, Code: "OTHER", Needed: 1}, at})
			}
		}
	}
	all = append(all, n.votes(at)...)
	all = append(all,
		labelled{"decided", "decided about an older question", purchase.Decided{Revision: n.r.Revision - 1, Choice: purchase.ChooseAgain}, at},
		labelled{"decided", "decided what is no choice", purchase.Decided{Revision: n.r.Revision, Choice: "nothing"}, at},
		labelled{"decided", "decided another code, empty", purchase.Decided{Revision: n.r.Revision, Choice: purchase.ChooseOtherPromo}, at},
		labelled{"cancelled", "cancelled", purchase.Cancelled{}, at},
		labelled{"restarted", "restarted", purchase.Restarted{}, at},
		labelled{"restored", "restored", purchase.Restored{}, at},
		labelled{"tick", "tick", purchase.Tick{}, at},
	)
	if n.r.Question != nil || n.r.State == purchase.StateAwaiting {
		all = append(all, labelled{"tick", "tick after a day", purchase.Tick{}, at.Add(24 * time.Hour)})
	}
	return all
}

// votes are the words of others on the terms, allowed and not.
func (n node) votes(at time.Time) []labelled {
	terms, by := 1, int64(10)
	if a := n.r.Approval; a != nil {
		terms, by = a.Terms, 10+int64(len(a.Votes))
	}
	all := []labelled{
		{"approved", "approved", purchase.Approved{By: by, Name: "Boris", Terms: terms}, at},
		{"rejected", "rejected", purchase.Rejected{By: by, Name: "Boris", Terms: terms}, at},
		{"required", "required", purchase.Required{Needed: 2}, at},
	}
	if n.r.State != purchase.StateAwaiting {
		return all
	}
	if by > 10 {
		all = append(all, labelled{"approved", "approved by the same", purchase.Approved{By: by - 1, Name: "Boris", Terms: terms}, at})
	}
	return append(all,
		labelled{"approved", "approved by nobody", purchase.Approved{Terms: terms}, at},
		labelled{"approved", "approved by the requester", purchase.Approved{By: requester, Name: "Anna", Terms: terms}, at},
		labelled{"approved", "approved, older terms", purchase.Approved{By: by, Name: "Boris", Terms: terms - 1}, at},
		labelled{"approved", "approved, other terms", purchase.Approved{By: by, Name: "Boris", Terms: terms + 1}, at},
		labelled{"approved", "approved after a day", purchase.Approved{By: by, Name: "Boris", Terms: terms}, at.Add(24 * time.Hour)},
		labelled{"rejected", "rejected by nobody", purchase.Rejected{Terms: terms}, at},
		labelled{"rejected", "rejected, older terms", purchase.Rejected{By: by, Name: "Boris", Terms: terms - 1}, at},
	)
}

// shape is what tells nodes apart: what the moves from here on depend on.
// Times, and what is only there to be shown, are left out.
func (n node) shape() string {
	r := n.r
	question := ""
	if r.Question != nil {
		question = fmt.Sprint(r.Question.Kind, r.Question.Choices, r.Question.Now != nil)
	}
	if r.Pending != nil {
		question += fmt.Sprint("pending ", r.Pending.Kind)
	}
	parts := []any{r.State, r.Due, r.InFlight, question, r.GivenUp, r.MaybePaid}
	doubt := r.UnknownOf == purchase.CallConfirm
	if !doubt {
		parts = append(parts, r.LineItem != "", r.Unpriced)
	}
	if r.Sent.IsZero() { // then promo codes are looked at
		parts = append(parts, r.Promo != "")
	}
	// Once it may be paid, or its item is taken out, nothing goes on without the
	// cart.
	if !r.MaybePaid && r.PaidAt.IsZero() && r.State != purchase.StateCancelling && !r.State.Ended() {
		parts = append(parts, r.Blind, r.CartAmiss)
	}
	if r.Prolong != nil {
		parts = append(parts, r.Quoted(), r.LineItem != "")
		if !r.MaybePaid {
			parts = append(parts, r.Sent.IsZero(), r.Failure != nil)
		}
	}
	// Votes matter only where new terms can still be made, and in doubt only
	// whether some are lacking.
	if a := r.Approval; a != nil && r.PaidAt.IsZero() {
		switch r.State {
		case purchase.StateAwaiting:
			parts = append(parts, a.Needed, len(a.Votes), a.Then)
		case purchase.StateCancelling: // its end is the same for all
		case purchase.StateUnknown:
			if !a.Complete() {
				parts = append(parts, "unapproved")
			}
		default:
			parts = append(parts, "of a team")
		}
	}
	switch r.State {
	case purchase.StateSettling, purchase.StateUnknown:
		parts = append(parts, r.UnknownOf, r.Before == nil, r.Attempts)
		if f := r.Failure; doubt && r.State == purchase.StateUnknown {
			parts = append(parts, f != nil && f.Params != nil)
		} else {
			parts = append(parts, f != nil && f.Code != "")
		}
		e := r.Evidence
		if r.Look != nil {
			e = r.Look
		}
		if e != nil {
			parts = append(parts, e.Verdict)
			if e.Verdict != purchase.Unclear {
				parts = append(parts, min(e.InARow, 3))
			}
			if r.UnknownOf == purchase.CallConfirm && r.Due != purchase.CallServices && r.InFlight != purchase.CallServices {
				parts = append(parts, heading(*e))
			}
		}
	case purchase.StateActive, purchase.StateFailed, purchase.StateVanished: // only the look at the money is to come
	case purchase.StateOrdered:
		parts = append(parts, min(r.Attempts, 2))
	case purchase.StatePaid, purchase.StateActivating:
		parts = append(parts, r.Before == nil, min(r.Attempts, 2))
	case purchase.StateCancelling:
		parts = append(parts, r.ByWord, r.Removal, r.Attempts)
	case purchase.StatePricing:
		parts = append(parts, r.Attempts, r.Quote.Total.Amount.String())
	default:
		parts = append(parts, r.Attempts)
	}
	if c := r.Closing; c != nil {
		parts = append(parts, c.Due, c.Last, min(c.Tries, 1))
	}
	return fmt.Sprintln(parts...)
}

// heading is which verdicts a look at a confirm can still come to.
func heading(e purchase.Evidence) string {
	var can []string
	for name, better := range map[string]purchase.Evidence{
		"done":     {Balance: purchase.BalanceDropped, Item: purchase.ItemGone},
		"not done": {Balance: purchase.BalanceSame, Item: purchase.ItemInCart},
		"ordered":  {Balance: purchase.BalanceSame, Item: purchase.ItemGone, Orders: purchase.OrdersOurs},
	} {
		guess := e
		if guess.Balance == purchase.BalanceNotKnown {
			guess.Balance = better.Balance
		}
		if guess.Item == purchase.ItemNotKnown {
			guess.Item = better.Item
		}
		if guess.Orders == purchase.OrdersNotKnown {
			guess.Orders = better.Orders
		}
		if v := purchase.Judge(guess); v != purchase.Unclear && strings.ReplaceAll(string(v), "_", " ") == name {
			can = append(can, name)
		}
	}
	slices.Sort(can)
	return strings.Join(can, ", ")
}

// situation is a node as the golden file calls it.
func (n node) situation() string {
	state := string(n.r.State)
	if n.r.State == purchase.StateUnknown {
		state += " of " + string(n.r.UnknownOf)
	}
	if n.r.Pending != nil {
		state += ", " + string(n.r.Pending.Kind) + " open"
	}
	if c := n.r.Closing; c != nil {
		state += ", money to be looked at"
	}
	switch {
	case n.r.State == purchase.StateAwaiting:
		return fmt.Sprintf("%s, then %s", state, n.r.Approval.Then)
	case n.r.InFlight != "":
		return fmt.Sprintf("%s, %s under way", state, n.r.InFlight)
	case n.r.Question != nil:
		return fmt.Sprintf("%s, asks %s", state, n.r.Question.Kind)
	case n.r.Due != "":
		return fmt.Sprintf("%s, %s due", state, n.r.Due)
	default:
		return state
	}
}

func text(t *testing.T, r purchase.Record) string {
	t.Helper()
	b, err := json.Marshal(r)
	if err != nil {
		t.Fatalf("marshal: %v", err)
	}
	return string(b)
}

// TestMoves tries every kind of event in every state that can be reached. What
// comes of it is in testdata/moves.txt and drawn in docs/purchase.md.
func TestMoves(t *testing.T) {
	results, edges, states := moves(t, opening(""), opening("CODE"), forTeam(opening("CODE"), 2))
	for _, state := range purchase.States() {
		if !states[state] {
			t.Errorf("state %s cannot be reached", state)
		}
	}
	golden(t, "testdata/moves.txt", "", listing(results))
	golden(t, document, "mermaid", diagram(edges))
}

// TestMovesOfAProlongation is the same for a server that is paid on. It is never ordered
// without being paid, has no promo code, and is no team's.
func TestMovesOfAProlongation(t *testing.T) {
	results, _, states := moves(t, prolonging())
	for _, state := range purchase.States() {
		switch state {
		case purchase.StateAwaiting, purchase.StatePromoting, purchase.StatePromoApplied, purchase.StatePromoRefused, purchase.StateOrdered, purchase.StateActivating:
			if states[state] {
				t.Errorf("state %s is reached", state)
			}
		default:
			if !states[state] {
				t.Errorf("state %s cannot be reached", state)
			}
		}
	}
	golden(t, "testdata/moves_prolong.txt", "", listing(results))
}

// moves makes every move that can be made of what was opened: what comes of each event in
// each situation, by which events a state follows another, and which are reached.
func moves(t *testing.T, openings ...purchase.Opening) (results map[string]map[string]map[string]bool, edges map[[2]purchase.State]map[string]bool, states map[purchase.State]bool) {
	t.Helper()
	var queue []node
	reached := map[string]bool{}
	reach := func(n node) {
		if shape := n.shape(); !reached[shape] {
			reached[shape] = true
			queue = append(queue, n)
		}
	}
	for _, o := range openings {
		reach(node{purchase.New(o, start), start})
	}
	results = map[string]map[string]map[string]bool{} // situation, event, results
	edges = map[[2]purchase.State]map[string]bool{}
	states = map[purchase.State]bool{}
	for len(queue) > 0 {
		n := queue[0]
		queue = queue[1:]
		situation := n.situation()
		states[n.r.State] = true
		before := text(t, n.r)
		action := purchase.Next(n.r, n.at)
		if action.Kind == purchase.Do && action.Call == "" || action.Kind == purchase.Wait && action.Call == "" {
			t.Fatalf("%s: next is %+v", n.shape(), action)
		}
		kinds := map[string]bool{}
		for _, e := range n.events() {
			kinds[e.kind] = true
			next, err := purchase.Step(n.r, e.event, e.at)
			result := next.State
			outcome := ""
			switch {
			case errors.Is(err, purchase.ErrNoMove):
				outcome = "no move"
			case errors.Is(err, purchase.ErrTooLate):
				outcome = "too late"
			case err != nil:
				t.Fatalf("%s, %s: %v", n.shape(), e.label, err)
			case next.Revision == n.r.Revision:
				outcome = "stays"
			case next.Revision != n.r.Revision+1:
				t.Fatalf("%s, %s: revision %d → %d", n.shape(), e.label, n.r.Revision, next.Revision)
			default:
				outcome = node{r: next}.situation()
			}
			if unmoved := err != nil || outcome == "stays"; unmoved && !reflect.DeepEqual(next, n.r) {
				t.Fatalf("%s, %s: %s, yet it moved\n%s\n%s", n.shape(), e.label, outcome, before, text(t, next))
			} else if !unmoved {
				reach(node{next, e.at})
				if result != n.r.State && e.kind != "restored" {
					put(edges, [2]purchase.State{n.r.State, result}, e.label)
				}
			}
			if results[situation] == nil {
				results[situation] = map[string]map[string]bool{}
			}
			put(results[situation], e.label, outcome)
		}
		if after := text(t, n.r); after != before {
			t.Fatalf("%s: an event changed the record itself\n%s\n%s", n.shape(), before, after)
		}
		if len(kinds) != 11 {
			t.Fatalf("%s: tried only %v", n.shape(), kinds)
		}
	}
	t.Logf("%d shapes", len(reached))
	return results, edges, states
}

func put[K comparable](m map[K]map[string]bool, k K, v string) {
	if m[k] == nil {
		m[k] = map[string]bool{}
	}
	m[k][v] = true
}

// listing writes what comes of each event in each situation; the events with
// the same outcome share a line.
func listing(results map[string]map[string]map[string]bool) string {
	var b strings.Builder
	for _, state := range purchase.States() {
		for _, situation := range slices.Sorted(maps.Keys(results)) {
			if name, _, _ := strings.Cut(situation, ","); strings.Split(name, " ")[0] != string(state) {
				continue
			}
			fmt.Fprintf(&b, "%s\n", situation)
			lines := map[string][]string{}
			for _, label := range slices.Sorted(maps.Keys(results[situation])) {
				outcome := strings.Join(slices.Sorted(maps.Keys(results[situation][label])), " | ")
				lines[outcome] = append(lines[outcome], label)
			}
			for _, outcome := range slices.Sorted(maps.Keys(lines)) {
				fmt.Fprintf(&b, "    → %s\n", outcome)
				for _, label := range lines[outcome] {
					fmt.Fprintf(&b, "        %s\n", label)
				}
			}
			b.WriteString("\n")
		}
	}
	return b.String()
}

// diagram draws the moves between states.
func diagram(edges map[[2]purchase.State]map[string]bool) string {
	var b strings.Builder
	b.WriteString("stateDiagram-v2\n    [*] --> drafted\n    [*] --> awaiting\n")
	order := purchase.States()
	for _, from := range order {
		for _, to := range order {
			labels, ok := edges[[2]purchase.State{from, to}]
			if !ok {
				continue
			}
			fmt.Fprintf(&b, "    %s --> %s: %s\n", from, to, strings.Join(brief(labels), ", "))
		}
		if from.Ended() {
			fmt.Fprintf(&b, "    %s --> [*]\n", from)
		}
	}
	return b.String()
}

// brief shortens the labels of an arrow: of an answer only the call and whether
// it was carried out.
func brief(labels map[string]bool) []string {
	short := map[string]bool{}
	for label := range labels {
		call, result, _ := strings.Cut(label, " ")
		switch {
		case call == "calling":
			short["call "+result] = true
		case call == "decided":
			choice, _, _ := strings.Cut(result, ",")
			short[choice] = true
		case label == "cancelled":
			short["cancel"] = true
		case strings.HasPrefix(label, "tick"):
			short["a day unanswered"] = true
		case purchase.Call(call).Writes():
			if binding := call == "add" || call == "confirm"; !slices.Contains([]string{"ok", "an error", "funds"}, result) &&
				!strings.HasPrefix(result, "not sent") && (binding || !slices.Contains([]string{"denied", "transient", "refused"}, result)) {
				result = "lost"
			}
			short[call+" "+strings.ReplaceAll(result, ":", "")] = true
		case result == "":
			short[call] = true
		default:
			short[call+" read"] = true
		}
	}
	return slices.Sorted(maps.Keys(short))
}

// golden compares text with a file, or with the fenced block of a language in
// it.
func golden(t *testing.T, file, fence, text string) {
	t.Helper()
	b, err := os.ReadFile(file)
	if err != nil && !*rewrite {
		t.Fatalf("golden file: %v", err)
	}
	whole := string(b)
	before, after := "", ""
	held := whole
	if fence != "" {
		var ok bool
		before, held, ok = strings.Cut(whole, "```"+fence+"\n")
		if !ok {
			t.Fatalf("%s has no block of %s", file, fence)
		}
		held, after, _ = strings.Cut(held, "```")
		before, after = before+"```"+fence+"\n", "```"+after
	}
	if held == text {
		return
	}
	if !*rewrite {
		t.Errorf("%s does not hold what is; look at it, then renew it with -rewrite:\n%s", file, text)
		return
	}
	if err := os.WriteFile(file, []byte(before+text+after), 0o644); err != nil {
		t.Fatalf("golden file: %v", err)
	}
}
