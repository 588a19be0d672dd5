package bill

import (
	"zomrobot/chat"
	"zomrobot/purchase"
)

// Alarming reports whether the news of a stage say what will not be so for ever: that it
// is not known whether something is paid, that it is not, that the server is to come, or that
// servers are there, which can be deleted or vanish.
func Alarming(of Stage) bool {
	return of == StageUnknown || of == StageOrdered || of == StagePaid || of == StageActive
}

// Settled reports whether what the news of an alarming stage said is over.
func Settled(of Stage, now Purchase) bool {
	switch {
	case of == StageActive:
		return now.Gone.Any() || len(now.Missing) > 0
	case now.Question != nil:
		return true
	case of == StagePaid && now.Stage == StageActivating:
		return false
	default:
		return now.Stage != of
	}
}

// Over reports whether what the news of an alarming stage said will not change again once it is
// settled: of several servers the others can be deleted, too, and one that is missing can be
// listed again.
func Over(of Stage, now Purchase) bool {
	return of != StageActive || now.Gone.All() && now.Gone.Missing == 0
}

// SettledNews is what a message with the news of an alarming stage says once that is
// over.
func SettledNews(of Stage, now Purchase) chat.Screen {
	if of == StageActive {
		news, _ := PurchaseNews(of, now)
		return news
	}
	s := chat.Screen{Lines: now.title()}
	if of == StagePaid {
		s.Lines = append(s.Lines, chat.Say("news.paid", "Item", chat.Arg{Code: now.LineItem}))
	}
	// It is not said again how it goes on, and nothing of money while it does: only what
	// will stay so. The card below says the rest.
	switch {
	case now.Question != nil:
		s.Lines = append(s.Lines, chat.Say("news.settled_asks"))
		return s
	case now.PaysOn != nil && now.Stage == StageActive: // as before it was seen: the card says until when
		s.Lines = append(s.Lines, chat.Say("news.settled", "Stage", chat.Say("orders.stage."+string(StagePaid))))
	case now.Stage.Ended():
		s.Lines = append(s.Lines, chat.Say("news.settled", "Stage", chat.Say("orders.stage."+string(now.Stage))))
	case now.Charged == purchase.WasCharged:
		s.Lines = append(s.Lines, chat.Say("news.settled", "Stage", chat.Say("orders.stage."+string(StagePaid))))
	default:
		s.Lines = append(s.Lines, chat.Say("news.settled_open"))
		return s
	}
	if now.Charged == purchase.WasCharged && !now.Stage.underWay() {
		s.Lines = append(s.Lines, now.takenText()...)
	} else {
		s.Lines = append(s.Lines, now.chargedText())
	}
	return s
}
