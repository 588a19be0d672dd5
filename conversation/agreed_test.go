package conversation_test

import (
	"testing"

	"zomrobot/chat"
	"zomrobot/conversation"
	teamflow "zomrobot/conversation/team"
	trialflow "zomrobot/conversation/trial"
)

// agreements are the ways in which a text agrees to what spends, destroys or lets others do
// so: a talk where it is asked, and the text.
var agreements = map[string]struct {
	asked func(t *testing.T) *talk
	text  string
	agree func(conversation.Effect) bool
}{
	"delete a server":  {func(t *testing.T) *talk { return server(t, "51").tap("More").tap("Delete") }, "web-1", isAct},
	"delete several":   {func(t *testing.T) *talk { return choosing(t, "web-1", "web-2").tap("Delete") }, "2", isActs},
	"restore":          {func(t *testing.T) *talk { return copies(t, nil).tap("before").tap("Restore") }, "web-1", isAct},
	"delete a copy":    {func(t *testing.T) *talk { return copies(t, nil).tap("before").tap("Delete") }, "before", isAct},
	"delete an image":  {func(t *testing.T) *talk { return loggedIn(t).command("/images").tap("golden").tap("Delete") }, "golden", isAct},
	"an amount":        {func(t *testing.T) *talk { return trying(t).command("/trial").tap("Buying").tap("Start") }, "0,31", is[trialflow.Consent]},
	"other promo code": {func(t *testing.T) *talk { return loggedIn(t).press("p1:A7K-42:13:other_promo") }, "OTHER", is[conversation.Decide]},
}

// TestOnlyWhatIsSeenIsAgreedTo: a text that was written before the chat showed the question,
// and one that somebody else wrote, do nothing; the question is asked again, and the same
// text agrees to it then.
func TestOnlyWhatIsSeenIsAgreedTo(t *testing.T) {
	for name, a := range agreements {
		t.Run(name, func(t *testing.T) {
			k := a.asked(t)
			at := whereIs(k.d)
			k.blind = true
			k.say(a.text).sees("had not shown you this question").has("new card", isAnew)
			if k.count(a.agree) != 0 || whereIs(k.d) != at {
				t.Error("what the person does not see is done")
			}
			k.blind = false
			k.step(chat.Text{From: anna, Text: a.text, Message: 8, Seen: true, Forwarded: true}).sees("A forwarded message confirms nothing")
			if k.count(a.agree) != 0 || whereIs(k.d) != at {
				t.Error("what somebody else wrote is done")
			}
			if k.say(a.text); k.count(a.agree) != 1 {
				t.Error("what the person sees is not done")
			}
		})
	}
}

// TestTextAgreesOnlyWhereItMay: at a place that is not one of those the same text does
// nothing, so that none can be forgotten: nobody looks there whether its card was shown.
func TestTextAgreesOnlyWhereItMay(t *testing.T) {
	k := inTeam(t).command("/team").tap("Approvals").tap("2 approvals").tap("Above an amount")
	if !machine.Agrees(k.d) || whereIs(k.d) != string(teamflow.PlaceTeamAbove) {
		t.Fatal(whereIs(k.d))
	}
	if k.step(chat.Text{From: anna, Text: "12.50", Message: 9}).sees("had not shown you this question"); k.count(isTeamCheck) != 0 {
		t.Error("a rule is changed by a text of which nobody knows what it answers")
	}
	if machine.Agrees(loggedIn(t).command("/servers").d) || machine.Agrees(toReview(loggedIn(t)).d) {
		t.Error("it is looked for where nothing is agreed to")
	}
}
