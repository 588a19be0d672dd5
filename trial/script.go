package trial

import (
	"cmp"
	"hash/fnv"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/shopspring/decimal"

	"zomrobot/zomro"
	"zomrobot/zomro/profile"
)

// What answers are to show.
const (
	asBefore   As = "before" // that the cart is empty
	asBeside   As = "beside" // whether rows of purchases are in it still, beside which nothing is added
	asForms    As = "forms"
	asPanel    As = "panel"     // whether the panel's cart is ours
	asBad      As = "bad"       // how a field that cannot be is refused
	asAfterBad As = "after-bad" // and whether something was added
	asAdded    As = "added"     // the row of what was added
	asButton   As = "button"    // likewise, of an add with the button
	asListed   As = "listed"    // whether the server is listed as ordered
	asRemoved  As = "removed"   // whether the row has gone that was taken out by its id
	asRemoved2 As = "removed-2" // likewise, by its elid
	asCounted  As = "counted"   // the rows of two
	asNoCart   As = "no-cart"   // how a code is refused on an empty cart
	asPriced   As = "priced"    // the cart before a code
	asUnknown  As = "unknown"   // how a code is refused that nobody has
	asOwn      As = "own"       // the person's own code
	asScope    As = "scope"     // the cart with it
	asTwice    As = "twice"     // the same code once more
	asEmptied  As = "emptied"   // whether all rows have gone
	asKept     As = "kept"      // the cart with another row
	asPoorRow  As = "poor-row"
	asFunds    As = "funds"
	asConfirm  As = "confirm"
	asLook     As = "look" // the last of a whole look for what a confirm did
	asSecond   As = "second"
	asTwo      As = "two" // what a confirm of one of two rows did with the other
	asIn       As = "in"
	asAlive    As = "alive"
	asOut      As = "out"
	asClean    As = "clean"
	asOpen     As = "open" // whether what is to be deleted can be

	asAgainCart  As = "again-cart"
	asAgainFunds As = "again-funds"
)

// script is what an experiment calls, as far as that depends on no answer.
func (run *Run) script() []Move {
	before := Move{CallCart, asBefore}
	switch run.Source {
	case profile.ByRead:
		return []Move{{CallSurvey, asForms}, {CallOldList, asForms}}
	case profile.ByCart:
		return []Move{before, {CallAddBad, asBad}, {CallCart, asAfterBad}, {CallAdd, ""}, {CallCart, asAdded}}
	case profile.ByCount:
		return []Move{before, {CallAddTwo, ""}, {CallCart, asCounted}}
	case profile.ByPromo:
		return append([]Move{before}, run.promoScript()...)
	case profile.ByPoor:
		return []Move{
			before,
			{CallServices, ""},
			{CallCharges, ""},
			{CallOrders, ""},
			{CallAdd, ""},
			{CallCart, asPoorRow},
			{CallBalance, asFunds},
			{CallConfirm, asConfirm},
		}
	case profile.BySession:
		return []Move{{CallLogin, asIn}, {CallKeep, asAlive}, {CallLogout, asOut}}
	case profile.ByTwo:
		return []Move{{CallServices, ""}, {CallBalance, ""}, before, {CallAddSecond, ""}, {CallCart, asSecond}}
	default:
		return nil
	}
}

// beforeConfirm is what a confirm of its own rests on, and that confirm.
func (run *Run) beforeConfirm() []Move {
	all := []Move{{CallServices, ""}, {CallCharges, ""}, {CallOrders, ""}}
	if run.Source == profile.ByBuy {
		return append(all, Move{CallCart, asAgainCart}, Move{CallBalance, asAgainFunds})
	}
	return append(all, Move{CallCart, asPoorRow}, Move{CallBalance, asFunds}, Move{CallConfirm, asConfirm})
}

// anew is what is called next, beginning with what the call rests on that was held back: before
// the first add all that the script reads before it, later the cart.
func (run *Run) anew() []Move {
	held := slices.IndexFunc(run.Todo, func(m Move) bool { return m.Call.Announced() })
	if run.Todo[held].Call == CallConfirm {
		return run.beforeConfirm()
	}
	reads := []Move{{CallCart, asBeside}}
	if run.Added == 0 {
		reads = nil
		for _, m := range run.script() {
			if m.As == asBefore {
				m.As = asBeside
			}
			if m.Call.Fills() {
				break
			}
			if !m.Call.Writes() {
				reads = append(reads, m)
			}
		}
	}
	return append(reads, run.Todo[held:]...)
}

func (run *Run) promoScript() []Move {
	first := CallBadPromo
	if run.Code != "" {
		first = CallPromo
	}
	all := []Move{{first, asNoCart}, {CallAdd, ""}}
	if len(run.Goods) > 1 {
		all = append(all, Move{CallAddSecond, ""})
	}
	all = append(all, Move{CallCart, asPriced}, Move{CallBadPromo, asUnknown})
	if run.Code != "" {
		all = append(all, Move{CallPromo, asOwn}, Move{CallCart, asScope})
	}
	return all
}

// lookAgain is what is called in a stage again and again.
func lookAgain(s Stage) []Move {
	if s == Deleting {
		return []Move{{CallServices, asOpen}}
	}
	if s == Looking {
		return []Move{{CallServices, ""}, {CallBalance, ""}, {CallCart, ""}, {CallCharges, ""}, {CallOrders, asLook}}
	}
	return []Move{{CallCart, asClean}}
}

// ServerName is how the server of one of the goods is called. It is its own: no other
// experiment has it.
func (run Run) ServerName(n int) string {
	return "trial-" + strconv.FormatInt(run.Begun.Unix(), 36) + run.Tag + "-" + strconv.Itoa(n+1)
}

// NeedsAccount reports whether something would be left unfinished without the account: an experiment
// that was agreed to, or a server that is to be deleted.
func (r Record) NeedsAccount() bool {
	for _, run := range []*Run{r.Running, r.Idle} {
		if run != nil && run.Stage != Preparing && run.Stage != Consenting {
			return true
		}
	}
	there := func(s Server) bool { return !s.Gone && !s.Kept && !s.Missing }
	for _, end := range r.Done {
		if slices.ContainsFunc(end.Servers, there) {
			return true
		}
	}
	return slices.ContainsFunc(r.Beside, there)
}

// LeftBehind are the servers that the trial has ordered at any time, by their names, and that
// are there still, but for what the experiment under way has bought. They show what an
// older copy of the store knows nothing of.
func (r Record) LeftBehind(services []zomro.Service) []Server {
	var all []Server
	for _, s := range services {
		name := cmp.Or(s.ServerName, s.Name)
		parts := strings.Split(name, "-")
		if len(parts) < 3 || parts[0] != "trial" || !strings.HasSuffix(parts[1], tag(r.ID)) || parts[1] == tag(r.ID) ||
			s.Status == zomro.StatusDeleted || s.Status == zomro.StatusOrdered || r.has(s.ID, name) {
			continue
		}
		all = append(all, Server{ID: s.ID, Name: name})
	}
	return all
}

// has reports whether a server is that of the experiment under way, or is known to be deleted.
func (r Record) has(id, name string) bool {
	if r.Running != nil && (strings.HasPrefix(name, r.Running.ServerName(0)) || strings.HasPrefix(name, r.Running.ServerName(1))) {
		return true
	}
	for _, end := range r.Done {
		if slices.ContainsFunc(end.Servers, func(s Server) bool { return s.ID == id && s.Gone }) {
			return true
		}
	}
	return false
}

// tag tells experiments of two trials apart that were begun in the same second.
func tag(id string) string {
	h := fnv.New32a()
	_, _ = h.Write([]byte(id)) // it never fails
	return strconv.FormatUint(uint64(h.Sum32()), 36)
}

// of is which of its goods a call adds.
func (run *Run) of(c Call) int {
	if (c == CallAddSecond || run.Source == profile.ByTwo) && len(run.Goods) > 1 {
		return 1
	}
	return 0
}

// added are the goods that the experiment itself puts into the cart.
func (run *Run) added() []Goods {
	if run.Source == profile.ByTwo && len(run.Goods) > 1 {
		return run.Goods[1:]
	}
	return run.Goods
}

// split returns the rows of the cart that are the experiment's own, which alone it takes out,
// and all others. Its own are those that an answer named, and those that [Run.recognise] has
// taken for its own; never one that a purchase names.
func (run *Run) split() (mine, others []zomro.CartItem) {
	for _, row := range run.Now.Cart {
		if run.named(row) || run.kin(row) {
			mine = append(mine, row)
		} else {
			others = append(others, row)
		}
	}
	return mine, others
}

// left returns the rows of the cart that may be the experiment's own, and those that are not.
// The former are, beside its own, those that were not there before and are called what it
// has added and not seen yet; in an older copy, what it adds.
func (run *Run) left() (own, others []zomro.CartItem) {
	own, rest := run.split()
	for _, row := range rest {
		if run.doubtful(row) {
			own = append(own, row)
		} else {
			others = append(others, row)
		}
	}
	return own, others
}

// LeftInCart are the ids of the rows that experiments of the trial have left in the cart, as they
// ended.
func (r Record) LeftInCart() []string {
	var all []string
	for _, source := range Experiments() {
		for _, row := range r.Done[source].Left {
			all = append(all, rowID(row))
		}
	}
	return all
}

// InCart are the ids of the rows that are certainly those of the experiment under way.
func (r Record) InCart() []string {
	if r.Running == nil {
		return nil
	}
	return slices.Concat(r.Running.Lines, r.Running.Kin)
}

// Looked is when the last look at the cart was begun, and the ids of the rows in it that are not
// the experiment's own; zero: none is under way, or the cart could not be read.
func (r Record) Looked() (at time.Time, others []string) {
	run := r.Running
	if run == nil || run.Now.Cart == nil {
		return time.Time{}, nil
	}
	_, rows := run.split()
	for _, row := range rows {
		others = append(others, row.ID, row.Elid)
	}
	return run.Asked, slices.DeleteFunc(others, func(id string) bool { return id == "" })
}

// Adding reports whether a call is under way that may put something into the cart.
func (r Record) Adding() bool { return r.Running != nil && r.Running.InFlight.Fills() }

// Paying reports whether a confirm of the trial's own is under way; doubts: what it has done is
// looked for.
func (r Record) Paying() (paying, doubts bool) {
	if r.Running == nil {
		return false, false
	}
	return r.Running.InFlight == CallConfirm, r.Running.Stage == Looking
}

// doubtful reports whether a row may be its own, and that is not certain.
func (run *Run) doubtful(row zomro.CartItem) bool {
	if !run.fresh(row) || run.theirs(row) {
		return false
	}
	if run.Older && slices.ContainsFunc(run.added(), func(g Goods) bool { return called(row, g) }) {
		return true
	}
	return slices.ContainsFunc(run.Owed, func(of int) bool { return called(row, run.Goods[of]) })
}

// named reports whether an answer named a row.
func (run *Run) named(row zomro.CartItem) bool {
	return slices.ContainsFunc(run.Lines, row.Is) && !run.theirs(row)
}

// kin reports whether a row that no answer named was taken for its own.
func (run *Run) kin(row zomro.CartItem) bool {
	return slices.Contains(run.Kin, rowID(row)) && !run.theirs(row)
}

// theirs reports whether an open purchase names a row.
func (run *Run) theirs(row zomro.CartItem) bool { return slices.ContainsFunc(run.Theirs, row.Is) }

func rowID(row zomro.CartItem) string { return cmp.Or(row.ID, row.Elid) }

// recognise takes in which rows of the cart are its own. A row that an answer named is. Of
// others as many are as were added and not seen yet, and only where nothing else can be
// meant: one that is like the row that was named and was shown at once with it, or has come
// later where that one costs too little for all that was ordered; and where no row was named,
// the only one that was not there before whose name, period and price are those of what was
// added. In an older copy none of these is: anybody may have put it there since.
func (run *Run) recognise() {
	first := false // the look shows a row that was named for the first time
	for _, row := range run.Now.Cart {
		i := slices.IndexFunc(run.Lines, row.Is)
		if i < 0 || run.theirs(row) || slices.Contains(run.Shown, run.Lines[i]) {
			continue
		}
		run.Shown = append(run.Shown, run.Lines[i])
		if run.Model == nil {
			model := row
			run.Model = &model
		}
		first = true
		if i < len(run.Of) {
			run.settle(row, run.Of[i])
		}
	}
	if run.Older {
		return
	}
	for _, of := range slices.Compact(slices.Sorted(slices.Values(run.Owed))) {
		like, most := run.like(of, first)
		if len(like) == 0 || len(like) > most {
			continue
		}
		for _, row := range like {
			run.Kin = append(run.Kin, rowID(row))
			run.settle(row, of)
		}
		run.Late = run.Late || run.Model != nil && !first
	}
}

// like returns the rows that can be meant by what was added of one of the goods and not seen
// yet, and how many of them there may be at most: with more, nobody can tell which.
func (run *Run) like(of int, first bool) (rows []zomro.CartItem, most int) {
	model, most := run.Model, 1
	switch {
	case model == nil || !called(*model, run.Goods[of]):
		model = nil
	case first:
		most = run.owed(of)
	case !costs(*model, run.Goods[of].Price, 1): // it may be all that was ordered
		return nil, 0
	}
	for _, row := range run.Now.Cart {
		if run.named(row) || run.kin(row) || run.theirs(row) || !run.fresh(row) {
			continue
		}
		if model != nil && same(row, *model) || model == nil && run.fits(row, of) {
			rows = append(rows, row)
		}
	}
	return rows, most
}

// settle: a row stands for one that was added of a goods or, by its price, for all of them.
func (run *Run) settle(row zomro.CartItem, of int) {
	all := run.owed(of)
	whole := all > 1 && costs(row, run.Goods[of].Price, all)
	for found := false; ; found = true {
		i := slices.Index(run.Owed, of)
		if i < 0 || found && !whole {
			return
		}
		run.Owed = slices.Delete(run.Owed, i, i+1)
	}
}

// owed is how many rows of one of the goods were added and not seen yet.
func (run *Run) owed(of int) int {
	n := 0
	for _, other := range run.Owed {
		if other == of {
			n++
		}
	}
	return n
}

// fits reports whether name, period and price of a row are those of goods, or the price is
// that of all that were added of them.
func (run *Run) fits(row zomro.CartItem, of int) bool {
	g := run.Goods[of]
	period, told := zomro.PeriodOf(row.Period)
	return called(row, g) && told && period == g.Period && (costs(row, g.Price, 1) || costs(row, g.Price, run.owed(of)))
}

// costs reports whether a row costs exactly n times a price.
func costs(row zomro.CartItem, price zomro.Money, n int) bool {
	return row.Cost != nil && row.Cost.Currency == price.Currency && row.Cost.Amount.Equal(price.Amount.Mul(decimal.NewFromInt(int64(n))))
}

// same reports whether two rows are of the same order.
func same(a, b zomro.CartItem) bool {
	return a.Name == b.Name && a.Period == b.Period && (a.Cost == nil) == (b.Cost == nil) && (a.Cost == nil || costs(a, *b.Cost, 1))
}

// unshown reports whether an answer named a row that the cart has not shown yet: it may show
// it late.
func (run *Run) unshown() bool {
	return slices.ContainsFunc(run.Lines, func(line string) bool { return !slices.Contains(run.Shown, line) })
}

// fresh reports whether a row was not there before.
func (run *Run) fresh(row zomro.CartItem) bool {
	return run.Before != nil && run.Before.Cart != nil &&
		!slices.ContainsFunc(run.Before.Cart, func(was zomro.CartItem) bool { return was.ID == row.ID && was.Elid == row.Elid })
}

// called reports whether a row is called what was ordered [g].
func called(row zomro.CartItem, g Goods) bool {
	title := strings.ToLower(strings.TrimSpace(g.Title))
	return title != "" && strings.Contains(strings.ToLower(row.Name), title)
}

func (run *Run) mine() []zomro.CartItem {
	mine, _ := run.split()
	return mine
}

// target is the row that is taken out next.
func (run *Run) target() zomro.CartItem {
	if mine := run.mine(); len(mine) > 0 {
		return mine[0]
	}
	return zomro.CartItem{}
}

// pays is the line item that its own confirm names.
func (run *Run) pays() string {
	if run.Line != "" {
		return run.Line
	}
	if len(run.Lines) > 0 {
		return run.Lines[len(run.Lines)-1]
	}
	return ""
}

// mayConfirm reports whether a confirm can certainly not be paid: balance and credit, read
// just now, are at most half of the price, as it was agreed and as the cart says it, or of
// what the same has cost just before; and nothing else is in the cart.
func (run *Run) mayConfirm(now time.Time) bool {
	if len(run.Goods) == 0 || run.pays() == "" || run.Ending != "" || now.Sub(run.Now.At) > funds || !run.whole() ||
		!TooDear(run.Now.Balance, &run.Goods[0].Price) {
		return false
	}
	mine, others := run.split()
	switch run.Source {
	case profile.ByPoor:
		return len(others) == 0 && len(mine) == 1 && mine[0].Is(run.pays()) && TooDear(run.Now.Balance, run.Now.Total)
	case profile.ByBuy:
		return len(run.Now.Cart) == 0 && run.Line != "" && TooDear(run.Now.Balance, run.Paid)
	default:
		return false
	}
}

// reread has the balance read anew before a confirm that rests on one that is too old.
func (run *Run) reread(now time.Time) {
	if run == nil || run.InFlight != "" || len(run.Todo) == 0 || run.Todo[0].Call != CallConfirm || run.mayConfirm(now) {
		return
	}
	as := asFunds
	if run.Source == profile.ByBuy {
		as = asAgainFunds
	}
	run.Todo = []Move{{CallBalance, as}, {CallConfirm, asConfirm}}
}

// whole reports whether all was seen that tells what a confirm did.
func (run *Run) whole() bool {
	n := run.Now
	return n.Services != nil && n.Balance != nil && n.Cart != nil && n.Charges != nil && n.Orders != nil
}

// looking begins to look for what a confirm did.
func (r *Record) looking(run *Run, now time.Time) {
	run.move(Looking, now)
	run.Now.Services, run.Now.Balance, run.Now.Cart, run.Now.Charges, run.Now.Orders = nil, nil, nil, nil, nil
	run.Todo = lookAgain(Looking)
}

// signs are what suggests, against what was there just before a confirm, that it bought
// something.
func (run *Run) signs() []Sign {
	var all []Sign
	was, is := run.Stood, run.Now
	if was == nil {
		return []Sign{SignUnseen}
	}
	if len(fresh(was.Services, is.Services)) > 0 {
		all = append(all, SignService)
	}
	if is.Balance != nil && (is.Balance.Real.Currency != was.Balance.Real.Currency || is.Balance.Real.Amount.LessThan(was.Balance.Real.Amount)) {
		all = append(all, SignBalance)
	}
	if len(news(was.Charges, is.Charges)) > 0 {
		all = append(all, SignCharge)
	}
	if run.Line == "" && is.Cart != nil && len(news(was.Orders, is.Orders)) == 0 &&
		!slices.ContainsFunc(is.Cart, func(row zomro.CartItem) bool { return row.Is(run.pays()) }) {
		all = append(all, SignRow)
	}
	return all
}

// charged is how much less one balance is than another; nil: it is not less, or that cannot
// be told.
func charged(was, is *zomro.Balance) *zomro.Money {
	if was == nil || is == nil || was.Real.Currency != is.Real.Currency || !is.Real.Amount.LessThan(was.Real.Amount) {
		return nil
	}
	return &zomro.Money{Amount: was.Real.Amount.Sub(is.Real.Amount), Currency: was.Real.Currency}
}

// fresh are the servers that are there, and not merely ordered, and were not so before.
func fresh(was, is []zomro.Service) []zomro.Service {
	return slices.DeleteFunc(slices.Clone(is), func(s zomro.Service) bool {
		return s.Status == zomro.StatusOrdered || slices.ContainsFunc(was, func(old zomro.Service) bool {
			return old.ID == s.ID && old.Status != zomro.StatusOrdered
		})
	})
}

// unasked names servers that may have been bought unasked.
func (run *Run) unasked(all ...zomro.Service) {
	for _, s := range all {
		if !slices.ContainsFunc(run.Unasked, func(known Server) bool { return known.ID == s.ID }) {
			run.Unasked = append(run.Unasked, Server{ID: s.ID, Name: cmp.Or(s.ServerName, s.Name)})
		}
	}
}

// news are the elements of is that are not in was.
func news(was, is []string) []string {
	return slices.DeleteFunc(slices.Clone(is), func(id string) bool { return slices.Contains(was, id) })
}
