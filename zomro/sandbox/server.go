package sandbox

import (
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/shopspring/decimal"

	"zomrobot/zomro"
	"zomrobot/zomro/profile"
)

// work is what is being done with a server: its state until then is a word of
// the vendor's, "starting" [F].
type work struct {
	due         time.Time // zero: nothing is done
	code, power string    // as it is afterwards
}

// settle finishes the work that has come due.
func (w *work) settle(v *service, now time.Time) {
	if w.due.IsZero() || now.Before(w.due) {
		return
	}
	v.code, v.power = w.code, w.power
	*w = work{}
}

// workOn has something done with a server, with the vendor's word for it.
func (s *Sandbox) workOn(r *request, v *service, word, code, power string) (object, *failure) {
	switch s.config.WorkDelay {
	case 0:
		v.code, v.power = code, power
	case Never:
		v.power = word
	default:
		v.power, v.then = word, work{r.now.Add(s.config.WorkDelay), code, power}
	}
	return accepted(), nil
}

// idle returns the server of a call; it must be in one of the states of power,
// and nothing may be done with it.
func idle(r *request, what string, powers ...string) (*service, *failure) {
	v := r.account.service(r.get("elid"))
	switch {
	case v == nil:
		return nil, missed(r, what)
	case v.code != "2" && v.code != "3" || !slices.Contains(powers, v.power):
		return nil, busy(r)
	}
	return v, nil
}

// busy says that another operation runs on the server [F].
func busy(r *request) *failure {
	return &failure{kind: "value", object: "runningoperation", text: r.say(
		"Another operation is running, please wait", "Выполняется другая операция, пожалуйста, подождите")}
}

// instancesEdit shows one server, renames it, or sets its reverse DNS [F].
func (s *Sandbox) instancesEdit(r *request) (object, *failure) {
	v := r.account.service(r.get("elid"))
	if v == nil {
		return nil, missed(r, "instances")
	}
	if r.submitted() {
		name, sent := r.lookup("servername")
		if sent && utf8.RuneCountInString(name) > maxServerName {
			return nil, badValue(r, "servername")
		}
		kept, keeps := r.lookup("backup_rotation")
		if n := positive(kept, 0); keeps && (n < zomro.LeastKept || n > zomro.MostKept) {
			return nil, badValue(r, "backup_rotation")
		}
		if failed := s.setRenewal(r, v); failed != nil {
			return nil, failed
		}
		if sent {
			v.name = name
		}
		if keeps {
			v.kept = positive(kept, 0)
		}
		host, sent := r.lookup("rdns_record")
		if sent && !hostName.MatchString(host) {
			return nil, badValue(r, "rdns_record")
		}
		if sent && !v.keepsDNS {
			v.rdns = host
		}
		return accepted(), nil
	}
	body := v.row(r)
	body["opentime"] = value(v.created.UTC().Format(time.DateTime))
	body["instances_uuid"] = value(imageID("service", v.id))
	body["rdns_record"], body["backup_rotation"], body["password"] = value(v.rdns), value(strconv.Itoa(v.keeps())), value("")
	v.showRenewal(r, body)
	return body, nil
}

// instancesDelete starts the deletion of a server [F]. Money is not given back.
func (s *Sandbox) instancesDelete(r *request) (object, *failure) {
	v := r.account.service(r.get("elid"))
	if v == nil {
		return nil, missed(r, "instances")
	}
	if strings.HasPrefix(v.code, "5_") || !v.then.due.IsZero() {
		return nil, busy(r)
	}
	v.code, v.power, v.closed = "5_close", "processing", r.now
	return accepted(), nil
}

func (s *Sandbox) serviceStart(r *request) (object, *failure) {
	v, failed := idle(r, "service", "active", "stopped")
	if failed != nil {
		return nil, failed
	}
	return s.workOn(r, v, "starting", "2", "active")
}

// serviceStop leaves the server "Temporary suspended" [A].
func (s *Sandbox) serviceStop(r *request) (object, *failure) {
	v, failed := idle(r, "service", "active", "stopped")
	if failed != nil {
		return nil, failed
	}
	return s.workOn(r, v, "stopping", "3", "stopped")
}

func (s *Sandbox) serviceReboot(r *request) (object, *failure) {
	v, failed := idle(r, "service", "active", "stopped")
	if failed != nil {
		return nil, failed
	}
	return s.workOn(r, v, "rebooting", "2", "active")
}

// changePassword sets the administrator's password [F]; the rules are those of
// an order [A].
func (s *Sandbox) changePassword(r *request) (object, *failure) {
	v, failed := idle(r, "instances", "active")
	switch {
	case failed != nil:
		return nil, failed
	case !r.submitted():
		return object{"password": value("")}, nil
	case !strong(r.get("password")):
		return nil, badValue(r, "password")
	}
	return s.workOn(r, v, "processing", "2", "active")
}

// rebuild shows what a server can be reinstalled with, or reinstalls it [F]. With an image
// of the account's own no access is needed [F].
func (s *Sandbox) rebuild(r *request) (object, *failure) {
	v, failed := idle(r, "instances", "active", "stopped")
	if failed != nil {
		return nil, failed
	}
	images := r.account.imagesFor(v.plan)
	for _, c := range r.account.copies {
		if c.image.place == v.plan.place.id && c.state(r.now) == zomro.ImageActive && c.format != "iso" {
			images = append(images, c.image)
		}
	}
	if !r.submitted() {
		return object{"slist": []object{
			{"$name": "zone", "val": []object{value("pub"), value("own"), value("shr")}},
			{"$name": "select_rebuild", "val": imageEntries(images)},
			{"$name": "ssh_keys", "val": keyEntries(r)},
		}}, nil
	}
	chosen, failed := chosenIn(r, "select_rebuild", images)
	if failed != nil {
		return nil, failed
	}
	switch _, withPassword := r.lookup("password"); {
	case r.get("enablessh") == "on" && (images[chosen].windows() || withPassword || !r.account.hasKey(r.get("ssh_keys"))):
		return nil, badValue(r, "ssh_keys")
	case r.get("enablessh") != "on" && (withPassword || images[chosen].zone == "pub") && !strong(r.get("password")):
		return nil, badValue(r, "password")
	}
	v.image = images[chosen]
	return s.workOn(r, v, "rebuilding", "2", "active")
}

// larger are the plans that a server can be moved up to: those of its place and
// kind that cost more.
func (s *Sandbox) larger(v *service) []*plan {
	var larger []*plan
	for _, p := range s.plans {
		price, offered := p.prices[v.period]
		if offered && p.place.id == v.plan.place.id && p.group == v.plan.group && price.GreaterThan(v.plan.prices[v.period]) {
			larger = append(larger, p)
		}
	}
	return larger
}

// difference is how much more a larger plan costs for the server's period.
func difference(v *service, p *plan) decimal.Decimal {
	return p.prices[v.period].Sub(v.plan.prices[v.period])
}

// sizes lists the plans that a server can be moved up to [F]. That the
// difference stands behind the label is a guess.
func (s *Sandbox) sizes(r *request) (object, *failure) {
	v, failed := idle(r, "service", "active", "stopped")
	if failed != nil {
		return nil, failed
	}
	entries := []object{entry("none", r.say("-- none --", "-- нет --"))}
	for _, p := range s.larger(v) {
		entries = append(entries, entry(p.id, p.fullTitle()+" ("+difference(v, p).StringFixed(2)+" €)"))
	}
	return object{"slist": []object{{"$name": "pricelist", "val": entries}}}, nil
}

// resize takes the difference of the prices and moves a server up [F].
func (s *Sandbox) resize(r *request) (object, *failure) {
	v, failed := idle(r, "service", "active", "stopped")
	if failed != nil {
		return nil, failed
	}
	larger := s.larger(v)
	chosen := slices.IndexFunc(larger, func(p *plan) bool { return p.id == r.get("pricelist") })
	if !r.submitted() {
		return object{"elid": value(v.id), "pricelist": value(v.plan.id)}, nil
	}
	if chosen < 0 || r.get("clicked_button") != "finish" || r.get("snext") != "ok" {
		return nil, badValue(r, "pricelist")
	}
	amount := difference(v, larger[chosen])
	if amount.GreaterThan(r.account.spendable()) {
		return nil, insufficient(r, amount, profile.Amount)
	}
	s.take(r.account, v.shownName(), amount, decimal.Zero, r.now)
	v.was, v.wasCost = v.plan, v.cost
	v.plan, v.cost = larger[chosen], v.cost.Add(amount)
	return s.workOn(r, v, "resizing", "2", "resized")
}

// settleResize keeps the new size, or goes back to the old one [F]; that the
// money comes back then is a guess.
func (s *Sandbox) settleResize(r *request) (object, *failure) {
	v, failed := idle(r, "instances", "resized")
	if failed != nil {
		return nil, failed
	}
	choice := r.get("select_resize")
	if !r.submitted() || choice != "confirm" && choice != "rollback" {
		return nil, badValue(r, "select_resize")
	}
	if choice == "rollback" && v.was != nil {
		s.take(r.account, v.shownName(), v.wasCost.Sub(v.cost), decimal.Zero, r.now)
		v.plan, v.cost = v.was, v.wasCost
	}
	v.was = nil
	return s.workOn(r, v, "resizing", "2", "active")
}
