package sandbox

import (
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/shopspring/decimal"

	"zomrobot/zomro"
	"zomrobot/zomro/profile"
)

// service is a server of an account.
type service struct {
	id, name   string
	plan       *plan
	period     zomro.Period
	image      image
	created    time.Time
	opened     time.Time // when its activation began
	bought     time.Time // when it came to be; zero: it was always listed
	paid       time.Time // until when
	code       string    // item_status.$orig
	power      string    // instance_status
	cost       decimal.Decimal
	ipv4, ipv6 string
	soldOut    bool
	closed     time.Time // when its deletion was asked for
	was        *plan     // before a resize that is not settled yet
	wasCost    decimal.Decimal
	then       work // what is being done with it
	kept       int  // how many scheduled backups are kept; 0: nothing was said
	rdns       string
	keepsDNS   bool   // it takes another reverse DNS and keeps the old one
	renewal    string // autoprolong; "": as it was ordered
	debt       *debt
	used, free int64 // bytes of traffic: used, and paid for
}

// codeOrdered is the item_status of a server that is not paid for [F].
const codeOrdered = "1"

// activate begins the activation of a server that was paid.
func (v *service) activate(now time.Time) {
	v.code, v.power, v.opened, v.paid, v.debt = "5_open", "creating", now, paidUntil(v.period, now), nil
}

// Service is a server, as tests see it.
type Service struct {
	ID         string    `json:"id"`
	Name       string    `json:"name"`
	Plan       string    `json:"plan"`
	Datacenter string    `json:"datacenter"`
	Image      string    `json:"image"`
	Status     string    `json:"status"` // the vendor's code: "5_open", "2"
	Power      string    `json:"power"`  // the vendor's word: "creating", "active"
	IPv4       string    `json:"ipv4,omitempty"`
	IPv6       string    `json:"ipv6,omitempty"`
	Created    time.Time `json:"created"`
	Unpaid     bool      `json:"unpaid,omitempty"` // in the list of unpaid orders
}

// statusWords are the vendor's for the codes of item_status [F][A].
var statusWords = map[string]string{
	"1": "Ordered", "2": "Active", "3": "Temporary suspended", "4": "Deleted",
	"3_employeesuspend": "Suspended by administrator", "3_autosuspend": "Suspended", "3_abusesuspend": "Suspended due to abuse",
	"5_open": "Activation in progress", "5_close": "Deletion in progress",
}

// Services returns an account's servers, the oldest first.
func (s *Sandbox) Services(login string) []Service {
	services := []Service{}
	s.withAccount(login, func(a *account) {
		for _, v := range a.services {
			services = append(services, Service{
				ID: v.id, Name: v.name, Plan: v.plan.id, Datacenter: v.plan.place.id, Image: v.image.label,
				Status: v.code, Power: v.power, IPv4: v.ipv4, IPv6: v.ipv6, Created: v.created, Unpaid: a.owes(v.id) != nil,
			})
		}
	})
	return services
}

// AddService gives an account an active server that was bought elsewhere, and
// returns its id; "" if there is no such account. The balance is left alone.
func (s *Sandbox) AddService(login, name string) string {
	id := ""
	s.withAccount(login, func(a *account) {
		p := s.plans[1]
		added := s.newService(&item{
			plan: p, period: zomro.Month, count: 1, name: name, image: a.imagesFor(p)[0], addons: initialAddons(p),
		}, s.config.Now())
		added.code, added.power = "2", "active"
		a.services = append(a.services, added)
		id = added.id
	})
	return id
}

// RemoveService makes a server vanish from the list. It reports whether there
// was one.
func (s *Sandbox) RemoveService(login, id string) bool {
	removed := false
	s.withAccount(login, func(a *account) {
		before := len(a.services)
		a.services = slices.DeleteFunc(a.services, func(v *service) bool { return v.id == id })
		removed = len(a.services) < before
	})
	return removed
}

// SetServiceStatus gives a server a code of item_status: "3_abusesuspend", "4",
// "5_open", … It reports whether there is such a server.
func (s *Sandbox) SetServiceStatus(login, id, code string) bool {
	found := false
	s.withAccount(login, func(a *account) {
		if v := a.service(id); v != nil {
			v.code, found = code, true
		}
	})
	return found
}

// SetPower gives a server a word of instance_status, as when it stops by itself: "stopped",
// "error", "active". It reports whether there is such a server.
func (s *Sandbox) SetPower(login, id, word string) bool {
	found := false
	s.withAccount(login, func(a *account) {
		if v := a.service(id); v != nil {
			v.power, found = word, true
		}
	})
	return found
}

// SetTraffic sets how many bytes of traffic a server has used, and how many are paid for;
// 0 is shown as "-". It reports whether there is such a server.
func (s *Sandbox) SetTraffic(login, id string, used, paid int64) bool {
	found := false
	s.withAccount(login, func(a *account) {
		if v := a.service(id); v != nil {
			v.used, v.free, found = used, paid, true
		}
	})
	return found
}

// SetKeepsDNS has a server answer that it takes another reverse DNS, and keep the old
// one. It reports whether there is such a server.
func (s *Sandbox) SetKeepsDNS(login, id string) bool {
	found := false
	s.withAccount(login, func(a *account) {
		if v := a.service(id); v != nil {
			v.keepsDNS, found = true, true
		}
	})
	return found
}

// SetPaid sets the days on which a server was ordered and until which it is paid.
// It reports whether there is such a server.
func (s *Sandbox) SetPaid(login, id string, ordered, until time.Time) bool {
	found := false
	s.withAccount(login, func(a *account) {
		if v := a.service(id); v != nil {
			v.created, v.paid, found = ordered, until, true
		}
	})
	return found
}

// SetBilled has a server billed by another period of its plan. It reports whether there
// is such a server and such a price.
func (s *Sandbox) SetBilled(login, id string, period zomro.Period) bool {
	found := false
	s.withAccount(login, func(a *account) {
		v := a.service(id)
		if v == nil {
			return
		}
		if cost, offered := v.plan.prices[period]; offered {
			v.period, v.cost, v.renewal, found = period, cost, "", true
		}
	})
	return found
}

// SetActivation changes how long new services, and those in activation now,
// take to become active; Never keeps them so.
func (s *Sandbox) SetActivation(delay time.Duration) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.settle(s.config.Now())
	s.activation = delay
}

// settle activates and removes what has come due, and ends what was being done.
func (a *account) settle(now time.Time, delay, soldOut time.Duration) {
	for _, v := range a.services {
		v.then.settle(v, now)
	}
	if delay == Never {
		return
	}
	for _, v := range a.services {
		due := v.opened.Add(delay)
		if v.soldOut {
			due = due.Add(soldOut)
		}
		if v.code == "5_open" && !now.Before(due) {
			v.code, v.power = "2", "active"
		}
	}
	a.services = slices.DeleteFunc(a.services, func(v *service) bool {
		return v.code == "5_close" && !now.Before(v.closed.Add(delay))
	})
}

func (a *account) service(id string) *service {
	for _, v := range a.services {
		if v.id == id {
			return v
		}
	}
	return nil
}

// instances lists the servers [F], through the session's filter: the vendor
// keeps one on its side too [F].
func (s *Sandbox) instances(r *request) (object, *failure) {
	services := slices.Clone(r.account.services)
	if r.get("p_col") == "-id" {
		slices.Reverse(services)
	}
	rows := []object{}
	lag := s.lag(profile.ListedWhen, profile.Later)
	for _, v := range services {
		if v.passes(r.session.filter) && (v.bought.IsZero() || !r.now.Before(v.bought.Add(lag))) {
			rows = append(rows, v.row(r))
		}
	}
	return paged(r, rows), nil
}

// serverList is v2.instances, of which nobody has seen that it lists servers [i].
func (s *Sandbox) serverList(r *request) (object, *failure) {
	switch s.answer(profile.ServerList) {
	case profile.Listed:
		return s.instances(r)
	case profile.Missed:
		return nil, noFunction(r)
	default:
		return accepted(), nil
	}
}

// instancesFilter sets the session's filter, or shows it [F].
func (s *Sandbox) instancesFilter(r *request) (object, *failure) {
	names := []string{"id", "name", "ip"}
	if r.submitted() {
		r.session.filter = map[string]string{}
		for _, name := range names {
			r.session.filter[name] = r.get(name)
		}
		return accepted(), nil
	}
	body := object{}
	for _, name := range names {
		body[name] = value(r.session.filter[name])
	}
	return body, nil
}

func (v *service) passes(filter map[string]string) bool {
	return (filter["id"] == "" || filter["id"] == v.id) &&
		strings.Contains(v.name, filter["name"]) && strings.Contains(v.ipv4, filter["ip"])
}

// status is the first digit of the code [g].
func (v *service) status() string { return v.code[:min(1, len(v.code))] }

// row is a server in the list. Its keys are those that the vendor's cabinet
// reads [F]; the forms of its values are another installation's [g].
func (v *service) row(r *request) object {
	text, known := statusWords[v.code]
	if !known {
		text = "Processing"
	}
	distro, version, _ := strings.Cut(v.image.label, " ")
	paid := v.paid
	expires := paid.UTC().Format(time.DateOnly)
	if v.period == zomro.Day {
		expires = r.word("Daily charges")
		for v.code != "3_autosuspend" && !paid.After(r.now) {
			paid = paid.AddDate(0, 0, 1)
		}
	}
	return object{
		"id": value(v.id), "name": value(v.shownName()), "servername": value(v.name),
		"instance_status": value(v.power), "status": value(v.status()),
		"item_status":     object{"$": r.word(text), "$orig": v.code},
		"pricelist":       value(v.plan.title + " | " + v.plan.place.suffix),
		"cost":            value(v.cost.StringFixed(2) + " " + currency + " / " + r.word(periodWords[v.period])),
		"item_cost":       value(v.cost.StringFixed(2)),
		"expiredate":      value(expires),
		"real_expiredate": value(paid.UTC().Format(time.DateOnly)),
		"createdate":      value(v.created.UTC().Format(time.DateOnly)),
		"datacenter":      value(v.plan.place.id), "datacentername": value(v.plan.place.name),
		"instances_os": value(v.image.label), "os_distro": value(strings.ToLower(distro)), "os_version": value(version),
		"ip": value(v.addressed(v.ipv4)), "ip_v6": value(v.addressed(v.ipv6)),
		"used_traffic": value(bytesText(v.used)), "paid_traffic": value(bytesText(v.free)),
		"change_pricelist": value("on"), "autoprolong": value("on"), "scheduledclose": value("off"),
	}
}

// bytesText writes a number with blanks between its thousands, and none as "-" [C].
func bytesText(bytes int64) string {
	if bytes == 0 {
		return "-"
	}
	text := strconv.FormatInt(bytes, 10)
	for i := len(text) - 3; i > 0; i -= 3 {
		text = text[:i] + " " + text[i:]
	}
	return text
}

// shownName is the server's name, or what the vendor calls it.
func (v *service) shownName() string {
	if v.name == "" {
		return "server-" + v.id
	}
	return v.name
}

// addressed hides an address as long as the server is not activated.
func (v *service) addressed(ip string) string {
	if v.code == "5_open" || v.code == codeOrdered {
		return ""
	}
	return ip
}

func decimalOf(count int) decimal.Decimal { return decimal.NewFromInt(int64(count)) }
