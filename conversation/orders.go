package conversation

import (
	"cmp"
	"fmt"
	"maps"
	"strings"
	"time"

	"zomrobot/chat"
	"zomrobot/zomro"
)

// OrderRow is a purchase in the list of a person's purchases.
type OrderRow struct {
	ID     string      `json:"id"` // "A7K-42"
	Stage  Stage       `json:"stage"`
	Name   string      `json:"name,omitempty"` // of the server; empty: none
	Plan   string      `json:"plan,omitempty"`
	Total  zomro.Money `json:"total"` // agreed to
	Opened time.Time   `json:"opened"`

	Charged *zomro.Money `json:"charged,omitempty"` // nil: nothing, or not known how much

	Servers []OrderServer `json:"servers,omitempty"` // once found; the first of them
}

// OrderServer tells a server of a purchase from others of its name.
type OrderServer struct {
	ID      string `json:"id"`
	Address string `json:"address,omitempty"`
}

// MostOrderServers is how many servers of a purchase the list of purchases
// takes; one less is shown.
const MostOrderServers = 4

// what says what was bought: one of several of a name with its id and address.
func (o *Orders) what(row OrderRow) string {
	if row.Name == "" {
		return row.Plan
	}
	same := 0
	for _, other := range o.List {
		if namesakes(other.Name, row.Name) {
			same++
		}
	}
	name := row.Name
	if (same > 1 || len(row.Servers) > 1) && len(row.Servers) > 0 {
		var each []string
		for _, s := range row.Servers[:min(len(row.Servers), MostOrderServers-1)] {
			each = append(each, which(s.ID, s.Address))
		}
		if len(row.Servers) >= MostOrderServers {
			each = append(each, "…")
		}
		name += " (" + strings.Join(each, "; ") + ")"
	}
	if row.Plan == "" {
		return name
	}
	return name + ", " + row.Plan
}

// Orders is what the card of a person's purchases is made from.
type Orders struct {
	List    []OrderRow `json:"list,omitempty"` // the newest first
	Loaded  bool       `json:"loaded,omitempty"`
	Trouble *Problem   `json:"trouble,omitempty"`
	Page    int        `json:"page,omitempty"`
	Loads   int        `json:"loads,omitempty"`
}

// Stored names the form of its state in the store.
func (o *Orders) Stored() string { return "orders" }

// Clone returns a copy.
func (o *Orders) Clone() State {
	is := *o
	return &is
}

// Meaning is what the meaning of the card's buttons hangs on.
func (o *Orders) Meaning() string {
	return fmt.Sprint(o.Loads, o.Page, o.Trouble != nil)
}

// orders asks for the person's purchases.
func (t *turn) orders() {
	t.aside(PlaceOrders, &Orders{})
	t.do(LoadOrders{})
	t.anew = true
}

// ordersLoaded takes the purchases that the card waits for.
func (t *turn) ordersLoaded(e OrdersLoaded) {
	if ordersOf(t.d) == nil || ordersOf(t.d).Loaded {
		return
	}
	o := ordersOf(t.d)
	o.List, o.Loaded, o.Trouble = e.Orders, e.Problem == nil, e.Problem
	o.Loads++
	t.show = true
}

func askOrders(v *view) {
	o := ordersOf(v.d)
	v.line(chat.Say("orders.title"))
	if v.waiting(o.Loaded, o.Trouble) {
		return
	}
	if len(o.List) == 0 {
		v.line(chat.Say("orders.none"))
		v.row(commandButton("order"))
		return
	}
	v.line(chat.Say("orders.hint"))
	from, to := pageOf(o.Page, len(o.List))
	for i, row := range o.List[from:to] {
		total := chat.Say("orders.agreed", "Total", row.Total)
		if row.Charged != nil {
			total = chat.Say("orders.charged", "Charged", *row.Charged)
		}
		v.line(chat.Say("orders.line", "ID", row.ID, "What", o.what(row), "Stage", chat.Say("orders.stage."+string(row.Stage)), "Total", total, "Opened", row.Opened))
		v.row(
			v.button(chat.Say("button.order_row", "ID", row.ID, "Name", short(cmp.Or(row.Name, row.Plan))), verbPick, from+i),
			v.button(chat.Say("button.order_again"), verbRepeat, from+i),
			v.button(chat.Say("button.save"), verbSave, from+i),
		)
	}
	v.pages(o.Page, len(o.List), false)
}

func pressOrders(t *turn, verb string, n int) bool {
	o := ordersOf(t.d)
	switch {
	case verb == verbAgain:
		o.Loaded, o.Trouble = false, nil
		t.do(LoadOrders{})
	case verb == verbPage:
		o.Page = n
	case verb == verbPick && n >= 0 && n < len(o.List):
		t.do(ShowPurchase{Purchase: o.List[n].ID})
	case verb == verbRepeat && n >= 0 && n < len(o.List):
		if t.d.Account == "" {
			t.tell(chat.Say("order.login_first"), "login")
			return true
		}
		t.do(RecallOrder{Purchase: o.List[n].ID, Draft: t.press})
	case verb == verbSave && n >= 0 && n < len(o.List):
		t.do(RecallOrder{Purchase: o.List[n].ID, Template: true})
	default:
		return false
	}
	return true
}

// orderRecalled begins a draft of what a purchase ordered: everything is
// checked against what the vendor offers today, the password is asked anew.
func (t *turn) orderRecalled(e OrderRecalled) {
	e.Order.ServerName = givenName(e.Order.ServerName, e.Purchase)
	if e.Template {
		t.openTemplates(PlaceTemplateName, templateLine(orderPairs(e.Order)))
		return
	}
	if t.d.Draft != nil && t.d.Draft.Place == PlaceOpening {
		t.note(chat.Say("note.opening"))
		t.anew = true
		return
	}
	replaced := t.d.Draft != nil && !t.d.Draft.empty()
	t.begin(e.Draft)
	t.fresh = true
	if replaced {
		t.note(chat.Say("note.replaced"))
	}
	t.note(chat.Say("orders.repeats", "ID", e.Purchase))
	if !e.Order.UseKey {
		t.note(chat.Say("orders.password_again"))
	}
	if e.Promo != "" {
		t.note(chat.Say("orders.promo_again", "Code", chat.Arg{Code: e.Promo}))
	}
	t.shortcut(shortcut{pairs: orderPairs(e.Order)})
	dr := t.d.Draft
	dr.Repeat = &Repeat{Purchase: e.Purchase, Total: e.Total}
	if e.Order.ServerName == "" {
		dr.Named = true // left out, as before
	}
}

// givenName is the name that a person gave to a purchase's server, without the
// order's number that was added to it; empty: the whole name is the order's own.
func givenName(name, purchase string) string {
	own := "-" + strings.ToLower(strings.ReplaceAll(purchase, "-", ""))
	if given := strings.TrimSuffix(name, own); given != "vps" {
		return given
	}
	if name == "vps" { // given so
		return name
	}
	return ""
}

// orderPairs writes an order as the chat takes it in one message.
func orderPairs(o zomro.Order) map[string]string {
	pairs := map[string]string{
		paramDatacenter: o.Datacenter, paramPlan: o.Plan, paramPeriod: string(o.Period),
		paramImage: o.Image, paramCount: fmt.Sprint(o.Count), paramBackups: "off",
	}
	if o.ServerName != "" {
		pairs[paramName] = o.ServerName
	}
	if o.UseKey {
		pairs[paramUseKey], pairs[paramKey] = "on", o.Key
	}
	for _, addon := range o.Addons {
		pairs[addon.Name] = addon.Value
	}
	if o.Backups != nil {
		maps.Copy(pairs, backupPairs(*o.Backups))
	}
	return pairs
}

// backupPairs writes a backup schedule as the chat takes it in one message.
func backupPairs(b zomro.Backups) map[string]string {
	days := strings.Trim(strings.ReplaceAll(fmt.Sprint(b.Days), " ", ","), "[]")
	return map[string]string{
		paramBackups: "on", paramBackupName: b.Name, paramBackupDays: days, paramBackupTime: b.Time,
	}
}

// repeated says what an order that is repeated was to cost, beside what it
// costs now.
func (v *view) repeated(now zomro.Money) {
	r := v.dr.Repeat
	switch {
	case r == nil:
	case r.Total.Currency != now.Currency:
		v.line(chat.Say("review.repeat_was", "ID", r.Purchase, "Was", r.Total))
	case r.Total.Amount.Equal(now.Amount):
		v.line(chat.Say("review.repeat_same", "ID", r.Purchase))
	case r.Total.Amount.LessThan(now.Amount):
		v.line(chat.Say("review.repeat_more", "ID", r.Purchase, "Was", r.Total, "More", zomro.Money{Amount: now.Amount.Sub(r.Total.Amount), Currency: now.Currency}))
	default:
		v.line(chat.Say("review.repeat_less", "ID", r.Purchase, "Was", r.Total, "Less", zomro.Money{Amount: r.Total.Amount.Sub(now.Amount), Currency: now.Currency}))
	}
}

// ordersOf returns the state of the cards of this kind; nil: the card is about something else.
func ordersOf(d Dialogue) *Orders {
	state, _ := stateOf[Orders](d)
	return state
}
