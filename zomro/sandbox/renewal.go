package sandbox

import (
	"slices"

	"zomrobot/zomro"
)

// noRenewal is the value of autoprolong that says that a server is not paid on by
// itself [F].
const noRenewal = "null"

// renewalKeys are the values that the form of a server offers for autoprolong: none, and
// the periods of its plan. That a server that is charged each day has no such list is a
// choice: that of a cloud server has not been shown.
func (v *service) renewalKeys() []string {
	if v.period == zomro.Day {
		return nil
	}
	keys := []string{noRenewal}
	for _, period := range periods {
		if _, offered := v.plan.prices[period]; offered && period != zomro.Day {
			keys = append(keys, string(period))
		}
	}
	return keys
}

// renewed is the server's value of autoprolong: that of its period until it is changed.
func (v *service) renewed() string {
	if v.renewal == "" {
		return string(v.period)
	}
	return v.renewal
}

// showRenewal adds autoprolong to the form of a server, if it has it.
func (v *service) showRenewal(r *request, body object) {
	keys := v.renewalKeys()
	delete(body, "autoprolong") // which the row in the list has
	if keys == nil {
		return
	}
	entries := []object{entry(noRenewal, r.say("Disabled ", "Отключено "))}
	for _, key := range keys[1:] {
		entries = append(entries, entry(key, r.word(periodWords[zomro.Period(key)])))
	}
	body["autoprolong"] = value(v.renewed())
	body["slist"] = []object{{"$name": "autoprolong", "val": entries}}
}

// setRenewal changes autoprolong where the form was sent with it [F].
func (s *Sandbox) setRenewal(r *request, v *service) *failure {
	key, sent := r.lookup("autoprolong")
	switch {
	case !sent:
	case !slices.Contains(v.renewalKeys(), key):
		return badValue(r, "autoprolong")
	case !s.behaviour.RenewalIgnored:
		v.renewal = key
	}
	return nil
}

// Renewal returns a server's value of autoprolong; "" if there is no such server.
func (s *Sandbox) Renewal(login, id string) string {
	key := ""
	s.withAccount(login, func(a *account) {
		if v := a.service(id); v != nil {
			key = v.renewed()
		}
	})
	return key
}
