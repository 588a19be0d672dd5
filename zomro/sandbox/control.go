package sandbox

import (
	"encoding/json"
	"fmt"
	"maps"
	"mime"
	"net"
	"net/http"
	"slices"
	"time"

	"github.com/shopspring/decimal"

	"zomrobot/zomro"
)

// maxCommand is more than any command of the control API needs.
const maxCommand = 64 << 10

// command is the body of the control API's POST calls; each uses the fields
// that it needs.
type command struct {
	Fault                      // fault
	Delay     string           `json:"delay"` // fault: "2s"; activation, freeze: "20s", "never"
	ID        int              `json:"id"`    // release, remove: what fault returned; 0: all
	Login     string           `json:"login"`
	Password  string           `json:"password"`  // account, user
	Of        string           `json:"of"`        // user: the login whose account it shares
	Amount    *decimal.Decimal `json:"amount"`    // account, balance, price: EUR
	Plan      string           `json:"plan"`      // price
	Period    zomro.Period     `json:"period"`    // price
	Service   string           `json:"service"`   // remove-service, service-status, service-power, service-bytes, pay, cancel
	Code      string           `json:"code"`      // service-status; service-power: its word, "stopped"
	Used      int64            `json:"used"`      // service-bytes: of traffic
	Paid      int64            `json:"paid"`      // service-bytes: of traffic
	Name      string           `json:"name"`      // service
	Percent   decimal.Decimal  `json:"percent"`   // prices: 10 raises them all by a tenth
	LineItem  string           `json:"lineItem"`  // roll-back
	AtConfirm bool             `json:"atConfirm"` // freeze: from the next confirm on
	Behaviour json.RawMessage  `json:"behaviour"` // behave: what changes of a [Behaviour]
}

// commands are the control API's POST calls. They return what is answered.
var commands = map[string]func(*Sandbox, command) (any, error){
	"/sandbox/fault":          (*Sandbox).commandFault,
	"/sandbox/release":        (*Sandbox).commandRelease,
	"/sandbox/remove":         (*Sandbox).commandRemove,
	"/sandbox/activation":     (*Sandbox).commandActivation,
	"/sandbox/account":        (*Sandbox).commandAccount,
	"/sandbox/balance":        (*Sandbox).commandBalance,
	"/sandbox/price":          (*Sandbox).commandPrice,
	"/sandbox/prices":         (*Sandbox).commandPrices,
	"/sandbox/expire":         (*Sandbox).commandExpire,
	"/sandbox/foreign":        (*Sandbox).commandForeign,
	"/sandbox/empty":          (*Sandbox).commandEmpty,
	"/sandbox/service":        (*Sandbox).commandService,
	"/sandbox/remove-service": (*Sandbox).commandRemoveService,
	"/sandbox/service-status": (*Sandbox).commandServiceStatus,
	"/sandbox/service-power":  (*Sandbox).commandServicePower,
	"/sandbox/service-bytes":  (*Sandbox).commandServiceBytes,
	"/sandbox/behave":         (*Sandbox).commandBehave,
	"/sandbox/user":           (*Sandbox).commandUser,
	"/sandbox/freeze":         (*Sandbox).commandFreeze,
	"/sandbox/thaw":           (*Sandbox).commandThaw,
	"/sandbox/roll-back":      (*Sandbox).commandRollBack,
	"/sandbox/pay":            (*Sandbox).commandPay,
	"/sandbox/cancel":         (*Sandbox).commandCancel,
}

// Account is a customer of the vendor with all that is theirs, as it really is; and
// where the vendor shows something else, what it shows.
type Account struct {
	Login    string       `json:"login"`
	Users    []string     `json:"users,omitempty"` // the other logins
	Balance  zomro.Money  `json:"balance"`
	Shown    *zomro.Money `json:"shown,omitempty"` // the balance that is shown; nil: as it is
	Taken    zomro.Money  `json:"taken"`
	Cart     []Item       `json:"cart"`
	Stale    bool         `json:"stale,omitempty"` // an old cart is shown
	Services []Service    `json:"services"`
}

// serveControl answers the control API. Only callers on this machine are
// served, and POST only as JSON, which a foreign web page cannot send.
func (s *Sandbox) serveControl(w http.ResponseWriter, r *http.Request) {
	if !loopback(r.RemoteAddr) {
		http.Error(w, "only callers on this machine are served here", http.StatusForbidden)
		return
	}
	if run, ok := commands[r.URL.Path]; ok && r.Method == http.MethodPost {
		s.serveCommand(w, r, run)
		return
	}
	login := r.URL.Query().Get("login")
	switch r.Method + " " + r.URL.Path {
	case "GET /sandbox/calls":
		calls := s.Calls()
		for i := range calls {
			calls[i] = calls[i].Masked()
		}
		writeJSON(w, calls)
	case "GET /sandbox/orders":
		orders := s.Orders(login)
		for i := range orders {
			orders[i].Fields = masked(orders[i].Fields)
		}
		writeJSON(w, orders)
	case "GET /sandbox/charges":
		writeJSON(w, s.Charges(login))
	case "GET /sandbox/state":
		writeJSON(w, s.state())
	default:
		http.NotFound(w, r)
	}
}

func (s *Sandbox) serveCommand(w http.ResponseWriter, r *http.Request, run func(*Sandbox, command) (any, error)) {
	if kind, _, err := mime.ParseMediaType(r.Header.Get("Content-Type")); err != nil || kind != "application/json" {
		http.Error(w, "Content-Type must be application/json", http.StatusUnsupportedMediaType)
		return
	}
	var given command
	decoder := json.NewDecoder(http.MaxBytesReader(w, r.Body, maxCommand))
	decoder.DisallowUnknownFields()
	if err := decoder.Decode(&given); err != nil {
		http.Error(w, "the command is not readable: "+err.Error(), http.StatusBadRequest)
		return
	}
	result, err := run(s, given)
	if err != nil {
		http.Error(w, err.Error(), http.StatusBadRequest)
		return
	}
	s.mu.Lock()
	s.touch()
	s.mu.Unlock()
	writeJSON(w, result)
}

func writeJSON(w http.ResponseWriter, v any) {
	w.Header().Set("Content-Type", "application/json; charset=UTF-8")
	_, _ = w.Write(encode(v)) // the caller has gone: nobody to tell
}

func loopback(address string) bool {
	host, _, err := net.SplitHostPort(address)
	return err == nil && net.ParseIP(host).IsLoopback()
}

// Accounts returns all accounts, by the login that each was made with.
func (s *Sandbox) Accounts() []Account {
	s.mu.Lock()
	users := map[string][]string{}
	for _, login := range slices.Sorted(maps.Keys(s.users)) {
		owner := s.users[login].account.login
		users[owner] = append(users[owner], login)
	}
	s.mu.Unlock()
	accounts := make([]Account, 0, len(users))
	for _, login := range slices.Sorted(maps.Keys(users)) {
		others := slices.DeleteFunc(users[login], func(other string) bool { return other == login })
		shows := Account{
			Login: login, Users: others, Balance: s.Balance(login), Taken: s.Taken(login),
			Cart: s.Cart(login), Services: s.Services(login),
		}
		s.withAccount(login, func(a *account) {
			now := s.config.Now()
			shows.Stale = a.isStale(now)
			if shown := s.shown(a, now).balance; !shown.Equal(a.balance) {
				amount := money(shown)
				shows.Shown = &amount
			}
		})
		accounts = append(accounts, shows)
	}
	return accounts
}

// state returns all accounts and what clients did that must never be done.
func (s *Sandbox) state() any {
	accounts := map[string]Account{}
	for _, a := range s.Accounts() {
		accounts[a.Login] = a
	}
	return map[string]any{"accounts": accounts, "violations": s.Violations()}
}

// done is the answer of commands that have nothing to tell.
var done = map[string]any{"ok": true}

func (s *Sandbox) commandFault(c command) (any, error) {
	fault := c.Fault
	if c.Delay != "" {
		delay, err := time.ParseDuration(c.Delay)
		if err != nil {
			return nil, fmt.Errorf("sandbox: read delay of fault: %w", err)
		}
		fault.Delay = delay
	}
	if err := fault.check(); err != nil {
		return nil, err
	}
	return map[string]any{"id": s.Inject(fault).id}, nil
}

// chosen returns the injections that a command names.
func (s *Sandbox) chosen(id int) []*Injection {
	s.mu.Lock()
	defer s.mu.Unlock()
	var found []*Injection
	for _, injection := range s.injections {
		if id == 0 || injection.id == id {
			found = append(found, injection)
		}
	}
	return found
}

func (s *Sandbox) commandRelease(c command) (any, error) {
	for _, injection := range s.chosen(c.ID) {
		injection.Release()
	}
	return done, nil
}

func (s *Sandbox) commandRemove(c command) (any, error) {
	for _, injection := range s.chosen(c.ID) {
		injection.Remove()
	}
	return done, nil
}

func (s *Sandbox) commandActivation(c command) (any, error) {
	delay, err := c.span()
	if err != nil {
		return nil, err
	}
	s.SetActivation(delay)
	return done, nil
}

// span reads the command's delay: a duration, or Never.
func (c command) span() (time.Duration, error) {
	if c.Delay == "never" {
		return Never, nil
	}
	delay, err := time.ParseDuration(c.Delay)
	if err != nil || delay < 0 {
		return 0, fmt.Errorf("sandbox: delay %q is neither a duration nor never", c.Delay)
	}
	return delay, nil
}

func (s *Sandbox) commandAccount(c command) (any, error) {
	if c.Login == "" || c.Password == "" || c.Amount == nil {
		return nil, fmt.Errorf("sandbox: account: login, password and amount are needed")
	}
	s.AddAccount(c.Login, c.Password, money(*c.Amount))
	return done, nil
}

func (s *Sandbox) commandBalance(c command) (any, error) {
	if c.Amount == nil {
		return nil, fmt.Errorf("sandbox: balance: amount is needed")
	}
	return s.known(c, func() { s.SetBalance(c.Login, money(*c.Amount)) })
}

func (s *Sandbox) commandPrice(c command) (any, error) {
	if c.Amount == nil || !s.SetPrice(c.Plan, c.Period, money(*c.Amount)) {
		return nil, fmt.Errorf("sandbox: price: no plan %q with period %q, or no amount", c.Plan, c.Period)
	}
	return done, nil
}

func (s *Sandbox) commandPrices(c command) (any, error) {
	if c.Percent.LessThanOrEqual(decimal.NewFromInt(-100)) {
		return nil, fmt.Errorf("sandbox: prices: percent is %s, and nothing is free", c.Percent)
	}
	s.ScalePrices(c.Percent)
	return done, nil
}

func (s *Sandbox) commandExpire(c command) (any, error) {
	return s.known(c, func() { s.ExpireSessions(c.Login) })
}

func (s *Sandbox) commandForeign(c command) (any, error) {
	lineItem := s.PutForeignItem(c.Login)
	if lineItem == "" {
		return nil, noAccount(c)
	}
	return map[string]any{"lineItem": lineItem}, nil
}

func (s *Sandbox) commandEmpty(c command) (any, error) {
	return s.known(c, func() { s.EmptyCart(c.Login) })
}

func (s *Sandbox) commandService(c command) (any, error) {
	id := s.AddService(c.Login, c.Name)
	if id == "" {
		return nil, noAccount(c)
	}
	return map[string]any{"service": id}, nil
}

func (s *Sandbox) commandRemoveService(c command) (any, error) {
	if !s.RemoveService(c.Login, c.Service) {
		return nil, noService(c)
	}
	return done, nil
}

func (s *Sandbox) commandServiceStatus(c command) (any, error) {
	if c.Code == "" || !s.SetServiceStatus(c.Login, c.Service, c.Code) {
		return nil, noService(c)
	}
	return done, nil
}

func (s *Sandbox) commandServicePower(c command) (any, error) {
	if c.Code == "" || !s.SetPower(c.Login, c.Service, c.Code) {
		return nil, noService(c)
	}
	return done, nil
}

func (s *Sandbox) commandServiceBytes(c command) (any, error) {
	if c.Used < 0 || c.Paid < 0 || !s.SetTraffic(c.Login, c.Service, c.Used, c.Paid) {
		return nil, noService(c)
	}
	return done, nil
}

func (s *Sandbox) commandBehave(c command) (any, error) {
	behaviour, err := s.Behaviour().changed(c.Behaviour)
	if err != nil {
		return nil, err
	}
	s.Behave(behaviour)
	return behaviour, nil
}

func (s *Sandbox) commandUser(c command) (any, error) {
	if c.Login == "" || c.Password == "" || !s.AddUser(c.Login, c.Password, c.Of) {
		return nil, fmt.Errorf("sandbox: user: no login or no password, or there is no account %q", c.Of)
	}
	return done, nil
}

func (s *Sandbox) commandFreeze(c command) (any, error) {
	span, err := c.span()
	if err != nil {
		return nil, err
	}
	if c.AtConfirm {
		return s.known(c, func() { s.FreezeCartAtConfirm(c.Login, span) })
	}
	return s.known(c, func() { s.FreezeCart(c.Login, span) })
}

func (s *Sandbox) commandThaw(c command) (any, error) {
	return s.known(c, func() { s.ThawCart(c.Login) })
}

func (s *Sandbox) commandRollBack(c command) (any, error) {
	if !s.RollBack(c.Login, c.LineItem) {
		return nil, fmt.Errorf("sandbox: account %q has no row %q in its cart", c.Login, c.LineItem)
	}
	return done, nil
}

func (s *Sandbox) commandPay(c command) (any, error) {
	if !s.PayOrder(c.Login, c.Service) {
		return nil, fmt.Errorf("sandbox: account %q has no unpaid order of server %q, or no money for it", c.Login, c.Service)
	}
	return done, nil
}

func (s *Sandbox) commandCancel(c command) (any, error) {
	if !s.CancelOrder(c.Login, c.Service) {
		return nil, fmt.Errorf("sandbox: account %q has no unpaid order of server %q", c.Login, c.Service)
	}
	return done, nil
}

// known runs f if the command's account exists.
func (s *Sandbox) known(c command, f func()) (any, error) {
	if !s.withAccount(c.Login, func(*account) {}) {
		return nil, noAccount(c)
	}
	f()
	return done, nil
}

func noAccount(c command) error { return fmt.Errorf("sandbox: there is no account %q", c.Login) }

func noService(c command) error {
	return fmt.Errorf("sandbox: account %q has no server %q, or no code was given", c.Login, c.Service)
}
