package engine

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"time"

	"zomrobot/account"
	"zomrobot/chat"
	"zomrobot/conversation"
	"zomrobot/storage"
	"zomrobot/team"
	"zomrobot/zomro"
)

// asked is a request on behalf of a dialogue: it returns the event that answers it,
// and what joins the transaction of that event's turn. A nil event is no answer.
type asked = func(ctx context.Context) (chat.Event, []func(storage.Tx) error)

// An errand is on behalf of which dialogue an effect is carried out after the commit.
type errand struct {
	key  chat.Key
	lang string
	in   int64 // the id that the chat had at the commit; 0: its first one
}

// desk answers what dialogues ask of the vendor, of Telegram and of the store. It
// changes nothing by itself: what is to be kept joins the turn of its answer.
type desk struct {
	store     storage.Store
	vendor    Vendor
	accounts  *account.Pool
	chat      *chats
	now       func() time.Time
	log       *slog.Logger
	allowed   func(chat.Key) bool // who may use the bot, and where
	catalogue catalogue           // what the vendor offers, for a while
}

// payer returns whose account pays for what is ordered in a dialogue, and that
// account: in private one of the person's own ("" is the default one), in a
// group the team's and no other.
func (d *desk) payer(ctx context.Context, key chat.Key, id string) (user int64, a account.Account, err error) {
	if key.Private() {
		a, err = d.accounts.Get(ctx, key.User, id)
		return key.User, a, err
	}
	tm, _, err := storage.Read[team.Team](ctx, d.store, teamKey(teamID(key)))
	switch {
	case err != nil:
		return 0, account.Account{}, err
	case tm.Account == nil:
		return 0, account.Account{}, account.ErrNone
	case id != "" && id != tm.Account.ID:
		return 0, account.Account{}, account.ErrOther
	}
	a, err = d.accounts.Get(ctx, tm.Account.Holder, tm.Account.ID)
	return tm.Account.Holder, a, err
}

// problem turns an error into what the dialogue can tell, and logs it.
func (d *desk) problem(what string, key chat.Key, err error) *conversation.Problem {
	d.log.Info("a request of a dialogue failed", "what", what, "dialogue", key.String(), "error", err)
	if errors.Is(err, account.ErrNone) || errors.Is(err, account.ErrOther) {
		return &conversation.Problem{Kind: zomro.Denied, Code: conversation.CodeNoAccount}
	}
	var failure *zomro.Error
	if errors.As(err, &failure) {
		p := &conversation.Problem{Kind: failure.Kind, Code: failure.Code, Object: failure.Object, Message: failure.Message}
		if !key.Private() {
			p = p.Withhold()
		}
		return p
	}
	d.log.Error("a fault of our own", "what", what, "dialogue", key.String(), "error", fmt.Sprintf("%v", err))
	return &conversation.Problem{}
}

// loadSecret reads a secret; a zero one when there is none.
func (d *desk) loadSecret(ctx context.Context, key string) (zomro.Secret, error) {
	s, _, err := storage.Read[secret](ctx, d.store, key)
	return zomro.NewSecret(s.Text), err
}
