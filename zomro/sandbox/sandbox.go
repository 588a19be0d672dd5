package sandbox

import (
	"net/http"
	"sync"
	"time"

	"github.com/shopspring/decimal"

	"zomrobot/zomro"
)

// currency is the only one that the vendor's prices have [R].
const currency = "EUR"

// Never is the activation delay that keeps new services in "Activation in
// progress" for ever.
const Never time.Duration = -1

// Shape is a generation of the vendor's answers.
type Shape string

// The generations of the pricelist that are known.
const (
	Shape2026 Shape = "2026" // list "instances", keyvalue, all prices in a row [R]
	Shape2024 Shape = "2024" // list "pricelist", one price in a row, title.main [F][A]
)

// Config is how a Sandbox is made. The zero value is ready to use.
type Config struct {
	// Now is the clock; nil means time.Now.
	Now func() time.Time
	// ActivationDelay is how long a new service stays in "Activation in
	// progress"; zero means it is active at once, Never that it stays so.
	ActivationDelay time.Duration
	// SoldOutDelay is added for plans that are sold out; zero means 72 hours,
	// the vendor's "up to 3 days" [F].
	SoldOutDelay time.Duration
	// WorkDelay is how long starting, stopping and the like take; zero means
	// that they are done at once, Never that they never are.
	WorkDelay time.Duration
	// Facts is what is true of this vendor of what nobody has published. What is not
	// said is as [profile.Table] expects.
	Facts Facts
	// VATPercent is the rate of the tax where the cart's total is with it
	// ([profile.CartTotal]), and with it what a confirm charges; zero means 21.
	VATPercent decimal.Decimal
	// Promos are the promo codes that exist; nil means [DemoPromos].
	Promos []Promo
	// Shape is the generation of the answers; empty means Shape2026.
	Shape Shape
	// WithArticle462 adds datacenter 13 with plan 6740, so that the complete
	// example of the vendor's article 462 can be ordered.
	WithArticle462 bool
	// Latency is how long a call of a function takes, half of it before the work and
	// half after it, by the real clock.
	Latency time.Duration
}

// Sandbox is the stand-in. Its methods may be called at any time, also while
// it serves.
type Sandbox struct {
	config Config

	mu         sync.Mutex
	plans      []*plan
	activation time.Duration
	users      map[string]*user // by login
	sessions   map[string]*session
	injections []*Injection

	bareConsole bool // see SetBareConsole

	calls      []*Call
	called     int
	violations []string
	changed    chan struct{}
	lastID     map[string]int

	served map[string][]*Call       // calls that are served now, by their session
	turns  map[string]chan struct{} // taken by the one call that is served, by its session; with BesideQueued

	behaviour  Behaviour
	postponed  []postponed // in the order in which they are due
	surcharges []surcharge
}

// New returns a sandbox with the catalogue and without accounts. It panics if it shows
// none of [Config].Facts.
func New(config Config) *Sandbox {
	if config.Now == nil {
		config.Now = time.Now
	}
	if err := config.Facts.check(); err != nil {
		panic(err)
	}
	if config.VATPercent.IsZero() {
		config.VATPercent = vat
	}
	if config.SoldOutDelay == 0 {
		config.SoldOutDelay = 72 * time.Hour
	}
	if config.Promos == nil {
		config.Promos = DemoPromos()
	}
	if config.Shape == "" {
		config.Shape = Shape2026
	}
	return &Sandbox{
		config:     config,
		plans:      makeCatalogue(config.WithArticle462),
		activation: config.ActivationDelay,
		users:      map[string]*user{},
		sessions:   map[string]*session{},
		changed:    make(chan struct{}),
		served:     map[string][]*Call{},
		turns:      map[string]chan struct{}{},
		lastID: map[string]int{
			"user": 70_000, "lineitem": 2_000, "service": 6_100_000, "key": 510, "address": 0, "session": 0, "fault": 0, "image": 300, "schedule": 40,
			"charge": 40_000, "payment": 300,
		},
	}
}

// ServeHTTP answers the vendor's functions at "/" and "/billmgr", and the
// control API under "/sandbox/".
func (s *Sandbox) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	switch r.URL.Path {
	case "/", "/billmgr":
		s.serveVendor(w, r)
	default:
		s.serveControl(w, r)
	}
}

// Close lets every held call go and removes all faults, so that a server in
// front of the sandbox can be shut down.
func (s *Sandbox) Close() {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, injection := range s.injections {
		injection.release()
	}
	s.injections = nil
}

// next returns the next id of a kind; ids only grow.
func (s *Sandbox) next(kind string) int {
	s.lastID[kind]++
	return s.lastID[kind]
}

// money is an amount in the sandbox's currency.
func money(amount decimal.Decimal) zomro.Money {
	return zomro.Money{Amount: amount, Currency: currency}
}

// cents rounds to two decimals, as every amount of the vendor is written.
func cents(amount decimal.Decimal) decimal.Decimal { return amount.Round(2) }
