package engine

import (
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
