package trial

import (
	"cmp"
	"slices"
	"strings"
	"time"

	"zomrobot/zomro"
	"zomrobot/zomro/profile"
)

// saw keeps a lesson.
func (run *Run) saw(fact profile.Name, answer profile.Answer, word string) {
	l := profile.Lesson{Fact: fact, Answer: answer, Word: word}
	if !slices.Contains(run.Lessons, l) {
		run.Lessons = append(run.Lessons, l)
	}
}

// learn takes in what an answer shows, and goes on as it has to.
func (r *Record) learn(run *Run, as As, e Answered, now time.Time) {
	switch as {
	case asForms:
		run.Lessons = append(run.Lessons, e.Lessons...)
	case asPanel:
		r.learnPanel(run, e, now)
	case asBad, asAfterBad, asAdded, asButton, asListed, asRemoved, asRemoved2, asCounted:
		r.learnRow(run, as, e, now)
	case asNoCart, asPriced, asUnknown, asOwn, asScope, asTwice, asEmptied, asKept:
		r.learnPromo(run, as, e, now)
	case asBefore:
		if len(run.Now.Cart) > 0 {
			r.fail(run, Failure{Code: CodeForeign}, now)
			return
		}
		before := run.Now
		run.Before = &before
	case asBeside:
		r.lookedBeside(run, now)
	case asPoorRow, asFunds, asAgainCart, asAgainFunds, asConfirm, asLook:
		r.learnPoor(run, as, e, now)
	case asSecond, asTwo:
		r.learnTwo(run, as, now)
	case asIn:
		run.NextAt = now.Add(idle)
		run.Since = now
	case asAlive:
		run.alive(e)
	case asOut:
		r.end(run, cmp.Or(run.Ending, Done), now)
	case asClean:
		r.clean(run, now)
	case asOpen:
		r.opened(run, now)
	default:
	}
}

// lookedBeside takes in a look at the cart after an add was held back: it waits on while rows of
// purchases are there.
func (r *Record) lookedBeside(run *Run, now time.Time) {
	switch {
	case run.Ending != "":
	case slices.ContainsFunc(run.Now.Cart, run.theirs):
		r.heldBack(run, now)
	case run.Added == 0 && len(run.Now.Cart) > 0:
		r.fail(run, Failure{Code: CodeForeign}, now)
	case run.Added == 0:
		before := run.Now
		run.Before = &before
	}
}

// learnPanel: the person has put a plan into the panel's cart.
func (r *Record) learnPanel(run *Run, e Answered, now time.Time) {
	put := slices.ContainsFunc(run.Now.Cart, func(row zomro.CartItem) bool { return !run.theirs(row) && !r.hasLeft(row) })
	switch {
	case e.Failure != nil:
	case !put && run.Looks < mostLooks: // it can be shown late
		run.Looks++
		run.Todo, run.NextAt = []Move{{CallCart, asPanel}}, now.Add(between)
		return
	case !put:
		run.saw(profile.PanelCart, profile.Apart, "")
	default:
		run.saw(profile.PanelCart, profile.Shared, "")
		r.sawCart(run)
	}
	r.end(run, Done, now)
}

// hasLeft reports whether an earlier experiment may have left a row in the cart.
func (r *Record) hasLeft(row zomro.CartItem) bool {
	for _, end := range r.Done {
		if slices.ContainsFunc(end.Left, func(left zomro.CartItem) bool { return row.Is(rowID(left)) }) {
			return true
		}
	}
	return false
}

// sawCart learns from a cart in which there are rows.
func (r *Record) sawCart(run *Run) {
	rows := run.Now.Cart
	total, form := run.Now.Total, profile.AsRead
	sum := zomro.Money{}
	summed := true
	for i, row := range rows {
		if row.ID == "" || row.Name == "" || row.Period == "" || row.Cost == nil || total == nil {
			form = profile.Otherwise
		}
		switch {
		case row.Cost == nil, i > 0 && row.Cost.Currency != sum.Currency:
			summed = false
		case i == 0:
			sum = *row.Cost
		default:
			sum.Amount = sum.Amount.Add(row.Cost.Amount)
		}
	}
	run.saw(profile.CartFields, form, "")
	if !summed || run.Saved != nil {
		return
	}
	if total == nil || total.Currency != sum.Currency {
		run.saw(profile.CartTotal, profile.Other, "")
		return
	}
	r.reckons(sum, *total)
	switch total.Amount.Cmp(sum.Amount) {
	case 0:
		run.saw(profile.CartTotal, profile.Sum, "")
	case 1:
		run.saw(profile.CartTotal, profile.WithTax, "")
	default:
		run.saw(profile.CartTotal, profile.Less, "")
	}
}

// learnRow: a row comes into the cart, and goes.
func (r *Record) learnRow(run *Run, as As, e Answered, now time.Time) {
	mine := run.mine()
	switch as {
	case asBad:
		switch f := e.Failure; {
		case f == nil, f.Heard && f.Code == "" && f.Message == "":
			run.saw(profile.BadField, profile.None, "")
		case f.Code == string(profile.Value):
			run.saw(profile.BadField, profile.Value, "")
		case f.Code != "" && !f.Unsent:
			run.saw(profile.BadField, profile.Other, f.Code)
		}
	case asAfterBad:
		if len(mine) > 0 || len(run.Now.Cart) > 0 {
			r.finish(run, now)
			return
		}
		if !run.Unsure {
			run.Added, run.Owed = 0, nil
		}
	case asAdded:
		switch {
		case len(mine) == 0 && len(run.Lines) == 0 && !run.Unsure:
			run.Owed = nil // it was refused, and did nothing
			run.Todo = []Move{{CallAddButton, ""}, {CallCart, asButton}}
		case len(mine) != 1:
			r.fail(run, Failure{Code: CodeNoRow}, now)
		default:
			run.saw(profile.Button, profile.Unneeded, "")
			r.sawRow(run, mine[0])
		}
	case asButton:
		if len(mine) != 1 {
			r.fail(run, Failure{Code: CodeNoRow}, now)
			return
		}
		run.saw(profile.Button, profile.Needed, "")
		r.sawRow(run, mine[0])
	case asListed:
		run.sawListed()
	case asRemoved, asRemoved2:
		run.sawRemoved(as, mine)
	case asCounted:
		answer := profile.Other
		switch len(mine) {
		case 0:
			r.fail(run, Failure{Code: CodeNoRow}, now)
			return
		case 1:
			if now.Before(run.Sent.Add(late)) { // another can be shown late
				run.Looks++
				run.Todo, run.NextAt = []Move{{CallCart, asCounted}}, now.Add(between)
				return
			}
			answer = profile.One
		case 2:
			answer = profile.Each
		}
		if doubted := slices.ContainsFunc(run.Now.Cart, func(row zomro.CartItem) bool { return !run.named(row) && !run.kin(row) && run.doubtful(row) }); !run.Unsure && !run.Late && !doubted {
			run.saw(profile.Rows, answer, "")
		}
		r.sawCart(run)
	default:
	}
}

// sawRow learns from the row of what was added, and goes on to take it out.
func (r *Record) sawRow(run *Run, row zomro.CartItem) {
	if len(run.Lines) > 0 {
		line := run.Lines[len(run.Lines)-1]
		switch {
		case row.ID == line && row.Elid == line:
			run.saw(profile.LineItem, profile.Both, "")
		case row.ID == line:
			run.saw(profile.LineItem, profile.ID, "")
		case row.Elid == line:
			run.saw(profile.LineItem, profile.Elid, "")
		default:
			run.saw(profile.LineItem, profile.Other, "")
		}
	}
	r.sawCart(run)
	run.Todo = []Move{{CallServices, asListed}, {CallRemove, ""}, {CallCart, asRemoved}}
}

func (run *Run) sawListed() {
	name := run.ServerName(0)
	listed := profile.Unlisted
	if slices.ContainsFunc(run.Now.Services, func(s zomro.Service) bool { return s.Name == name || s.ServerName == name }) {
		listed = profile.Listed
	}
	run.saw(profile.ListedInCart, listed, "")
}

// sawRemoved learns by what a row is taken out.
func (run *Run) sawRemoved(as As, mine []zomro.CartItem) {
	gone := len(mine) == 0
	switch {
	case gone && as == asRemoved:
		run.saw(profile.RemoveBy, profile.ID, "")
	case gone:
		run.saw(profile.RemoveBy, profile.Elid, "")
	case as == asRemoved:
		run.Todo = []Move{{CallRemoveBy, ""}, {CallCart, asRemoved2}}
	default:
		run.saw(profile.RemoveBy, profile.Other, "")
	}
}

// refusal is what a code was answered with; false: with nothing that can be told.
func refusal(f *Failure) (answer profile.Answer, word string, clear bool) {
	switch {
	case f == nil:
		return profile.None, "", true
	case f.Unsent || f.Code == "" || f.Kind == zomro.Transient || f.Kind == zomro.Denied:
		return "", "", false
	case f.Code == zomro.CodeMissed:
		return profile.Missed, "", true
	case f.Code == zomro.CodePromoNotUsed:
		return profile.NotUsable, "", true
	default:
		return profile.Other, f.Code, true
	}
}

// learnPromo: codes are applied.
func (r *Record) learnPromo(run *Run, as As, e Answered, now time.Time) {
	answer, word, clear := refusal(e.Failure)
	mine, others := run.split()
	switch as {
	case asNoCart:
		switch { // that nobody has the code says nothing of the cart
		case clear && answer == profile.Missed:
			run.Missed = run.Code != ""
		case clear:
			run.saw(profile.PromoNoCart, answer, word)
		}
	case asOwn:
		if e.Failure == nil && run.Missed {
			run.saw(profile.PromoNoCart, profile.Missed, "")
		}
	case asPriced:
		if len(mine) != len(run.Goods) || len(others) > 0 {
			r.fail(run, Failure{Code: CodeNoRow}, now)
			return
		}
		plain := run.Now
		run.Plain = &plain
		r.sawCart(run)
	case asUnknown:
		if clear {
			run.saw(profile.PromoUnknown, answer, word)
		}
	case asScope:
		run.sawScope(mine)
		if run.Saved != nil {
			run.Todo = []Move{{CallPromo, asTwice}, {CallRemove, ""}, {CallCart, asEmptied}}
		}
	case asTwice:
		if clear {
			run.saw(profile.PromoTwice, answer, word)
		}
	case asEmptied:
		switch {
		case len(mine) == 0 && len(others) == 0:
			run.Todo = []Move{{CallAdd, ""}, {CallCart, asKept}}
		case len(mine) == 0, run.Removals >= mostRemovals:
			r.finish(run, now)
		default:
			run.Todo = []Move{run.removal(), {CallCart, asEmptied}}
		}
	case asKept:
		run.sawKept(mine)
	default:
	}
}

// removal takes a row out by its id and, where that did not do, by its elid.
func (run *Run) removal() Move {
	row := run.target()
	if row.ID == run.Taken && !run.ByElid {
		return Move{CallRemoveBy, ""}
	}
	return Move{CallRemove, ""}
}

// sawScope learns what a code was applied to, by what has become cheaper.
func (run *Run) sawScope(mine []zomro.CartItem) {
	was, is := run.Plain.Total, run.Now.Total
	if was == nil || is == nil || was.Currency != is.Currency || !is.Amount.LessThan(was.Amount) {
		return // it is not seen to have done anything
	}
	run.Saved = is
	if len(mine) < 2 {
		return
	}
	lower := 0
	for _, row := range mine {
		i := slices.IndexFunc(run.Plain.Cart, func(old zomro.CartItem) bool { return old.ID == row.ID && old.Elid == row.Elid })
		if i < 0 || row.Cost == nil || run.Plain.Cart[i].Cost == nil {
			return
		}
		if row.Cost.Amount.LessThan(run.Plain.Cart[i].Cost.Amount) {
			lower++
		}
	}
	switch lower {
	case 0: // the total alone
		run.saw(profile.PromoScope, profile.Other, "")
	case len(mine):
		run.saw(profile.PromoScope, profile.WholeCart, "")
	default:
		run.saw(profile.PromoScope, profile.Row, "")
	}
}

// sawKept learns whether the code outlives the rows, by what the first of the goods costs
// without them.
func (run *Run) sawKept(mine []zomro.CartItem) {
	if len(mine) != 1 || run.Now.Total == nil || len(run.Goods) == 0 {
		return
	}
	plain := run.Plain.Total
	if len(run.Plain.Cart) > 1 {
		plain = nil
		for _, row := range run.Plain.Cart {
			if called(row, run.Goods[0]) && !called(row, run.Goods[1]) {
				plain = row.Cost
			}
		}
	}
	switch {
	case plain == nil || plain.Currency != run.Now.Total.Currency:
	case run.Now.Total.Amount.LessThan(plain.Amount):
		run.saw(profile.PromoKept, profile.Kept, "")
	case run.Now.Total.Amount.Equal(plain.Amount):
		run.saw(profile.PromoKept, profile.Dropped, "")
	}
}

// learnPoor: a confirm is made that cannot be paid, and what it did is looked for.
func (r *Record) learnPoor(run *Run, as As, e Answered, now time.Time) {
	mine, others := run.split()
	switch as {
	case asPoorRow:
		switch {
		case len(others) > 0:
			r.fail(run, Failure{Code: CodeForeign}, now)
		case len(mine) != 1 || len(run.Lines) == 0 || !mine[0].Is(run.pays()):
			r.fail(run, Failure{Code: CodeNoRow}, now)
		default:
			r.sawCart(run)
		}
	case asFunds:
		if !run.mayConfirm(now) {
			r.fail(run, Failure{Code: CodeChanged, Object: string(WhyRich)}, now)
		}
	case asAgainCart:
		if len(run.Now.Cart) > 0 {
			run.Todo = nil // then it is not tried
		}
	case asAgainFunds:
		run.Todo = nil
		if run.mayConfirm(now) {
			run.Todo = []Move{{CallConfirm, asConfirm}}
		}
	case asConfirm:
		run.Replied, run.Reply = true, e.Failure
		r.looking(run, now)
	case asLook:
		r.lookedForConfirm(run, now)
	default:
	}
}

// lookedForConfirm judges a whole look for what a confirm did. Once something suggests that it
// bought anything, that is an alarm; then it is looked on until what it bought and took is
// seen, as long as without one.
func (r *Record) lookedForConfirm(run *Run, now time.Time) {
	for _, sign := range run.signs() {
		if !slices.Contains(run.Saw, sign) {
			run.Saw = append(run.Saw, sign)
		}
	}
	if was := run.Stood; was != nil {
		run.unasked(fresh(was.Services, run.Now.Services)...)
		if lost := charged(was.Balance, run.Now.Balance); lost != nil {
			run.Lost = lost
		}
	}
	if len(run.Saw) > 0 {
		run.Ending = Alarm
	}
	seen := run.Now.Services != nil && run.Now.Balance != nil && run.Now.Cart != nil
	all := slices.Contains(run.Saw, SignService) && slices.Contains(run.Saw, SignBalance)
	switch since := now.Sub(run.Confirmed); {
	case len(run.Saw) > 0 && (all || since >= looks):
		r.finish(run, now)
	case !seen && since >= unseen:
		run.Saw, run.Ending = []Sign{SignUnseen}, Alarm
		r.finish(run, now)
	case !seen || since < looks || !run.Replied && since < looks+late:
		run.Todo, run.NextAt = lookAgain(Looking), now.Add(between)
	default:
		run.sawConfirm()
		r.rid(run, now)
	}
}

// sawConfirm learns from a confirm that bought nothing.
func (run *Run) sawConfirm() {
	if run.Now.Orders != nil && run.Stood.Orders != nil && run.Source == profile.ByPoor {
		left := profile.None
		if len(news(run.Stood.Orders, run.Now.Orders)) > 0 {
			left = profile.Unpaid
		}
		run.saw(profile.PoorLeft, left, "")
	}
	if !run.Replied {
		return
	}
	fact := profile.PoorError
	if run.Source == profile.ByBuy {
		fact = profile.ConfirmAgain
	}
	switch f := run.Reply; {
	case f == nil:
		run.saw(fact, profile.None, "")
	case f.Code == string(profile.NotEnough):
		run.saw(fact, profile.NotEnough, f.Code)
	case f.Money:
		run.saw(fact, profile.Amount, f.Code)
	case f.Code == zomro.CodeMissed && fact == profile.ConfirmAgain:
		run.saw(fact, profile.Missed, "")
	case f.Code != "" && f.Kind != zomro.Denied:
		run.saw(fact, profile.Other, f.Code)
	}
}

// learnTwo: two rows, of which a purchase pays one.
func (r *Record) learnTwo(run *Run, as As, now time.Time) {
	mine, others := run.split()
	if as == asSecond {
		if len(mine) != 1 || len(others) > 0 || len(run.Lines) == 0 {
			r.fail(run, Failure{Code: CodeNoRow}, now)
			return
		}
		r.sawCart(run)
		goods, row, total := run.Goods[1], mine[0].Cost, run.Now.Total
		if row == nil || total == nil || row.Currency != goods.Most.Currency || total.Currency != goods.Most.Currency {
			r.fail(run, Failure{Code: CodeUnpriced}, now)
			return
		}
		r.compares(*row, goods.Price)
		if !within(row, goods.Most) || !within(total, goods.Most) {
			r.fail(run, Failure{Code: CodePrice}, now)
			return
		}
		run.Second = &Cost{Cart: *run.Now.Total, Row: mine[0].Cost}
		return
	}
	name := run.ServerName(1)
	i := slices.IndexFunc(run.Now.Services, func(s zomro.Service) bool {
		return (strings.HasPrefix(s.Name, name) || strings.HasPrefix(s.ServerName, name)) && s.Status != zomro.StatusOrdered // the vendor may add to it
	})
	paid := run.Failure == nil || run.Failure.Code != CodePurchase
	if lost := charged(run.Before.Balance, run.Now.Balance); lost != nil && !paid {
		run.Lost = lost
	}
	if paid {
		r.weigh(run, name)
	}
	switch {
	case i >= 0 && !paid:
		run.unasked(run.Now.Services[i])
		run.Saw, run.Ending = []Sign{SignService}, Alarm
	case i >= 0:
		s := run.Now.Services[i]
		second := Server{ID: s.ID, Name: s.Name}
		if run.Second != nil {
			second.Cost = &Cost{Cart: run.Second.Cart, Row: run.Second.Row, Seen: now}
		}
		run.own(second)
		switch {
		case run.leftByPurchase(others): // the confirm has paid the other row in its place
			run.Lines, run.Of = append(run.Lines, run.Line), append(run.Of, 0)
		case len(mine) == 0:
			run.saw(profile.ConfirmScope, profile.WholeCart, "")
		}
	case len(mine) > 0:
		if paid {
			run.saw(profile.ConfirmScope, profile.Row, "")
		}
	case now.Sub(run.Since) < unseen && paid: // a server can come late
		run.Todo, run.NextAt = []Move{{CallServices, ""}, {CallBalance, ""}, {CallCart, asTwo}}, now.Add(between)
		return
	case paid:
		run.Saw, run.Ending = []Sign{SignRow}, Alarm
	}
	r.rid(run, now)
}

// weigh compares what the balance has lost with the amount that was agreed to, and names the
// servers that are there and that nothing was to be paid for. What was taken beyond the amount is
// asked for next time, unless it may have gone for these servers.
func (r *Record) weigh(run *Run, name string) {
	if run.Before.Services != nil && run.Now.Services != nil {
		run.unasked(slices.DeleteFunc(fresh(run.Before.Services, run.Now.Services), func(s zomro.Service) bool {
			own := strings.HasPrefix(s.Name, name) || strings.HasPrefix(s.ServerName, name)
			return own || slices.ContainsFunc(run.Servers, func(of Server) bool { return of.ID == s.ID })
		})...)
	}
	lost := charged(run.Before.Balance, run.Now.Balance)
	if lost == nil || run.Cost == nil || within(lost, *run.Cost) {
		return
	}
	run.Lost = lost
	if run.Failure != nil { // it was compared before, or something worse is known
		return
	}
	run.Failure = &Failure{Code: CodeTaken}
	if run.Ending == "" {
		run.Ending = Failed
	}
	if len(run.Unasked) == 0 {
		r.took(*lost, *run.Cost)
	}
}

// leftByPurchase reports whether the row that the purchase was to pay is in the cart still.
func (run *Run) leftByPurchase(rows []zomro.CartItem) bool {
	return run.Line != "" && slices.ContainsFunc(rows, func(row zomro.CartItem) bool { return row.Is(run.Line) })
}

// own adds a server that was bought, unless it is known.
func (run *Run) own(s Server) {
	i := slices.IndexFunc(run.Servers, func(known Server) bool { return known.ID == s.ID })
	if i < 0 {
		run.Servers = append(run.Servers, s)
	} else if run.Servers[i].Cost == nil {
		run.Servers[i].Cost = s.Cost
	}
}

// alive learns whether a session lives that was not used for an hour.
func (run *Run) alive(e Answered) {
	switch {
	case e.Failure == nil && run.Sent.Sub(run.Since) >= idle:
		run.saw(profile.SessionIdle, profile.Alive, "")
	case e.Failure != nil && e.Failure.Kind == zomro.Denied && !e.Failure.Unsent && run.Sent.Sub(run.Since) <= hour:
		run.saw(profile.SessionIdle, profile.Ended, "")
	}
}

// opened has what was bought deleted once the vendor is done with it: before, it refuses that.
// What is listed only now is found by its name.
func (r *Record) opened(run *Run, now time.Time) {
	waits := len(run.Servers) == 0
	for _, s := range run.Now.Services {
		known := slices.ContainsFunc(run.Servers, func(of Server) bool { return of.ID == s.ID })
		if !known && s.Status != zomro.StatusOrdered && s.Status != zomro.StatusDeleted && strings.HasPrefix(cmp.Or(s.ServerName, s.Name), run.ServerName(0)) {
			run.own(Server{ID: s.ID, Name: cmp.Or(s.ServerName, s.Name)})
			known, waits = true, false
		}
		waits = waits || known && s.InWork()
	}
	switch {
	case !waits && run.deletes(Action{}).Kind == Rest:
		r.end(run, run.Ending, now)
	case !waits:
	case now.Sub(run.Since) < opening:
		run.Todo, run.NextAt = lookAgain(Deleting), now.Add(rarely)
	default:
		r.undeleted(run, now)
	}
}

// undeleted ends an experiment without deleting what it has bought.
func (r *Record) undeleted(run *Run, now time.Time) {
	for i := range run.Servers {
		run.Servers[i].Kept = !run.Servers[i].Gone && !run.Servers[i].Missing
	}
	r.end(run, run.Ending, now)
}

// clean takes in a look at the cart after an experiment: it has ended once none of its own
// rows is there, and none can come any more.
func (r *Record) clean(run *Run, now time.Time) {
	mine := run.mine()
	switch soonest := run.Sent.Add(late); {
	case len(mine) > 0:
		run.Tries = run.Removals
		run.Asks = run.Asks || run.Tries >= mostRemovals
		if run.Asks && run.Unheard {
			r.cleaned(run, now) // it says what is left
			return
		}
		run.Todo = []Move{run.removal(), {CallCart, asClean}}
		if run.Tries > 0 {
			run.NextAt = now.Add(pauses[min(run.Tries, len(pauses))-1])
		}
		if run.Asks {
			run.NextAt = now.Add(asking)
		}
	case run.Unsure && now.Before(soonest):
		run.Todo, run.NextAt = lookAgain(Cleaning), soonest
	case (run.unshown() || len(run.Lines) > 0 && len(run.Owed) > 0) && now.Before(soonest):
		run.Todo, run.NextAt = lookAgain(Cleaning), now.Add(between)
	default:
		r.cleaned(run, now)
	}
}
