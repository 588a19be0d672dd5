package conversation_test

import (
	"maps"
	"slices"
	"time"

	"github.com/shopspring/decimal"

	"zomrobot/conversation"
	trialflow "zomrobot/conversation/trial"
	"zomrobot/trial"
	"zomrobot/zomro"
	"zomrobot/zomro/profile"
)

// trying is a talk of an owner of the bot, whose account's trial was opened.
func trying(t failer) *talk {
	k := loggedIn(t)
	k.trial = trial.New("T1", private, "7", "anna@example.com", start)
	k.trial.Around = &trial.Around{
		At: start, Balance: &zomro.Balance{Real: euro("5.00"), Credit: &zomro.Money{Amount: decimal.Zero, Currency: "EUR"}}, Cart: []zomro.CartItem{},
		First:  goods("1700", "Nova", "0.31", zomro.Day),
		Second: goods("1701", "Nova 2", "0.44", zomro.Day),
		Dear:   goods("1702", "Nova 16", "48.00", zomro.Month), Renews: true,
	}
	return k
}

func goods(plan, title, price string, period zomro.Period) *trial.Goods {
	return &trial.Goods{
		Plan: plan, Title: title, Datacenter: "17", DatacenterName: "Netherlands", Image: "ubuntu", ImageLabel: "Ubuntu 24.04",
		Period: period, Price: euro(price), Most: euro(price),
	}
}

// tried is how the world's trial goes on after a deed of the person: without the calls.
func (k *talk) tried(source profile.Source, change func(*trial.Run)) {
	run := trial.Run{Source: source, Begun: k.now}
	for _, under := range []*trial.Run{k.trial.Running, k.trial.Idle} {
		if under != nil && under.Source == source {
			run = *under
		}
	}
	change(&run)
	if source == profile.BySession {
		k.trial.Idle = &run
	} else {
		k.trial.Running = &run
	}
}

// over is how an experiment of the world's trial ends.
func (k *talk) over(end trial.Outcome, build string) *talk {
	if end.At.IsZero() {
		end.At = k.now
	}
	if end.Source == profile.BySession {
		k.trial.Idle = nil
	} else {
		k.trial.Running = nil
	}
	k.trial.Done = maps.Clone(k.trial.Done)
	if k.trial.Done == nil {
		k.trial.Done = map[profile.Source]trial.Outcome{}
	}
	k.trial.Done[end.Source] = end
	k.known, _ = k.known.Learn(end.Lessons, profile.Seen{At: k.now, Build: build, From: end.Source})
	k.step(trialflow.Told{Record: k.trial, Profile: k.known, News: end.Source})
	return k
}

// respondTrial answers an effect of a trial.
func (k *talk) respondTrial(e conversation.Effect) bool {
	var answer trialflow.Told
	switch e := e.(type) {
	case trialflow.Begin:
		answer.Below = e.Below
		if k.trial.ID == "" || !k.d.Key.Private() {
			answer.Refused = trialflow.RefusedOwner
			break
		}
		around := *k.trial.Around
		around.At = k.now
		k.trial.Around = &around
	case trialflow.Run:
		k.tried(e.Source, func(run *trial.Run) { k.chosen(run, e.Code) })
	case trialflow.Put, trialflow.Leave:
		k.tried(profile.ByRead, func(run *trial.Run) { run.Stage = trial.Working })
	case trialflow.Stop:
		k.tried(e.Source, func(run *trial.Run) { run.Stage, run.Ending = trial.Cleaning, trial.Stopped })
	case trialflow.Consent:
		k.tried(e.Source, func(run *trial.Run) {
			run.Stage, run.Typed = trial.Working, run.Cost != nil
			if e.Source == profile.BySession {
				run.NextAt = k.now.Add(61 * time.Minute)
			}
		})
	case trialflow.Close:
		k.trial.Ended = k.now
	case trialflow.SendReport:
		return true
	default:
		return false
	}
	answer.Record, answer.Profile = k.trial, k.known
	k.step(answer)
	return true
}

// chosen is an experiment that is prepared.
func (k *talk) chosen(run *trial.Run, code string) {
	around := k.trial.Around
	run.Stage, run.Code = trial.Consenting, code
	switch run.Source {
	case profile.ByPoor:
		run.Goods = []trial.Goods{*around.Dear}
	case profile.ByTwo:
		run.Goods = []trial.Goods{*around.First, *around.Second}
	case profile.ByRead, profile.BySession:
	default:
		run.Goods = []trial.Goods{*around.First}
	}
	i := slices.IndexFunc(k.trial.Offers(), func(o trial.Offer) bool { return o.Source == run.Source })
	run.Cost = k.trial.Offers()[i].Cost
}

// playTrial is a trial from its beginning to a purchase and an alarm.
func playTrial(s *scene) {
	s.command("/trial") // of somebody who is no owner
	was := trying(s.t)
	s.d, s.trial = was.d, was.trial
	s.command("/trial")
	s.tap("Reading")
	s.tap("Start")
	s.tap("Yes, start")
	s.tried(profile.ByRead, func(run *trial.Run) { run.Stage = trial.Panel })
	s.step(trialflow.Told{Record: s.trial, Profile: s.known, News: profile.ByRead})
	s.tap("in the cart")
	s.ends(trial.Outcome{Source: profile.ByRead, How: trial.Done, Lessons: []profile.Lesson{
		{Fact: profile.OrderForm, Answer: profile.AsRead},
		{Fact: profile.CartFields, Answer: profile.AsRead},
		{Fact: profile.ServerRows, Answer: profile.AsRead},
		{Fact: profile.PanelCart, Answer: profile.Apart},
	}})
	s.tap("Back")
	s.tap("One plan")
	s.tap("Start")
	s.tap("Yes, start")
	s.ends(trial.Outcome{Source: profile.ByCart, How: trial.Done, Lessons: []profile.Lesson{
		{Fact: profile.LineItem, Answer: profile.ID}, {Fact: profile.RemoveBy, Answer: profile.Elid}, {Fact: profile.Button, Answer: profile.Unneeded},
	}})
	s.tap("Back")
	s.tap("Promo")
	s.tap("Start")
	s.say("my code")
	s.say("SUMMER10")
	s.tap("Yes, start")
	s.tap("Stop")
	s.ends(trial.Outcome{Source: profile.ByPromo, How: trial.Stopped})
	s.tap("Back")
	s.tap("Two plans")
	s.known, _ = s.known.Learn([]profile.Lesson{{Fact: profile.CartTotal, Answer: profile.WithTax}}, profile.Seen{At: s.now})
	s.tap("Start")
	s.say("0,75")
	s.ends(trial.Outcome{Source: profile.ByTwo, How: trial.Failed, Failure: &trial.Failure{Code: trial.CodePrice}})
	s.taxed("1.25")
	s.tap("Repeat")
	s.say("0.31")
	s.say("0,94")
	s.tried(profile.ByTwo, func(run *trial.Run) { run.Stage, run.Purchase = trial.Buying, "A7K-42" })
	s.step(trialflow.Told{Record: s.trial, Profile: s.known})
	charged := euro("0.94")
	s.ends(trial.Outcome{
		Source: profile.ByTwo, How: trial.Done, Purchase: "A7K-42", Charged: &charged, Lessons: []profile.Lesson{{Fact: profile.ConfirmScope, Answer: profile.WholeCart}},
		Servers: []trial.Server{{ID: "70", Name: "trial-1", Gone: true}, {ID: "71", Name: "trial-2"}},
	})
	s.tap("Back")
	s.tap("Not enough")
	s.tap("Start")
	s.tap("Yes, start")
	s.tap("Close") // whoever looks elsewhere is told
	lost := euro("48.00")
	s.ends(trial.Outcome{Source: profile.ByPoor, How: trial.Alarm, Saw: []trial.Sign{trial.SignBalance, trial.SignRow}, Lost: &lost, Unasked: []trial.Server{{ID: "90", Name: "trial-3"}}})
	s.command("/trial")
	s.tap("End the trial")
	around := *s.trial.Around
	around.Cart, around.Left = []zomro.CartItem{{Name: "Nova 4"}}, []trial.Server{{ID: "80", Name: "trial-t5x-1"}}
	s.trial.Around = &around
	s.command("/trial")
	s.tap("One plan")
}

// taxed is the world's trial once a cart was seen to add tax.
func (s *scene) taxed(rate string) {
	of := decimal.RequireFromString(rate)
	around := *s.trial.Around
	for _, g := range []**trial.Goods{&around.First, &around.Second} {
		is := **g
		is.Most.Amount = is.Price.Amount.Mul(of).RoundUp(2)
		*g = &is
	}
	s.trial.Rate, s.trial.Around = &of, &around
}

// ends is over, as the scene has it.
func (s *scene) ends(end trial.Outcome) {
	s.note("(the experiment ends)", func() { s.over(end, "b1") })
}
