package handlers

import (
	"context"
	"strings"
	"sync"
	"time"

	"golang.org/x/sync/singleflight"

	orderflow "zomrobot/conversation/order"
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

// findCatalogue returns a catalogue that is new enough. Those who ask at the
// same time share one request. When the vendor does not answer, or answers with
// an empty list where there was a full one, it is the last
// one that is known.
func (d *Desk) findCatalogue(ctx context.Context, user int64, account, lang, datacenter string, fresh bool) (offer, error) {
	name := lang + "/" + datacenter
	most := catalogueFor
	if fresh {
		most = catalogueWait
	}
	if found, ok := d.catalogue.get(name, d.Now(), most); ok {
		return found, nil
	}
	fetch := func() (any, error) { return d.fetchCatalogue(ctx, user, account, lang, datacenter) }
	answer, err, shared := d.catalogue.group.Do(name, fetch)
	if shared && zomro.KindOf(err) == zomro.Denied {
		answer, err = fetch() // it may have been somebody else's session that was denied
	}
	found, _ := answer.(offer)
	last, known := d.catalogue.get(name, d.Now(), catalogueLast)
	silent := zomro.KindOf(err) == zomro.Transient || zomro.KindOf(err) == zomro.Unreadable || err == nil && found.empty()
	if silent && known && !last.empty() {
		d.Log.InfoContext(ctx, "the vendor tells no catalogue; the last one is offered", "datacenter", datacenter, "at", last.at, "error", err)
		last.silent = true
		return last, nil
	}
	return found, err
}

// last returns the newest catalogue in a language that is known, whichever
// datacenter's it is; an empty one when none is. The vendor is not asked.
func (c *catalogue) last(lang string, now time.Time) zomro.Catalogue {
	c.mu.Lock()
	defer c.mu.Unlock()
	var newest offer
	for name, o := range c.known {
		if strings.HasPrefix(name, lang+"/") && !o.empty() && now.Sub(o.at) < catalogueLast && o.at.After(newest.at) {
			newest = o
		}
	}
	return newest.catalogue
}

func (d *Desk) fetchCatalogue(ctx context.Context, user int64, account, lang, datacenter string) (offer, error) {
	var found zomro.Catalogue
	err := d.Accounts.With(ctx, user, account, lang, func(auth zomro.Auth) (err error) {
		found, err = d.Vendor.Catalogue(ctx, auth, datacenter)
		return err
	})
	if err != nil {
		return offer{}, err
	}
	for _, left := range found.LeftOut {
		d.Log.DebugContext(ctx, "a plan of the catalogue is not offered", "plan", left.ID, "title", left.Title, "reason", left.Reason)
	}
	o := offer{catalogue: found, at: d.Now().UTC()}
	// What was asked for without a datacenter is that of the one it names.
	d.catalogue.put(o, lang+"/"+datacenter, lang+"/"+found.Datacenter)
	return o, nil
}
