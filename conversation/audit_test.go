package conversation_test

import (
	"slices"
	"strings"
	"testing"

	"zomrobot/audit"
	"zomrobot/conversation"
	"zomrobot/conversation/bill"
	"zomrobot/job"
	"zomrobot/purchase"
	"zomrobot/zomro"
)

// entriesOf is a book with an entry of each kind, the newest first.
func entriesOf() []bill.AuditEntry {
	paid, more := euro("5.76"), euro("7.00")
	done := &audit.Acted{Step: audit.StepOpened, Server: "51", Name: "web-1", Deed: string(job.Rename), NewName: "web-9"}
	answered := func(call purchase.Call) *audit.Answered { return &audit.Answered{Call: string(call), LineItem: "4711"} }
	says := &conversation.Problem{Kind: zomro.Refused, Message: "Too small."}
	unknown := &conversation.Problem{Kind: zomro.Unknown}
	missed := &conversation.Problem{Kind: zomro.Refused, Code: zomro.CodeMissed}
	order := &audit.Opened{Order: zomro.Order{ServerName: "web-1", Count: 2}, Plan: "Nova", Promo: "SUMMER10"}
	accepted := &audit.Decided{Question: string(purchase.AskPrice), Choice: string(purchase.ChooseAccept), Price: &more}
	other := &audit.Decided{Question: string(purchase.AskPromo), Choice: string(purchase.ChooseOtherPromo), Code: "OTHER"}
	all := []bill.AuditEntry{
		{Acted: done, Action: job.Refused, Problem: says},
		{Who: 42, Acted: done, Action: job.Sending},
		{Who: 43, Name: "Boris", Changed: &audit.Changed{Setting: audit.SettingRule, Is: "2"}},
		{Purchase: "A7K-42", Stage: bill.StageActive},
		{Purchase: "A7K-42", Stage: bill.StagePaid, Charged: &paid},
		{Purchase: "A7K-42", Stage: bill.StagePaid},
		{Purchase: "A7K-42", Stage: bill.StageOrdered},
		{Purchase: "A7K-42", Answered: answered(purchase.CallConfirm)},
		{Purchase: "A7K-42", Answered: answered(purchase.CallConfirm), Problem: unknown, Stage: bill.StageUnknown},
		{Purchase: "A7K-42", Answered: answered(purchase.CallServices), Problem: says, Stage: bill.StageFailed},
		{Purchase: "A7K-42", Who: 42, Name: "Anna", Decided: accepted},
		{Purchase: "A7K-42", Who: 42, Name: "Anna", Decided: other},
		{Purchase: "A7K-42", Who: 42, Name: "Anna", Did: bill.DidReject, Reason: "too dear"},
		{Purchase: "A7K-42", Answered: answered(purchase.CallPromo), Problem: missed},
		{Purchase: "A7K-42", Answered: answered(purchase.CallPromo)},
		{Purchase: "A7K-42", Answered: answered(purchase.CallAdd)},
		{Purchase: "A7K-42", Answered: answered(purchase.CallRemove), Stage: bill.StageCancelled},
		{Purchase: "A7K-42", Answered: answered(purchase.CallEmpty), Stage: bill.StageVanished},
		{Purchase: "A7K-42", Who: 43, Name: "Boris", Did: bill.DidApprove},
		{Purchase: "A7K-42", Who: 43, Name: "Boris", Did: bill.DidReject},
		{Purchase: "A7K-42", Who: 42, Name: "Anna", Did: bill.DidCancel},
		{Purchase: "A7K-42", Who: 42, Name: "Anna", Opened: order, Agreed: &paid, Stage: bill.StageAwaiting},
		{Purchase: "A7K-42", Who: 42, Name: "Anna", Opened: &audit.Opened{Order: zomro.Order{Count: 1}}},
		{Who: 42, Name: "Anna", Tried: &audit.Tried{Step: audit.StepAgreed, Experiment: "buy", Most: &paid}},
		{Name: audit.Terminal, Tried: &audit.Tried{Step: audit.StepEnded, Experiment: "two", Beside: []audit.Beside{
			{Server: "71", Name: "trial-2", Cost: paid, Deleted: true}, {Server: "72", Name: "trial-3", Cost: paid},
		}}, Ended: "done"},
	}
	for i := range all {
		all[i].At = start
	}
	return all
}

// auditOf answers LoadAudit with pages of nine.
func auditOf(asked bill.LoadAudit) bill.AuditLoaded {
	const page = 9
	all := entriesOf()
	from := 0
	if asked.Before > 0 {
		from = len(all) - int(asked.Before) + 1
	}
	to := min(from+page, len(all))
	loaded := bill.AuditLoaded{Before: asked.Before, Entries: all[from:to]}
	if to < len(all) {
		loaded.Older = int64(len(all)-to) + 1
	}
	return loaded
}

func TestAuditIsToldInWords(t *testing.T) {
	k := loggedIn(t).command("/audit")
	k.sees("the bot", "web-1: renaming to web-9", "Not done", "Too small", "42", "changed the rule of approvals (from what to what: in the file)", "5.76 EUR left the balance", "could not be read", "Ordered, not paid")
	k.sees("answered without an error").tap("Older").sees("`instances` failed")
}

// TestAuditPages turns the pages to the end and back.
func TestAuditPages(t *testing.T) {
	k := loggedIn(t).command("/audit")
	first := show(t, k.card())
	has := func(label string) bool { return strings.Contains(show(t, k.card()), "["+label) }
	var seen []string
	for range 2 {
		seen = append(seen, show(t, k.card()))
		k.tap("Older")
	}
	seen = append(seen, show(t, k.card()))
	if has("Older") || !has("‹ Newer") || slices.Contains(seen[:2], seen[2]) || seen[0] == seen[1] {
		t.Errorf("three pages:\n%s", strings.Join(seen, "\n---\n"))
	}
	k.sees("ordered web-1, Nova (2 servers) for 5.76 EUR", "with promo code `SUMMER10`", "approved the purchase", "Waiting for approval", "agreed to the experiment “Buying for a day” for up to 5.76 EUR")
	k.tap("‹ Newer").tap("‹ Newer")
	if back := show(t, k.card()); back != first || has("‹ Newer") {
		t.Errorf("back at the first page:\n%s\nwant\n%s", back, first)
	}
}

// TestAuditIsSent asks for both forms.
func TestAuditIsSent(t *testing.T) {
	for label, format := range map[string]bill.AuditFormat{"CSV": bill.AuditCSV, "JSON lines": bill.AuditLines} {
		k := loggedIn(t).command("/audit").tap(label)
		if n := k.count(that(func(e bill.SendAudit) bool { return e.Format == format })); n != 1 {
			t.Errorf("%s was sent %d times", label, n)
		}
	}
}

// TestAuditInAGroup: nothing of the record is shown there.
func TestAuditInAGroup(t *testing.T) {
	k := newTalk(t, group).command("/audit")
	if k.d.Aside != nil || k.count(is[bill.LoadAudit]) != 0 {
		t.Errorf("the record was asked for: %+v", k.effects)
	}
}
