package bill

import (
	"cmp"
	"fmt"
	"strings"
	"time"

	"zomrobot/chat"
	"zomrobot/conversation"
	"zomrobot/zomro"
)

// LoadOrders asks the journal for the person's purchases. Answered by
// OrdersLoaded.
type LoadOrders struct{}

// OrdersLoaded answers LoadOrders.
type OrdersLoaded struct {
	Orders  []OrderRow // the newest first
	Problem *conversation.Problem
}

// ShowPurchase sends the card of one of the person's purchases as a new message.
type ShowPurchase struct {
	Purchase string `json:"purchase"`
}

// RecallOrder asks the journal for what a purchase ordered. Answered by
// order.Recalled.
type RecallOrder struct {
	Purchase string `json:"purchase"`
	Draft    string `json:"draft"`              // names the draft that is to come of it
	Template bool   `json:"template,omitempty"` // a template is to come of it instead
	Share    bool   `json:"share,omitempty"`    // or a link
}

func (LoadOrders) Effect() {}

func (OrdersLoaded) Event() {}

func (ShowPurchase) Effect() {}

func (RecallOrder) Effect() {}

// OrderRow is a purchase in the list of a person's purchases.
type OrderRow struct {
	ID     string      `json:"id"` // "A7K-42"
	Stage  Stage       `json:"stage"`
	Name   string      `json:"name,omitempty"` // of the server; empty: none
	Plan   string      `json:"plan,omitempty"`
	PaysOn bool        `json:"paysOn,omitempty"` // the server is paid on, not ordered; without a currency Total is not known yet
	Total  zomro.Money `json:"total"`            // agreed to
	Asked  bool        `json:"asked,omitempty"`  // Total is what the cart says, and is not agreed to
	Opened time.Time   `json:"opened"`
	Group  string      `json:"group,omitempty"` // the title of the group in which it was ordered, when that is not where it is listed

	Charged *zomro.Money `json:"charged,omitempty"` // nil: nothing, or not known how much

	Servers []OrderServer `json:"servers,omitempty"` // once found; the first of them

	Deleted conversation.Deleted `json:"deleted,omitzero"` // of all of them
}

// OrderServer tells a server of a purchase from others of the same name.
type OrderServer struct {
	ID      string `json:"id"`
	Address string `json:"address,omitempty"`
}

// MostOrderServers is how many servers of a purchase the list of purchases takes;
// it shows one fewer.
const MostOrderServers = 4

// what says what was bought: a server that shares its name with others is told with
// its id and address.
func (o *Orders) what(row OrderRow) string {
	if row.Name == "" {
		return row.Plan
	}
	same := 0
	for _, other := range o.List {
		if conversation.Namesakes(other.Name, row.Name) {
			same++
		}
	}
	name := row.Name
	if (same > 1 || len(row.Servers) > 1) && len(row.Servers) > 0 {
		var each []string
		for _, s := range row.Servers[:min(len(row.Servers), MostOrderServers-1)] {
			each = append(each, conversation.Which(s.ID, s.Address))
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
	List    []OrderRow            `json:"list,omitempty"` // the newest first
	Loaded  bool                  `json:"loaded,omitempty"`
	Trouble *conversation.Problem `json:"trouble,omitempty"`
	Page    int                   `json:"page,omitempty"`
	Loads   int                   `json:"loads,omitempty"`
}

// Stored names the form of its state in the store.
func (o *Orders) Stored() string { return "orders" }

// Clone returns a copy.
func (o *Orders) Clone() conversation.State {
	is := *o
	return &is
}

// Lists are the lists that are kept apart.
func (o *Orders) Lists() map[string]any { return map[string]any{"orders": &o.List} }

// Meaning is what the meaning of the card's buttons depends on.
func (o *Orders) Meaning() string {
	return fmt.Sprint(o.Loads, o.Page, o.Trouble != nil)
}

// orders asks for the person's purchases.
func orders(t *conversation.Turn) {
	t.Ask(PlaceOrders, &Orders{})
	t.Do(LoadOrders{})
	t.AsNew = true
}

// ordersLoaded takes the purchases that the card waits for.
func ordersLoaded(t *conversation.Turn, e OrdersLoaded) {
	if ordersOf(t.Dialogue) == nil || ordersOf(t.Dialogue).Loaded {
		return
	}
	o := ordersOf(t.Dialogue)
	o.List, o.Loaded, o.Trouble = e.Orders, e.Problem == nil, e.Problem
	o.Loads++
	t.Show = true
}

func askOrders(v *conversation.View) {
	o := ordersOf(v.Dialogue)
	v.Line(chat.Say("orders.title"))
	if v.Reading(o.Loaded, o.Trouble) {
		return
	}
	if len(o.List) == 0 {
		none := chat.Say("orders.none")
		if !v.Dialogue.Key.Private() {
			none = chat.Say("orders.none_here")
		}
		v.Line(none)
		v.Row(conversation.CommandButton("order"))
		return
	}
	v.Line(chat.Say("orders.hint"))
	from, to := conversation.PageOf(o.Page, len(o.List))
	for i, row := range o.List[from:to] {
		total := chat.Say("orders.agreed", "Total", row.Total)
		switch {
		case row.Charged != nil:
			total = chat.Say("orders.charged", "Charged", *row.Charged)
		case row.PaysOn && row.Total.Currency == "":
			total = chat.Say("orders.no_price")
		case row.Asked || row.Stage == StageCancelled || row.Stage == StageFailed:
			total = chat.Say("orders.price", "Total", row.Total)
		}
		var what any = o.what(row)
		stage := chat.Say("orders.stage." + string(row.Stage))
		if row.PaysOn && row.Stage == StageActive {
			stage = chat.Say("orders.stage.renewed")
		}
		if row.PaysOn {
			what = chat.Say("orders.pays_on", "Name", row.Name)
		}
		if row.Group != "" {
			what = chat.Say("orders.in_group", "What", what, "Group", row.Group)
		}
		line := "orders.line"
		if row.Deleted.Any() { // the day of that comes last
			line = "orders.line_deleted"
		}
		v.Line(chat.Say(line, "ID", row.ID, "What", what, "Stage", row.Deleted.Stage(stage), "Total", total, "Opened", row.Opened))
		open := v.Button(chat.Say("button.order_row", "ID", row.ID, "Name", conversation.Short(cmp.Or(row.Name, row.Plan))), conversation.VerbPick, from+i)
		if row.PaysOn { // it cannot be ordered again
			v.Row(open)
			continue
		}
		v.Row(
			open,
			v.Button(chat.Say("button.order_again"), conversation.VerbRepeat, from+i),
			v.Button(chat.Say("button.save"), conversation.VerbSave, from+i),
		)
	}
	v.Pages(o.Page, len(o.List), false)
	v.Row(v.Button(chat.Say("button.reload"), conversation.VerbAgain)) // stages change while the list stands
}

func pressOrders(t *conversation.Turn, verb string, n int) bool {
	o := ordersOf(t.Dialogue)
	switch {
	case verb == conversation.VerbAgain:
		o.Loaded, o.Trouble = false, nil
		t.Do(LoadOrders{})
	case verb == conversation.VerbPage:
		o.Page = n
	case verb == conversation.VerbPick && n >= 0 && n < len(o.List):
		t.Do(ShowPurchase{Purchase: o.List[n].ID})
	case n >= 0 && n < len(o.List) && o.List[n].PaysOn:
		return false
	case verb == conversation.VerbRepeat && n >= 0 && n < len(o.List):
		t.Do(RecallOrder{Purchase: o.List[n].ID, Draft: t.Press})
	case verb == conversation.VerbSave && n >= 0 && n < len(o.List):
		t.Do(RecallOrder{Purchase: o.List[n].ID, Template: true})
	default:
		return false
	}
	return true
}

// ordersOf returns the state of the cards of this kind; nil: the card is about something else.
func ordersOf(d conversation.Dialogue) *Orders {
	state, _ := conversation.StateOf[Orders](d)
	return state
}
