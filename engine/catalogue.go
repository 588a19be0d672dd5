package engine

import (
	"context"
	"crypto/rand"
	"sync"
	"time"

	"golang.org/x/sync/singleflight"

	"zomrobot/chat"
	"zomrobot/conversation"
	orderflow "zomrobot/conversation/order"
	"zomrobot/storage"
	"zomrobot/zomro"
)

// How long a catalogue is offered. A price that changed in between is caught
// before it is paid.
const (
	catalogueFor  = orderflow.CatalogueFresh // without asking the vendor again
	catalogueWait = 10 * time.Second         // also to those who want a fresh one: they may be many
	catalogueLast = 24 * time.Hour           // when the vendor does not answer
)

// catalogue keeps the vendor's catalogues for a while, by language and
// datacenter: they are the same for everybody. There are few of them, so that
// none is ever dropped.
type catalogue struct {
	mu    sync.Mutex
	known map[string]offer
	group singleflight.Group
}

// offer is a catalogue as the vendor told it at a time.
type offer struct {
	catalogue zomro.Catalogue
	at        time.Time
	silent    bool // it is the last that is known: the vendor does not tell a newer one
}

// get returns a catalogue that is not older than most. An empty one may be a
// passing fault [i] and is not kept for long.
func (c *catalogue) get(name string, now time.Time, most time.Duration) (offer, bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	o, ok := c.known[name]
	if o.empty() {
		most = min(most, catalogueWait)
	}
	return o, ok && now.Sub(o.at) < most
}

func (o offer) empty() bool { return len(o.catalogue.Plans) == 0 }

func (c *catalogue) put(o offer, names ...string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.known == nil {
		c.known = make(map[string]offer)
	}
	for _, name := range names {
		if last, ok := c.known[name]; ok && o.empty() && !last.empty() && o.at.Sub(last.at) < catalogueLast {
			continue
		}
		c.known[name] = o
	}
}

func (e *Engine) loadCatalogue(er errand, load orderflow.LoadCatalogue) asked {
	key, lang := er.key, er.lang
	return func(ctx context.Context) (chat.Event, []func(storage.Tx) error) {
		event := orderflow.CatalogueLoaded{Draft: load.Draft, Datacenter: load.Datacenter}
		var found offer
		user, a, err := e.payer(ctx, key, load.Account)
		if err == nil {
			found, err = e.findCatalogue(ctx, user, a.ID, lang, load.Datacenter, load.Fresh)
		}
		if err != nil {
			event.Problem = e.problem("catalogue", key, err)
		}
		event.Catalogue, event.At, event.Silent = found.catalogue, found.at, found.silent
		return event, nil
	}
}

// findCatalogue returns a catalogue that is new enough. Those who ask at the
// same time share one request. When the vendor does not answer, or answers with
// an empty list where there was a full one, it is the last
// one that is known.
func (e *Engine) findCatalogue(ctx context.Context, user int64, account, lang, datacenter string, fresh bool) (offer, error) {
	name := lang + "/" + datacenter
	most := catalogueFor
	if fresh {
		most = catalogueWait
	}
	if found, ok := e.catalogue.get(name, e.now(), most); ok {
		return found, nil
	}
	fetch := func() (any, error) { return e.fetchCatalogue(ctx, user, account, lang, datacenter) }
	answer, err, shared := e.catalogue.group.Do(name, fetch)
	if shared && zomro.KindOf(err) == zomro.Denied {
		answer, err = fetch() // it may have been somebody else's session that was denied
	}
	found, _ := answer.(offer)
	last, known := e.catalogue.get(name, e.now(), catalogueLast)
	silent := zomro.KindOf(err) == zomro.Transient || zomro.KindOf(err) == zomro.Unreadable || err == nil && found.empty()
	if silent && known && !last.empty() {
		e.log.Info("the vendor tells no catalogue; the last one is offered", "datacenter", datacenter, "at", last.at, "error", err)
		last.silent = true
		return last, nil
	}
	return found, err
}

func (e *Engine) fetchCatalogue(ctx context.Context, user int64, account, lang, datacenter string) (offer, error) {
	var found zomro.Catalogue
	err := e.accounts.With(ctx, user, account, lang, func(auth zomro.Auth) (err error) {
		found, err = e.vendor.Catalogue(ctx, auth, datacenter)
		return err
	})
	if err != nil {
		return offer{}, err
	}
	for _, left := range found.LeftOut {
		e.log.Debug("a plan of the catalogue is not offered", "plan", left.ID, "title", left.Title, "reason", left.Reason)
	}
	o := offer{catalogue: found, at: e.now().UTC()}
	// What was asked for without a datacenter is that of the one it names.
	e.catalogue.put(o, lang+"/"+datacenter, lang+"/"+found.Datacenter)
	return o, nil
}

// loadForm is not kept: the form holds the account's own keys and images.
func (e *Engine) loadForm(er errand, load orderflow.LoadForm) asked {
	key, lang := er.key, er.lang
	return func(ctx context.Context) (chat.Event, []func(storage.Tx) error) {
		event := orderflow.FormLoaded{Draft: load.Draft, Asked: load.Account, Plan: load.Plan, Datacenter: load.Datacenter}
		user, a, err := e.payer(ctx, key, load.Account)
		if err == nil {
			event.Account = a.ID
			err = e.accounts.WithAccount(ctx, user, a, lang, func(auth zomro.Auth) (err error) {
				event.Form, err = e.vendor.Form(ctx, auth, load.Plan, load.Datacenter, load.Period)
				return err
			})
		}
		if err != nil {
			event.Problem = e.problem("order form", key, err)
		}
		return event, nil
	}
}

func (e *Engine) loadBalance(er errand, load orderflow.LoadBalance) asked {
	key, lang := er.key, er.lang
	return func(ctx context.Context) (chat.Event, []func(storage.Tx) error) {
		event := orderflow.BalanceLoaded{Draft: load.Draft, Asked: load.Account}
		user, a, err := e.payer(ctx, key, load.Account)
		if err == nil {
			event.Account = a.ID
			err = e.accounts.WithAccount(ctx, user, a, lang, func(auth zomro.Auth) error {
				balance, err := e.vendor.Balance(ctx, auth)
				if err == nil {
					event.Balance = &balance
				}
				return err
			})
		}
		if err != nil {
			e.problem("balance", key, err)
		}
		return event, nil
	}
}

func (e *Engine) makePassword(er errand, effect orderflow.MakePassword) asked {
	key := er.key
	return func(context.Context) (chat.Event, []func(storage.Tx) error) {
		password := conversation.MakePasswordFrom(rand.Reader)
		keep := func(tx storage.Tx) error {
			return storage.Put(tx, secretKey(key, conversation.SlotPassword), secret{Text: password.Reveal()})
		}
		return orderflow.PasswordMade{Draft: effect.Draft, Password: password}, []func(storage.Tx) error{keep}
	}
}
