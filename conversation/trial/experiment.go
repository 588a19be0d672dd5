package trial

import (
	"slices"
	"strings"

	"zomrobot/chat"
	"zomrobot/conversation"
	"zomrobot/trial"
	"zomrobot/zomro"
	"zomrobot/zomro/profile"
)

// askExperiment shows one experiment: what it does, writes and can cost, how it stands, and
// what can be done with it.
func askExperiment(v *conversation.View) {
	c := cardOf(v.Dialogue)
	o := c.offer()
	v.Line(title(o.Source))
	run := runOf(c.board().Record, o.Source)
	end, ended := c.board().Record.Done[o.Source]
	if run == nil && (!ended || end.Unbegun) || run != nil && (run.Stage == trial.Preparing || run.Stage == trial.Consenting) {
		v.Line(chat.Say("trial.does." + string(o.Source)))
		v.Line(chat.Say("trial.writes." + string(o.Source)))
		v.Line(c.board().cost(o))
	}
	if standing := c.board().standing(o.Source); len(standing) > 0 {
		v.Gap()
		v.Line(standing...)
	}
	if run != nil {
		runButtons(v, run)
		return
	}
	if panelHelps(end) && o.Why != trial.WhyCart && o.Why != trial.WhyRich {
		v.Row(panelButton())
	}
	switch o.Why {
	case "":
		begin := chat.Say("button.trial_begin")
		if ended && !end.Unbegun {
			begin = chat.Say("button.trial_repeat")
		}
		v.Row(v.Button(begin, conversation.VerbDo))
	case trial.WhyCart, trial.WhyRich:
		v.Row(panelButton(), v.Button(chat.Say("button.reload"), conversation.VerbReload))
	case trial.WhyPoor:
		v.Row(conversation.TopUpButton(), v.Button(chat.Say("button.reload"), conversation.VerbReload))
	default:
		v.Row(v.Button(chat.Say("button.reload"), conversation.VerbReload))
	}
}

// runButtons are what can be done with an experiment under way.
func runButtons(v *conversation.View, run *trial.Run) {
	stop := v.Button(chat.Say(stopLabel), conversation.VerbOff)
	switch {
	case run.Stage == trial.Consenting && run.Cost == nil:
		v.Row(v.Button(chat.Say("button.trial_agree"), conversation.VerbYes), v.Button(chat.Say("button.trial_no"), conversation.VerbOff))
	case run.Stage == trial.Consenting:
		v.Row(v.Button(chat.Say("button.trial_no"), conversation.VerbOff))
	case run.Stage == trial.Panel && len(run.Todo) == 0:
		v.Row(panelButton())
		v.Row(v.Button(chat.Say("button.trial_put_in"), conversation.VerbOn), v.Button(chat.Say("button.trial_leave"), conversation.VerbNone))
		v.Row(stop)
	case run.Stage == trial.Cleaning && run.Asks:
		v.Row(panelButton(), v.Button(chat.Say("button.trial_as_is"), conversation.VerbOff))
	case stoppable(run):
		v.Row(stop)
	}
}

// stoppable reports whether the person can stop an experiment, beside what it asks.
func stoppable(run *trial.Run) bool {
	return run.Opening() || run.Ending == "" && run.Stage != trial.Cleaning
}

// panelButton leads to the vendor's panel.
func panelButton() chat.Button {
	return chat.Button{Label: chat.Say("button.panel"), URL: conversation.PanelURL}
}

// standing says how an experiment stands, and what to do next.
func (b Board) standing(source profile.Source) []chat.Phrase {
	r := b.Record
	if run := runOf(r, source); run != nil {
		return b.stage(run)
	}
	var lines []chat.Phrase
	if end, ended := r.Done[source]; ended {
		lines = append(b.ended(end), chat.Phrase{})
	}
	for _, o := range b.offers() {
		if o.Source == source && o.Why != "" && (o.Why != trial.WhyCart || !b.leftAlone(source)) {
			lines = append(lines, whyNot(r, o.Why)...)
		}
	}
	if len(lines) > 0 && lines[len(lines)-1].Key == "" {
		lines = lines[:len(lines)-1]
	}
	return lines
}

// leftAlone reports whether the cart holds nothing but what an experiment has left in it, of
// which its outcome tells.
func (b Board) leftAlone(source profile.Source) bool {
	around, left := b.Record.Around, b.Record.Done[source].Left
	return around != nil && !slices.ContainsFunc(around.Cart, func(row zomro.CartItem) bool {
		return !slices.ContainsFunc(left, func(mine zomro.CartItem) bool { return mine.ID == row.ID && mine.Elid == row.Elid })
	})
}

// whyNot says why an experiment cannot begin, and what helps.
func whyNot(r trial.Record, why trial.Why) []chat.Phrase {
	lines := []chat.Phrase{chat.Say("trial.why." + string(why))}
	switch {
	case why == trial.WhyDenied:
		return []chat.Phrase{conversation.AccountProblem(problem(*r.Around.Failure))}
	case why == trial.WhyUnread && r.Refresh:
		return []chat.Phrase{chat.Say("trial.looking")}
	case why == trial.WhyBusy && r.Running != nil:
		return []chat.Phrase{chat.Say("trial.why_busy", "Name", name(r.Running.Source))}
	case why == trial.WhyCart && r.Around != nil:
		lines = append(lines, rows(r.Around.Cart)...)
	case why == trial.WhyUnread && r.Around != nil && r.Around.Failure != nil:
		lines = append(lines, failure(*r.Around.Failure))
	}
	return lines
}

// mostRows is how many rows of a cart are named.
const mostRows = 5

// rows names rows of a cart.
func rows(all []zomro.CartItem) []chat.Phrase {
	var lines []chat.Phrase
	for i, row := range all {
		if i == mostRows {
			lines = append(lines, chat.Say("trial.more_rows", "Count", len(all)-mostRows))
			break
		}
		lines = append(lines, chat.Say("trial.row", "Name", conversation.Short(row.Name)))
	}
	return lines
}

// stage says what an experiment under way does, and asks what it has to.
func (b Board) stage(run *trial.Run) []chat.Phrase {
	switch {
	case run.Stage == trial.Consenting:
		return b.consent(run)
	case run.Opening():
		return []chat.Phrase{chat.Say("trial.opening", "Count", max(1, len(run.Servers)))}
	case run.Ending == trial.Stopped && !run.Asks:
		return []chat.Phrase{stopping(run)}
	case run.Stage == trial.Cleaning && run.Asks:
		return append([]chat.Phrase{chat.Say("trial.asks_empty")}, rows(run.Now.Cart)...)
	case run.Stage == trial.Cleaning && run.Apart:
		return []chat.Phrase{chat.Say("trial.stage.queued")}
	case run.Source == profile.ByCount && run.Stage == trial.Working && run.Looks > 0:
		return []chat.Phrase{chat.Say("trial.looking_rows")}
	case run.Stage == trial.Panel && len(run.Todo) > 0:
		return []chat.Phrase{chat.Say("trial.panel_looks")}
	case run.Source == profile.BySession && run.Stage == trial.Working && !run.NextAt.IsZero():
		return []chat.Phrase{chat.Say("trial.idle", "Until", run.NextAt)}
	case run.Stage == trial.Buying && run.Purchase != "":
		return []chat.Phrase{chat.Say("trial.buying", "ID", run.Purchase)}
	default:
		return []chat.Phrase{chat.Say("trial.stage." + string(run.Stage))}
	}
}

// stopping says what comes before an experiment that is stopped has ended.
func stopping(run *trial.Run) chat.Phrase {
	switch {
	case run.Source == profile.BySession:
		return chat.Say("trial.stopping_session")
	case run.Stage == trial.Buying && run.Purchase != "":
		return chat.Say("trial.stopping_purchase", "ID", run.Purchase)
	case run.Stage == trial.Looking:
		return chat.Say("trial.stopping_look")
	case run.Stage == trial.Deleting:
		return chat.Say("trial.stage.deleting")
	default:
		return chat.Say("trial.stopping")
	}
}

// consent asks whether to begin: what is put in or bought, and what it can cost.
func (b Board) consent(run *trial.Run) []chat.Phrase {
	var lines []chat.Phrase
	for _, g := range run.Goods {
		lines = append(lines, chat.Say("trial.goods", "Plan", g.Title, "Place", g.DatacenterName, "Price", g.Price, "Period", conversation.PeriodName(g.Period)))
	}
	if run.Code != "" {
		lines = append(lines, chat.Say("trial.code", "Code", chat.Arg{Code: run.Code}))
	}
	around := b.Record.Around
	switch {
	case run.Source == profile.ByPoor && len(run.Goods) > 0 && around != nil && around.Balance != nil:
		return append(lines, chat.Say("trial.may_i_poor", "Price", run.Goods[0].Price, "Have", around.Balance.Spendable()))
	case run.Cost == nil:
		return append(lines, chat.Say("trial.may_i"))
	}
	if len(run.Goods) > 1 {
		lines = append(lines, chat.Say("trial.both", "Cost", *run.Cost))
	}
	if b.Record.Rate == nil && b.Known[profile.CartTotal] == profile.WithTax {
		lines = append(lines, chat.Say("trial.tax_unknown", "Name", name(profile.ByCart)))
	}
	switch {
	case b.Known[profile.Taken] == profile.More:
		lines = append(lines, chat.Say("trial.costs_more"))
	case run.Source == profile.ByTwo:
		lines = append(lines, chat.Say("trial.may_cost_more_two"))
	default:
		lines = append(lines, chat.Say("trial.may_cost_more"))
	}
	asks := "trial.type_amount"
	switch {
	case b.Record.Taxed() && b.Known[profile.Taken] == profile.Total:
		asks = "trial.type_amount_most"
	case b.Record.Taxed():
		asks = "trial.type_amount_taxed"
	}
	bare := zomro.Money{Amount: run.Cost.Amount}
	return append(lines, chat.Say(asks, "Cost", *run.Cost, "Amount", bare))
}

// failure says why something did not succeed.
func failure(f trial.Failure) chat.Phrase {
	switch f.Code {
	case trial.CodeRestarted, trial.CodeRestored, trial.CodeAccount, trial.CodeHalted, trial.CodeChanged, trial.CodePurchase, trial.CodeLate, trial.CodeForeign, trial.CodeBeside, trial.CodePrice, trial.CodeUnpriced, trial.CodeTaken, trial.CodeNoRow:
		return chat.Say("trial.failure." + f.Code)
	default:
		return conversation.ProblemText(problem(f))
	}
}

func problem(f trial.Failure) conversation.Problem {
	return conversation.Problem{Kind: f.Kind, Code: f.Code, Object: f.Object, Message: f.Message}
}

func pressExperiment(t *conversation.Turn, verb string, _ int) bool {
	c := cardOf(t.Dialogue)
	o := c.offer()
	run := runOf(c.board().Record, o.Source)
	switch {
	case verb == conversation.VerbReload && run == nil:
		t.Do(Begin{Account: c.Account})
	case verb == conversation.VerbDo && run == nil && o.Why == "" && o.Source == profile.ByPromo:
		t.Dialogue.Aside.Place = PlaceCode
	case verb == conversation.VerbDo && run == nil && o.Why == "":
		t.Do(Run{Account: c.Account, Source: o.Source})
	case run == nil:
		return false
	case verb == conversation.VerbYes && run.Stage == trial.Consenting && run.Cost == nil:
		t.Do(Consent{Account: c.Account, Source: o.Source})
	case verb == conversation.VerbOn && run.Stage == trial.Panel && waits(run):
		t.Do(Put{Account: c.Account})
	case verb == conversation.VerbNone && run.Stage == trial.Panel && waits(run):
		t.Do(Leave{Account: c.Account})
	case verb == conversation.VerbOff && (run.Asks || stoppable(run)):
		t.Do(Stop{Account: c.Account, Source: o.Source})
	default:
		return false
	}
	return true
}

// textExperiment takes the amount to which somebody agrees by typing it.
func textExperiment(t *conversation.Turn, text string) {
	c := cardOf(t.Dialogue)
	run := runOf(c.board().Record, c.Open)
	switch {
	case run == nil || run.Stage != trial.Consenting || run.Cost == nil:
		t.NotTyped()
	case !trial.SameAmount(text, *run.Cost):
		t.Note(chat.Say("trial.wrong_amount"))
	default:
		t.Do(Consent{Account: c.Account, Source: c.Open, Amount: text})
	}
}

// askCode asks for the person's own promo code.
func askCode(v *conversation.View) {
	v.Line(title(profile.ByPromo))
	v.Line(chat.Say("trial.ask_code"))
	v.Row(v.Button(chat.Say("button.trial_no_code"), conversation.VerbNone))
}

func pressCode(t *conversation.Turn, verb string, _ int) bool {
	if verb != conversation.VerbNone {
		return false
	}
	chooseWith(t, "")
	return true
}

func textCode(t *conversation.Turn, text string) {
	code := strings.TrimSpace(text)
	if wrong := conversation.CheckPromo(code); wrong != nil {
		t.Keep()
		t.Note(*wrong)
		return
	}
	chooseWith(t, code)
}

func chooseWith(t *conversation.Turn, code string) {
	c := cardOf(t.Dialogue)
	t.Dialogue.Aside.Place = PlaceExperiment
	t.Do(Run{Account: c.Account, Source: profile.ByPromo, Code: code})
}
