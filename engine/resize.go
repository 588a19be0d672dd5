package engine

import (
	"context"
	"errors"
	"slices"
	"strings"
	"time"

	"zomrobot/conversation"
	"zomrobot/zomro"
)

// resizeExcluded is how long after a resize was sent it may still be carried
// out: the time limit of the call, and a margin.
const resizeExcluded = writeFor + time.Minute

// sight is what an account shows of a resize: the server, and what there is to
// spend.
type sight struct {
	Service *zomro.Service `json:"service,omitempty"` // nil: not listed
	Balance *zomro.Money   `json:"balance,omitempty"` // spendable; nil: not read
}

// see reads what the account shows of an action's server. A balance that is not
// told is left out.
func (e *Engine) see(ctx context.Context, a action) (sight, error) {
	var seen sight
	err := e.asAccount(ctx, a.Owner.User, a.Owner, a.Act.Account, func(auth zomro.Auth) error {
		services, err := e.vendor.Services(ctx, auth)
		if err != nil {
			return err
		}
		seen = sight{Service: a.serverIn(services)}
		// After the list: what was taken for what it shows is gone by now.
		balance, err := e.vendor.Balance(ctx, auth)
		if err != nil {
			e.log.Info("the balance around a resize is not known", "action", a.ID, "error", err)
			return nil
		}
		spendable := balance.Spendable()
		seen.Balance = &spendable
		return nil
	})
	return seen, err
}

// serverIn returns the server of an action; nil: it is not listed.
func (a action) serverIn(services []zomro.Service) *zomro.Service {
	i := slices.IndexFunc(services, func(s zomro.Service) bool { return s.ID == a.Act.Server })
	if i < 0 {
		return nil
	}
	return &services[i]
}

// beforeResize keeps what the account shows before a resize is sent: without it
// nothing that is seen afterwards would tell what the resize did. false: it is
// not sent.
func (e *Engine) beforeResize(a action) (sight, bool) {
	seen, err := e.see(e.ctx, a)
	if err == nil && seen.Service == nil {
		err = &zomro.Error{Op: "instances", Kind: zomro.Refused, Code: zomro.CodeMissed}
	}
	if err == nil {
		return seen, true
	}
	if e.ctx.Err() == nil {
		e.refuseAction(a.ID, *e.problem("a server before its resize", a.Owner, err))
	}
	return sight{}, false
}

// unsent reports whether a call certainly never left this machine. begun: the
// vendor's client was asked to make it.
func unsent(begun bool, err error) bool {
	var failure *zomro.Error
	return !begun || errors.As(err, &failure) && failure.Unsent
}

// judgeResize takes what the account shows since a resize was sent. Only that
// ends it as done or as refused; the answer of the call does not. at is when it
// was asked for.
func (a *action) judgeResize(seen sight, at, now time.Time) {
	if seen.Balance != nil {
		a.Balance = seen.Balance
	}
	excluded := at.Sub(a.Called) >= resizeExcluded
	s := seen.Service
	switch {
	case s == nil:
	case !s.InWork() && a.grown(*s) && (excluded || a.taken()):
		a.Stage = conversation.ActionDone
	case s.PowerState == zomro.PowerError && a.was().PowerState != zomro.PowerError && now.Sub(a.Called) >= actionSettles:
		a.Stage = conversation.ActionFailed
	case excluded && a.Unsure && a.untouched(seen):
		a.Stage = conversation.ActionRefused
		if a.Problem != nil {
			a.Problem.Kind = zomro.Refused
		}
	}
	switch {
	case a.Stage.Ended() || now.Sub(a.Called) < actionFor:
	case s != nil && s.PowerState == "resizing":
		a.Stage = conversation.ActionLate
	default:
		a.Stage = conversation.ActionUnclear
	}
}

// was is the server as it was before the call, as far as it is known.
func (a *action) was() zomro.Service {
	if a.Before == nil || a.Before.Service == nil {
		return zomro.Service{}
	}
	return *a.Before.Service
}

// grown reports whether a server is what it was asked to become: it waits for
// its new size to be confirmed, or has the plan asked for. That it costs more
// proves nothing: prices move.
func (a *action) grown(s zomro.Service) bool {
	was := a.was()
	return s.PowerState == zomro.PowerResized && was.PowerState != zomro.PowerResized ||
		samePlan(s.Plan, a.Act.Label) && !samePlan(was.Plan, a.Act.Label)
}

// samePlan compares the title of a plan in the list of servers with that in the
// list of larger plans: "Birch Intel | NL-3", "Birch Intel| NL-3" [F].
func samePlan(a, b string) bool {
	bare := func(title string) string {
		return strings.Join(strings.Fields(strings.ReplaceAll(title, "|", " | ")), " ")
	}
	return strings.EqualFold(bare(a), bare(b))
}

// taken reports whether there is less to spend than before.
func (a *action) taken() bool {
	return a.Before != nil && less(a.Before.Balance, a.Balance)
}

func less(was, is *zomro.Money) bool {
	return was != nil && is != nil && was.Currency == is.Currency && is.Amount.LessThan(was.Amount)
}

// untouched reports whether the account shows what it did before the resize.
func (a *action) untouched(seen sight) bool {
	if a.Before == nil || a.Before.Service == nil || a.Before.Balance == nil || seen.Balance == nil {
		return false
	}
	was, is := *a.Before.Service, *seen.Service
	return !is.InWork() && is.Plan == was.Plan && is.Cost == was.Cost &&
		is.Status == was.Status && is.PowerState == was.PowerState &&
		a.Before.Balance.Currency == seen.Balance.Currency && a.Before.Balance.Amount.Equal(seen.Balance.Amount)
}
