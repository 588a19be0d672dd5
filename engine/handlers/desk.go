package handlers

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"log/slog"
	"time"

	"zomrobot/account"
	"zomrobot/chat"
	"zomrobot/conversation"
	"zomrobot/conversation/expense"
	"zomrobot/engine/journal"
	"zomrobot/storage"
	"zomrobot/team"
	"zomrobot/zomro"
)

// Asked is a request on behalf of a dialogue: it returns the event that answers it,
// and what joins the transaction of that event's turn. A nil event is no answer.
type Asked = func(ctx context.Context) (chat.Event, []func(storage.Tx) error)

// Vendor is what the desk asks of the vendor's client: but for the account's SSH keys it
// only reads.
type Vendor interface {
	WhoAmI(ctx context.Context, auth zomro.Auth) (zomro.User, error)
	Catalogue(ctx context.Context, auth zomro.Auth, datacenter string) (zomro.Catalogue, error)
	Form(ctx context.Context, auth zomro.Auth, plan, datacenter string, period zomro.Period) (zomro.Form, error)
	Balance(ctx context.Context, auth zomro.Auth) (zomro.Balance, error)
	Services(ctx context.Context, auth zomro.Auth) ([]zomro.Service, error)
	Cart(ctx context.Context, auth zomro.Auth) (zomro.Cart, error)
	ChargesSince(ctx context.Context, auth zomro.Auth, since time.Time) (zomro.Expenses, error)
	SSHKeys(ctx context.Context, auth zomro.Auth) ([]zomro.SSHKey, error)
	AddSSHKey(ctx context.Context, auth zomro.Auth, name, public string) error
	RenameSSHKey(ctx context.Context, auth zomro.Auth, key zomro.SSHKey, name string) error
	DeleteSSHKey(ctx context.Context, auth zomro.Auth, id string) error
	Details(ctx context.Context, auth zomro.Auth, service string) (zomro.ServiceDetails, error)
	ProlongForm(ctx context.Context, auth zomro.Auth, service string, period zomro.Period) (zomro.ProlongForm, error)
	Sizes(ctx context.Context, auth zomro.Auth, service string) ([]zomro.Size, error)
	Console(ctx context.Context, auth zomro.Auth, service string) (zomro.Console, error)
	RescueImages(ctx context.Context, auth zomro.Auth, service string) ([]zomro.Image, error)
	ISOImages(ctx context.Context, auth zomro.Auth, service string) ([]zomro.Image, error)
	RebuildForm(ctx context.Context, auth zomro.Auth, service string) (zomro.RebuildForm, error)
	Measures(ctx context.Context, auth zomro.Auth, service string, metric zomro.Metric, hours int) ([]zomro.Measure, error)
	TrafficData(ctx context.Context, auth zomro.Auth, service string) (zomro.TrafficData, error)
	Copies(ctx context.Context, auth zomro.Auth, service string, kind zomro.CopyKind) (zomro.Copies, error)
	Images(ctx context.Context, auth zomro.Auth) ([]zomro.Copy, error)
	Schedules(ctx context.Context, auth zomro.Auth, service string) (zomro.Schedules, error)
}

// Chat is what the desk asks of the chat's edge.
type Chat interface {
	// Member returns what a person is in the dialogue's group, in Telegram's words.
	Member(ctx context.Context, in chat.Key, user int64) (string, error)
	// ReadFile returns a small file that a person has sent, by its id.
	ReadFile(ctx context.Context, id string) ([]byte, error)
}

// Desk answers what dialogues ask of the vendor, of Telegram and of the store. It
// changes nothing by itself: what has to be kept joins the turn of its answer.
type Desk struct {
	Store     storage.Store
	Vendor    Vendor
	Accounts  *account.Pool
	Chat      Chat
	Now       func() time.Time
	Pause     func(ctx context.Context, by time.Duration) // returns early when ctx ends
	Log       *slog.Logger
	Allowed   func(chat.Key) bool                                                 // who may use the bot, and where
	Owner     func(user int64) bool                                               // who is an owner of the bot
	Renew     bool                                                                // servers can be renewed
	Spent     func(ctx context.Context, account string) ([]expense.Reason, error) // what money is, or was, taken for beside purchases
	catalogue catalogue                                                           // what the vendor offers, for a while
	ledger    ledger                                                              // what was charged to accounts, for a while
}

// payer returns whose account pays for what is ordered in a dialogue, and that
// account: in private one of the person's own ("" is the default one), in a
// group the team's and no other.
func (d *Desk) payer(ctx context.Context, key chat.Key, id string) (user int64, a account.Account, err error) {
	if key.Private() {
		a, err = d.Accounts.Get(ctx, key.User, id)
		return key.User, a, err
	}
	tm, _, err := storage.Read[team.Team](ctx, d.Store, journal.TeamKey(journal.TeamID(key)))
	switch {
	case err != nil:
		return 0, account.Account{}, err
	case tm.Account == nil:
		return 0, account.Account{}, account.ErrNone
	case id != "" && id != tm.Account.ID:
		return 0, account.Account{}, account.ErrOther
	}
	a, err = d.Accounts.Get(ctx, tm.Account.Holder, tm.Account.ID)
	return tm.Account.Holder, a, err
}

// Problem turns an error into what the dialogue can tell, and logs it.
func (d *Desk) Problem(ctx context.Context, what string, key chat.Key, err error) *conversation.Problem {
	d.Log.InfoContext(ctx, "a request of a dialogue failed", "what", what, "error", err)
	if errors.Is(err, account.ErrNone) || errors.Is(err, account.ErrOther) {
		return d.notConnected(ctx, key)
	}
	var failure *zomro.Error
	if errors.As(err, &failure) {
		p := &conversation.Problem{Kind: failure.Kind, Code: failure.Code, Object: failure.Object, Message: failure.Message}
		if !key.Private() {
			p = p.Withhold()
		}
		return p
	}
	if ctx.Err() != nil || errors.Is(err, storage.ErrLost) || errors.Is(err, storage.ErrClosed) {
		return &conversation.Problem{} // the bot stops, or leads no more
	}
	d.Log.ErrorContext(ctx, "a fault of our own", "what", what, "error", fmt.Sprintf("%v", err))
	return &conversation.Problem{}
}

// notConnected says which account is not connected: in private the person's own, in a group
// the team's, and who has to log in to it again.
func (d *Desk) notConnected(ctx context.Context, key chat.Key) *conversation.Problem {
	if key.Private() {
		return &conversation.Problem{Kind: zomro.Denied, Code: conversation.CodeNoAccount}
	}
	none := &conversation.Problem{Kind: zomro.Denied, Code: conversation.CodeNoTeamAccount}
	tm, _, err := storage.Read[team.Team](ctx, d.Store, journal.TeamKey(journal.TeamID(key)))
	if err != nil || tm.Account == nil {
		return none
	}
	if _, err := d.Accounts.Get(ctx, tm.Account.Holder, tm.Account.ID); err == nil {
		return none // another one pays for the team now
	}
	return &conversation.Problem{Kind: zomro.Denied, Code: conversation.CodeHolderOut, Message: tm.Name(tm.Account.Holder)}
}

// LoadSecret reads a secret; a zero one when there is none.
func (d *Desk) LoadSecret(ctx context.Context, key string) (zomro.Secret, error) {
	s, _, err := storage.Read[journal.Secret](ctx, d.Store, key)
	return zomro.NewSecret(s.Text), err
}

// NewPassword returns a random password, as the vendor takes them.
func NewPassword() zomro.Secret { return conversation.MakePasswordFrom(rand.Reader) }

// newPassword makes a password, and what keeps it as a secret of the dialogue.
func newPassword(key chat.Key, slot string) (zomro.Secret, func(storage.Tx) error) {
	password := NewPassword()
	return password, func(tx storage.Tx) error {
		return storage.Put(tx, journal.SecretKey(key, slot), journal.Secret{Text: password.Reveal()})
	}
}
