package sandbox

import (
	"regexp"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"zomrobot/zomro"
	"zomrobot/zomro/profile"
)

const (
	maxCount      = 35  // servers in one order [F]
	maxServerName = 100 // characters [F]
)

var (
	capital    = regexp.MustCompile(`[A-Z]`)
	digit      = regexp.MustCompile(`[0-9]`)
	clock      = regexp.MustCompile(`^([01][0-9]|2[0-3]):[0-5][0-9]$`)
	hostName   = regexp.MustCompile(`^([a-zA-Z0-9]([a-zA-Z0-9-]{0,61}[a-zA-Z0-9])?\.)+[a-zA-Z0-9-]{2,63}$`)
	wholeCount = regexp.MustCompile(`^[1-9][0-9]?$`)
)

// backupFields go together with backups_schedule [A].
var backupFields = []string{"backups_schedule_name", "backups_schedule_rotation_days", "backups_schedule_rotation_time"}

// add puts an order into the cart, after every field has been checked [A].
func (s *Sandbox) add(r *request) (object, *failure) {
	for _, required := range []struct{ field, value string }{
		{"licence_agreement", "on"}, {"force_use_new_cart", "on"},
	} {
		if r.get(required.field) != required.value {
			return nil, badValue(r, required.field)
		}
	}
	p := s.find(r.get("pricelist"))
	if p == nil {
		return nil, badValue(r, "pricelist")
	}
	if r.get("datacenter") != p.place.id {
		return nil, badValue(r, "datacenter")
	}
	period := zomro.Period(r.get("order_period"))
	if _, offered := p.prices[period]; !offered {
		return nil, badValue(r, "order_period")
	}
	count, err := strconv.Atoi(r.get("order_count"))
	if err != nil || !wholeCount.MatchString(r.get("order_count")) || count > maxCount {
		return nil, badValue(r, "order_count")
	}
	images := r.account.imagesFor(p)
	chosen := slices.IndexFunc(images, func(i image) bool { return i.id == r.get("instances_os") })
	if chosen < 0 {
		return nil, badValue(r, "instances_os")
	}
	if field, ok := badAccess(r, images[chosen]); ok {
		return nil, badValue(r, field)
	}
	if utf8.RuneCountInString(r.get("servername")) > maxServerName {
		return nil, badValue(r, "servername")
	}
	addons, bad := addonValues(r, p, period)
	if bad != "" {
		return nil, badValue(r, bad)
	}
	if field, ok := badBackups(r); ok {
		return nil, badValue(r, field)
	}

	rows := count
	if s.is(profile.Rows, profile.One) {
		rows = 1
	} else if s.is(profile.Rows, profile.Other) { // a row of one server, and one of the others
		rows = min(count, 2)
	}
	first := ""
	for n := range rows {
		added := &item{
			plan: p, period: period, count: share(count, rows, n), addons: addons, image: images[chosen],
			name: r.get("servername"), fields: slices.Clone(r.fields),
		}
		if rows > 1 {
			added.number = n + 1
		}
		s.put(r.account, added, r.now)
		if n == 0 {
			first = added.lineItem
		}
	}
	return lineItemAnswer(first), nil
}

// share is how many of an order's servers the n-th of its rows has: the last has what the
// others leave.
func share(count, rows, n int) int {
	if n == rows-1 {
		return count - n
	}
	return 1
}

// lineItemAnswer is the answer to an order that was put into the cart [A].
func lineItemAnswer(lineItem string) object { return object{"lineitem.id": value(lineItem)} }

// badAccess names the field that breaks the rules of logging in to the server:
// a key, or else a password, never both [A]; no key for Windows [C][F].
func badAccess(r *request, i image) (string, bool) {
	keyID, keySent := r.lookup("instances_ssh_keys")
	password, passwordSent := r.lookup("password")
	switch r.get("use_ssh_key") {
	case "on":
		switch {
		case i.windows():
			return "use_ssh_key", true
		case !r.account.hasKey(keyID):
			return "instances_ssh_keys", true
		case passwordSent:
			return "password", true
		}
		return "", false
	case "off", "":
		if keySent {
			return "instances_ssh_keys", true
		}
		return "password", !strong(password)
	default:
		return "use_ssh_key", true
	}
}

// strong reports whether a password keeps the vendor's rules [A].
func strong(password string) bool {
	return utf8.RuneCountInString(password) >= 8 && capital.MatchString(password) && digit.MatchString(password)
}

// addonValues reads the chosen values of the plan's addons; those that were not
// sent have their initial value. bad is the field that is wrong.
func addonValues(r *request, p *plan, period zomro.Period) (values map[string]string, bad string) {
	values = map[string]string{}
	for _, a := range p.addons {
		values[a.name] = a.initial
	}
	for _, field := range r.fields {
		if !strings.HasPrefix(field.Name, "addon_") {
			continue
		}
		index := slices.IndexFunc(p.addons, func(a addon) bool { return a.name == field.Name })
		if index < 0 {
			return nil, field.Name
		}
		if _, ok := p.addons[index].cost(field.Value, period); !ok {
			return nil, field.Name
		}
		values[field.Name] = field.Value
	}
	return values, ""
}

// badBackups names the field that breaks the rules of the backup schedule [A].
func badBackups(r *request) (string, bool) {
	switch r.get("backups_schedule") {
	case "on":
		days := strings.Split(r.get("backups_schedule_rotation_days"), ",")
		switch {
		case r.get("backups_schedule_name") == "":
			return "backups_schedule_name", true
		case !weekdays(days):
			return "backups_schedule_rotation_days", true
		case !clock.MatchString(r.get("backups_schedule_rotation_time")):
			return "backups_schedule_rotation_time", true
		}
		return "", false
	case "off", "":
		for _, field := range backupFields {
			if _, sent := r.lookup(field); sent {
				return field, true
			}
		}
		return "", false
	default:
		return "backups_schedule", true
	}
}

// weekdays reports whether all are different days: 0 is Sunday, 6 Saturday [A].
func weekdays(days []string) bool {
	seen := map[string]bool{}
	for _, day := range days {
		if len(day) != 1 || day < "0" || day > "6" || seen[day] {
			return false
		}
		seen[day] = true
	}
	return true
}
