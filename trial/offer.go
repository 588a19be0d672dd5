package trial

import (
	"slices"
	"strings"

	"github.com/shopspring/decimal"

	"zomrobot/zomro"
	"zomrobot/zomro/profile"
)

// Experiments returns all experiments, in the order in which they are offered.
func Experiments() []profile.Source {
	return []profile.Source{
		profile.ByRead, profile.ByCart, profile.ByCount, profile.ByPromo,
		profile.ByPoor, profile.BySession, profile.ByBuy, profile.ByTwo,
	}
}

// Why says why an experiment is not offered.
type Why string

// Why experiments are not offered.
const (
	WhyUnread  Why = "unread"  // the account was not looked at yet, or could not be read
	WhyDenied  Why = "denied"  // the vendor did not let the account in
	WhyBusy    Why = "busy"    // another experiment is under way
	WhyRuns    Why = "runs"    // it is under way itself
	WhyCart    Why = "cart"    // something is in the cart: it has to be emptied first
	WhyOthers  Why = "others"  // a purchase of the account is open
	WhyHalted  Why = "halted"  // purchases are stopped
	WhyBalance Why = "balance" // the balance, or the credit, cannot be read
	WhyRich    Why = "rich"    // nothing costs twice of what can be spent
	WhyPoor    Why = "poor"    // less can be spent than it costs
	WhyGoods   Why = "goods"   // no plan by the day can be ordered, or no second one
	WhyLogin   Why = "login"   // the bot knows a session alone, and cannot log in anew
)

// Offer is an experiment, and whether it can be begun.
type Offer struct {
	Source profile.Source
	Why    Why          // "": it can be begun
	Cost   *zomro.Money // what it can cost at most; nil: nothing, or it is not known
}

// Offers returns all experiments, and whether each can be begun.
func (r Record) Offers() []Offer {
	var all []Offer
	for _, s := range Experiments() {
		o := Offer{Source: s, Why: r.why(s)}
		if r.Around != nil {
			o.Cost = costOf(s, *r.Around)
		}
		all = append(all, o)
	}
	return all
}

// writes reports whether an experiment has its place at the account, for it writes, or
// waits for what does.
func writes(s profile.Source) bool { return s != profile.ByRead && s != profile.BySession }

// spends reports whether an experiment costs money.
func spends(s profile.Source) bool { return s == profile.ByBuy || s == profile.ByTwo }

// why says why an experiment cannot be begun; "": it can.
func (r Record) why(s profile.Source) Why {
	switch {
	case r.Running != nil && r.Running.Source == s, r.Idle != nil && r.Idle.Source == s:
		return WhyRuns
	case s != profile.BySession && r.Running != nil:
		return WhyBusy
	case r.Around == nil:
		return WhyUnread
	}
	return unfit(s, *r.Around)
}

// unfit says which condition of an experiment does not hold; "": all do.
func unfit(s profile.Source, a Around) Why {
	switch {
	case a.Denied():
		return WhyDenied
	case s == profile.BySession && !a.Renews:
		return WhyLogin
	case !writes(s):
		return ""
	case a.Halted:
		return WhyHalted
	case a.Others:
		return WhyOthers
	case a.Cart == nil:
		return WhyUnread
	case len(a.Cart) > 0:
		return WhyCart
	case s == profile.ByPoor:
		return unfitPoor(a)
	case a.First == nil || s == profile.ByTwo && a.Second == nil:
		return WhyGoods
	case spends(s):
		return unfitToBuy(costOf(s, a), a)
	default:
		return ""
	}
}

// Denied reports whether the vendor did not let the account in: nothing of it was read.
func (a Around) Denied() bool { return a.Balance == nil && a.Failure.denied() }

// unfitPoor: it needs something that certainly cannot be paid.
func unfitPoor(a Around) Why {
	switch {
	case a.Balance == nil || a.Balance.Credit == nil:
		return WhyBalance
	case a.Dear == nil || !TooDear(a.Balance, &a.Dear.Price):
		return WhyRich
	default:
		return ""
	}
}

func unfitToBuy(cost *zomro.Money, a Around) Why {
	switch {
	case cost == nil:
		return WhyGoods
	case a.Balance == nil:
		return WhyBalance
	}
	if have := a.Balance.Spendable(); have.Currency != cost.Currency || have.Amount.LessThan(cost.Amount) {
		return WhyPoor
	}
	return ""
}

// costOf is what an experiment can cost at most; nil: nothing, or it is not known.
func costOf(s profile.Source, a Around) *zomro.Money {
	switch {
	case s == profile.ByBuy && a.First != nil:
		return &a.First.Most
	case s == profile.ByTwo && a.First != nil && a.Second != nil && a.First.Most.Currency == a.Second.Most.Currency:
		return &zomro.Money{Amount: a.First.Most.Amount.Add(a.Second.Most.Amount), Currency: a.First.Most.Currency}
	default:
		return nil
	}
}

// Taxed reports whether a cart was last seen to say more than its rows, or a row more than the
// price list: what is asked for has that in it.
func (r Record) Taxed() bool {
	return r.Dearer != nil || r.Taken != nil || r.Rate != nil && r.Rate.GreaterThan(decimal.NewFromInt(1))
}

// reckoned returns goods with what the cart may say for them; nil: there are none.
func (r *Record) reckoned(g *Goods) *Goods {
	if g == nil {
		return nil
	}
	is := *g
	is.Most = is.Price
	for _, times := range []*decimal.Decimal{r.Dearer, r.Rate, r.Taken} {
		if times != nil {
			is.Most.Amount = is.Most.Amount.Mul(*times)
		}
	}
	is.Most.Amount = is.Most.Amount.RoundUp(2)
	return &is
}

// compares keeps how much more than the price list a row of the cart says.
func (r *Record) compares(row, listed zomro.Money) {
	r.Dearer = nil
	if row.Currency == listed.Currency && listed.Amount.IsPositive() && row.Amount.GreaterThan(listed.Amount) {
		times := row.Amount.Div(listed.Amount)
		r.Dearer = &times
	}
}

// took keeps how much more was taken than was asked for.
func (r *Record) took(taken, asked zomro.Money) {
	if taken.Currency != asked.Currency || !asked.Amount.IsPositive() {
		return
	}
	times := taken.Amount.Add(decimal.New(1, -2)).Div(asked.Amount) // what was asked for is rounded
	if r.Taken != nil {
		times = times.Mul(*r.Taken)
	}
	r.Taken = &times
}

// reckons keeps how much more than its rows together the total of a cart says. A total is
// rounded to cents, and what that may have hidden is counted in.
func (r *Record) reckons(rows, total zomro.Money) {
	if !rows.Amount.IsPositive() || total.Amount.LessThan(rows.Amount) {
		return
	}
	rate := decimal.NewFromInt(1)
	if total.Amount.GreaterThan(rows.Amount) {
		rate = total.Amount.Add(decimal.New(5, -3)).Div(rows.Amount)
	}
	r.Rate = &rate
}

// TooDear reports whether something certainly cannot be paid: balance and credit can both
// be read, and are at most half of its price.
func TooDear(have *zomro.Balance, price *zomro.Money) bool {
	if have == nil || have.Credit == nil || price == nil || !price.Amount.IsPositive() ||
		have.Real.Currency != price.Currency || have.Credit.Currency != price.Currency {
		return false
	}
	return !have.Spendable().Amount.Mul(decimal.NewFromInt(2)).GreaterThan(price.Amount)
}

// SameAmount reports whether what was typed is an amount, as it was shown.
func SameAmount(typed string, asked zomro.Money) bool {
	amount, ok := zomro.TypedMoney(typed, asked.Currency)
	return ok && amount.Amount.Equal(asked.Amount)
}

// Wanted are plans of which order forms are needed to choose goods: [Choose] takes of each
// kind the first with an image.
type Wanted struct{ First, Dear []Goods }

// Rank returns what can be ordered, without images yet: by the day the cheapest first, and
// what costs at least twice of what can be spent, the cheapest first.
func Rank(catalogues []zomro.Catalogue, have *zomro.Balance) Wanted {
	var w Wanted
	for _, c := range catalogues {
		for _, p := range c.Plans {
			if p.SoldOut {
				continue
			}
			for _, price := range p.Prices {
				g := Goods{
					Plan: p.ID, Title: p.Title, Datacenter: p.Datacenter, DatacenterName: centreName(c, p.Datacenter),
					Period: price.Period, Price: price.Cost,
				}
				if !g.Price.Amount.IsPositive() {
					continue
				}
				if g.Period == zomro.Day {
					w.First = append(w.First, g)
				}
				if TooDear(have, &g.Price) {
					w.Dear = append(w.Dear, g)
				}
			}
		}
	}
	cheapest := func(a, b Goods) int { return a.Price.Amount.Cmp(b.Price.Amount) }
	slices.SortStableFunc(w.First, cheapest)
	slices.SortStableFunc(w.Dear, cheapest)
	return w
}

func centreName(c zomro.Catalogue, id string) string {
	for _, d := range c.Datacenters {
		if d.ID == id {
			return d.Name
		}
	}
	return id
}

// Fit returns goods with the first image of a form that adds nothing to the price and is no
// Windows; false: there is none.
func Fit(g Goods, f zomro.Form) (Goods, bool) {
	for _, image := range f.Images {
		free := image.Cost == nil || image.Cost.Amount.IsZero()
		if image.Zone == "pub" && free && !strings.Contains(strings.ToLower(image.Label), "windows") {
			g.Image, g.ImageLabel = image.ID, image.Label
			return g, true
		}
	}
	return g, false
}

// SpeaksOfFunds reports whether the vendor's words say that there is too little money [F].
func SpeaksOfFunds(message string) bool {
	text := strings.ToLower(message)
	return strings.Contains(text, "insufficient funds") || strings.Contains(text, "недостаточно средств")
}

// within reports whether something certainly costs no more than was agreed.
func within(cost *zomro.Money, agreed zomro.Money) bool {
	return cost != nil && cost.Currency == agreed.Currency && !cost.Amount.GreaterThan(agreed.Amount)
}
