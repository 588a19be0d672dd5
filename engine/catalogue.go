package engine

import (
	"context"
	"crypto/rand"
	"sync"
	"time"

	"golang.org/x/sync/singleflight"

	"zomrobot/conversation"
	"zomrobot/storage"
	"zomrobot/zomro"
)

// catalogueFor is how long the vendor's catalogue is offered without asking
// again. A price that changed in between is caught before it is paid.
const catalogueFor = 5 * time.Minute

// asked is a request to the vendor on behalf of a dialogue: it returns the
// event that answers it, and what joins the transaction of that event's turn.
type asked = func(ctx context.Context) (conversation.Event, []func(storage.Tx) error)

// catalogue keeps the vendor's catalogues for a while, by language and
// datacenter: they are the same for everybody.
type catalogue struct {
	mu    sync.Mutex
	known map[string]knownCatalogue
	group singleflight.Group
}

type knownCatalogue struct {
	catalogue zomro.Catalogue
	at        time.Time
}

func (c *catalogue) get(name string, now time.Time) (zomro.Catalogue, bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	k, ok := c.known[name]
	return k.catalogue, ok && now.Sub(k.at) < catalogueFor
}

func (c *catalogue) put(name string, found zomro.Catalogue, now time.Time) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.known == nil {
		c.known = make(map[string]knownCatalogue)
	}
	c.known[name] = knownCatalogue{catalogue: found, at: now}
}

func (e *Engine) loadCatalogue(key conversation.Key, lang string, load conversation.LoadCatalogue) asked {
	return func(ctx context.Context) (conversation.Event, []func(storage.Tx) error) {
		event := conversation.CatalogueLoaded{Draft: load.Draft, Datacenter: load.Datacenter}
		found, err := e.findCatalogue(ctx, key.User, lang, load.Datacenter, load.Fresh)
		if err != nil {
			event.Problem = e.problem("catalogue", key, err)
		}
		event.Catalogue = found
		return event, nil
	}
}

func (e *Engine) findCatalogue(ctx context.Context, user int64, lang, datacenter string, fresh bool) (zomro.Catalogue, error) {
	name := lang + "/" + datacenter
	if found, ok := e.catalogue.get(name, e.now()); ok && !fresh {
		return found, nil
	}
	fetch := func() (any, error) { return e.fetchCatalogue(ctx, user, lang, datacenter, name) }
	found, err, shared := e.catalogue.group.Do(name, fetch)
	if shared && zomro.KindOf(err) == zomro.Denied {
		found, err = fetch() // it may have been somebody else's session that was denied
	}
	if err != nil {
		return zomro.Catalogue{}, err
	}
	return found.(zomro.Catalogue), nil
}

func (e *Engine) fetchCatalogue(ctx context.Context, user int64, lang, datacenter, name string) (zomro.Catalogue, error) {
	var found zomro.Catalogue
	err := e.withSession(ctx, user, lang, func(auth zomro.Auth) (err error) {
		found, err = e.vendor.Catalogue(ctx, auth, datacenter)
		return err
	})
	if err != nil {
		return zomro.Catalogue{}, err
	}
	for _, left := range found.LeftOut {
		e.log.Debug("a plan of the catalogue is not offered", "plan", left.ID, "title", left.Title, "reason", left.Reason)
	}
	e.catalogue.put(name, found, e.now())
	return found, nil
}

// loadForm is not kept: the form holds the account's own keys and images.
func (e *Engine) loadForm(key conversation.Key, lang string, load conversation.LoadForm) asked {
	return func(ctx context.Context) (conversation.Event, []func(storage.Tx) error) {
		event := conversation.FormLoaded{Draft: load.Draft, Plan: load.Plan, Datacenter: load.Datacenter}
		err := e.withSession(ctx, key.User, lang, func(auth zomro.Auth) (err error) {
			event.Form, err = e.vendor.Form(ctx, auth, load.Plan, load.Datacenter, load.Period)
			return err
		})
		if err != nil {
			event.Problem = e.problem("order form", key, err)
		}
		return event, nil
	}
}

func (e *Engine) loadBalance(key conversation.Key, lang string, load conversation.LoadBalance) asked {
	return func(ctx context.Context) (conversation.Event, []func(storage.Tx) error) {
		event := conversation.BalanceLoaded{Draft: load.Draft}
		err := e.withSession(ctx, key.User, lang, func(auth zomro.Auth) error {
			balance, err := e.vendor.Balance(ctx, auth)
			if err == nil {
				event.Balance = &balance
			}
			return err
		})
		if err != nil {
			e.problem("balance", key, err)
		}
		return event, nil
	}
}

func (e *Engine) makePassword(key conversation.Key, effect conversation.MakePassword) asked {
	return func(context.Context) (conversation.Event, []func(storage.Tx) error) {
		password := conversation.MakePasswordFrom(rand.Reader)
		keep := func(tx storage.Tx) error {
			return storage.Put(tx, secretKey(key, conversation.SlotPassword), secret{Text: password.Reveal()})
		}
		return conversation.PasswordMade{Draft: effect.Draft, Password: password}, []func(storage.Tx) error{keep}
	}
}
