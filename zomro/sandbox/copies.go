package sandbox

import (
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/shopspring/decimal"

	"zomrobot/zomro"
)

const (
	mostSnapshots = 5 // of a server in a day [F]
	copySize      = 8 // GB of each copy
	defaultKept   = 3 // scheduled backups of a server that has said nothing
)

// copyPrice is what a copy costs for a gigabyte and a day.
var copyPrice = decimal.RequireFromString("0.0024")

// diskCopy is a snapshot or a backup of a server, or an image of the account's own [F].
type diskCopy struct {
	id, name  string
	kind      zomro.CopyKind
	service   string // "" of an image of the account's own
	image     image  // what it holds, as a server is reinstalled with it
	format    string
	made      time.Time
	due       time.Time // when it can be used; zero: never
	manual    bool
	protected bool
}

// state is the vendor's word; that of one that is being made is [i].
func (c *diskCopy) state(now time.Time) string {
	if c.due.IsZero() || now.Before(c.due) {
		return "saving"
	}
	return zomro.ImageActive
}

// schedule is one of a server's backups.
type schedule struct {
	id, service, name, time string
	days                    []int
	made                    time.Time
}

// copy returns the account's copy of an id.
func (a *account) copy(id string) *diskCopy {
	i := slices.IndexFunc(a.copies, func(c *diskCopy) bool { return c.id == id })
	if i < 0 {
		return nil
	}
	return a.copies[i]
}

// row is a copy in a list. Its keys are those that the vendor's cabinet reads [F].
func (c *diskCopy) row(r *request) object {
	distro, version, _ := strings.Cut(c.image.label, " ")
	how := "Scheduled"
	if c.manual {
		how = "Manual"
	}
	size := strconv.Itoa(copySize)
	protected := object{"$": r.say("No", "Нет"), "$orig": "off"}
	if c.protected {
		protected = object{"$": r.say("Yes", "Да"), "$orig": "on"}
	}
	return object{
		"id": value(c.id), "name": value(c.name), "image_name": value(c.name), "image_type": value(string(c.kind)),
		"image_size": value(size), "createdate": value(c.made.UTC().Format(time.DateOnly)),
		"cost":      value(copyPrice.Mul(decimalOf(copySize)).String()),
		"os_distro": value(strings.ToLower(distro)), "os_version": value(version), "disk_format": value(c.format),
		"fleio_status": value(c.state(r.now)), "fleio_id": value(c.image.id), "protected": protected,
		"backup_type": value(how), "region": value(c.image.place), "min_disk": value(size), "min_ram": value("512"),
	}
}

// copyList lists the copies of one kind of a server [F].
func copyList(kind zomro.CopyKind) func(*Sandbox, *request) (object, *failure) {
	return func(_ *Sandbox, r *request) (object, *failure) {
		v := r.account.service(r.get("elid"))
		if v == nil {
			return nil, missed(r, "instances")
		}
		rows, today, total := []object{}, 0, 0
		for _, c := range r.account.copies {
			if c.service != v.id || c.kind != kind {
				continue
			}
			rows = append(rows, c.row(r))
			if c.manual {
				total++
			}
			if c.manual && sameDay(c.made, r.now) {
				today++
			}
		}
		body := paged(r, rows)
		body["cost"] = object{"stat_cost": value(copyPrice.String())}
		body["manual_created_today"], body["manual_created_total"] = value(strconv.Itoa(today)), value(strconv.Itoa(total))
		if kind == zomro.KindBackup {
			body["backup_rotation"] = value(strconv.Itoa(v.keeps()))
		}
		return body, nil
	}
}

func sameDay(a, b time.Time) bool {
	return a.UTC().Format(time.DateOnly) == b.UTC().Format(time.DateOnly)
}

// makeCopy makes a snapshot or a backup of a server, which cannot be used meanwhile [F].
func makeCopy(kind zomro.CopyKind) func(*Sandbox, *request) (object, *failure) {
	return func(s *Sandbox, r *request) (object, *failure) {
		if !r.submitted() {
			return object{"name": value("")}, nil
		}
		v := r.account.service(r.get("plid"))
		if v == nil {
			return nil, missed(r, "instances")
		}
		today := 0
		for _, c := range r.account.copies {
			if c.service == v.id && c.kind == kind && c.manual && sameDay(c.made, r.now) {
				today++
			}
		}
		switch {
		case v.code != "2" && v.code != "3" || !slices.Contains([]string{"active", "stopped"}, v.power):
			return nil, busy(r)
		case !fitsCopyName(r.get("name")):
			return nil, badValue(r, "name")
		case kind == zomro.KindSnapshot && today >= mostSnapshots:
			return nil, &failure{kind: "limit", object: "snapshots", text: r.say("The limit of snapshots a day is reached", "Достигнут лимит снапшотов в сутки")}
		}
		c := s.addCopy(r.account, v, kind, r.get("name"), r.now)
		c.manual = true
		if s.config.WorkDelay == Never {
			c.due = time.Time{}
		} else {
			c.due = r.now.Add(s.config.WorkDelay)
		}
		return s.workOn(r, v, "image_uploading", v.code, v.power)
	}
}

func fitsCopyName(name string) bool {
	return name != "" && utf8.RuneCountInString(name) <= maxServerName
}

func (s *Sandbox) addCopy(a *account, v *service, kind zomro.CopyKind, name string, now time.Time) *diskCopy {
	id := strconv.Itoa(s.next("image"))
	c := &diskCopy{
		id: id, name: name, kind: kind, service: v.id, format: "qcow2", made: now, due: now,
		image: image{imageID(v.plan.place.id, "copy "+id), v.image.label, "own", v.plan.place.id},
	}
	a.copies = append(a.copies, c)
	return c
}

// AddCopy gives an account a copy of a server that was made elsewhere: a snapshot, or a
// backup of the schedule. It returns its id; "" if there is no such server.
func (s *Sandbox) AddCopy(login, service string, kind zomro.CopyKind, name string) string {
	id := ""
	s.withAccount(login, func(a *account) {
		if v := a.service(service); v != nil {
			id = s.addCopy(a, v, kind, name, s.config.Now()).id
		}
	})
	return id
}

// AddOwnImage gives an account an image that it has put there itself, and returns its id;
// "" if there is no such account. A server cannot be reinstalled with it here.
func (s *Sandbox) AddOwnImage(login, name, format string) string {
	id := ""
	s.withAccount(login, func(a *account) {
		id = strconv.Itoa(s.next("image"))
		now := s.config.Now()
		a.copies = append(a.copies, &diskCopy{id: id, name: name, kind: zomro.KindImage, format: format, manual: true, made: now, due: now})
	})
	return id
}

// AddSchedule gives a server a schedule of backups, and returns its id; "" if there is no
// such server.
func (s *Sandbox) AddSchedule(login, service string, b zomro.Backups) string {
	id := ""
	s.withAccount(login, func(a *account) {
		if a.service(service) != nil {
			id = strconv.Itoa(s.next("schedule"))
			a.schedules = append(a.schedules, &schedule{id: id, service: service, name: b.Name, time: b.Time, days: b.Days, made: s.config.Now()})
		}
	})
	return id
}

// Copies returns the names of an account's images, the oldest first.
func (s *Sandbox) Copies(login string) []string {
	var names []string
	s.withAccount(login, func(a *account) {
		for _, c := range a.copies {
			names = append(names, c.name)
		}
	})
	return names
}

// imageList lists all images of the account [F].
func (s *Sandbox) imageList(r *request) (object, *failure) {
	rows := []object{}
	for _, c := range r.account.copies {
		rows = append(rows, c.row(r))
	}
	return paged(r, rows), nil
}

// imageEdit shows an image, renames it or protects it [F].
func (s *Sandbox) imageEdit(r *request) (object, *failure) {
	c := r.account.copy(r.get("elid"))
	if c == nil {
		return nil, missed(r, "image")
	}
	if !r.submitted() {
		body := c.row(r)
		body["instances_id"] = value(c.service)
		return body, nil
	}
	if name, sent := r.lookup("image_name"); sent {
		if !fitsCopyName(name) {
			return nil, badValue(r, "image_name")
		}
		c.name = name
	}
	if word, sent := r.lookup("protected"); sent {
		c.protected = word == "on"
	}
	return accepted(), nil
}

// imageDelete deletes an image, unless it is protected or being made [F].
func (s *Sandbox) imageDelete(r *request) (object, *failure) {
	c := r.account.copy(r.get("elid"))
	switch {
	case c == nil:
		return nil, missed(r, "image")
	case c.protected || c.state(r.now) != zomro.ImageActive:
		return nil, &failure{kind: "value", object: "image", text: r.say("The image cannot be deleted", "Образ нельзя удалить")}
	}
	r.account.copies = slices.DeleteFunc(r.account.copies, func(other *diskCopy) bool { return other == c })
	return accepted(), nil
}

// keeps is how many scheduled backups of a server are kept [F].
func (v *service) keeps() int {
	if v.kept == 0 {
		return defaultKept
	}
	return v.kept
}

// schedules lists the schedules of a server's backups [F].
func (s *Sandbox) schedules(r *request) (object, *failure) {
	v := r.account.service(r.get("elid"))
	if v == nil {
		return nil, missed(r, "instances")
	}
	rows := []object{}
	for _, p := range r.account.schedules {
		if p.service != v.id {
			continue
		}
		var days []string
		for _, day := range p.days {
			days = append(days, time.Weekday(day).String())
		}
		rows = append(rows, object{
			"id": value(p.id), "name": value(p.name), "rotation_days": value(strings.Join(days, " ")), "rotation_time": value(p.time),
			"create_date": value(p.made.UTC().Format(time.DateOnly)), "instance_id": value(v.id),
		})
	}
	body := paged(r, rows)
	body["backup_rotation"] = value(strconv.Itoa(v.keeps()))
	return body, nil
}

// scheduleEdit makes a schedule, or changes one [F].
func (s *Sandbox) scheduleEdit(r *request) (object, *failure) {
	v := r.account.service(r.get("plid"))
	if v == nil {
		return nil, missed(r, "instances")
	}
	var days []int
	for word := range strings.SplitSeq(r.get("rotation_days"), ",") {
		day, err := strconv.Atoi(word)
		if err != nil || day < 0 || day > 6 {
			return nil, badValue(r, "rotation_days")
		}
		days = append(days, day)
	}
	at, err := time.Parse("15:04", r.get("rotation_time"))
	switch {
	case !r.submitted() || !fitsCopyName(r.get("name")):
		return nil, badValue(r, "name")
	case err != nil:
		return nil, badValue(r, "rotation_time")
	}
	slices.Sort(days)
	is := &schedule{id: r.get("elid"), service: v.id, name: r.get("name"), days: days, time: at.Format("15:04"), made: r.now}
	if is.id == "" {
		is.id = strconv.Itoa(s.next("schedule"))
		r.account.schedules = append(r.account.schedules, is)
		return accepted(), nil
	}
	i := slices.IndexFunc(r.account.schedules, func(p *schedule) bool { return p.id == is.id && p.service == v.id })
	if i < 0 {
		return nil, missed(r, "schedule")
	}
	r.account.schedules[i] = is
	return accepted(), nil
}

// scheduleDelete deletes a schedule [F].
func (s *Sandbox) scheduleDelete(r *request) (object, *failure) {
	before := len(r.account.schedules)
	r.account.schedules = slices.DeleteFunc(r.account.schedules, func(p *schedule) bool { return p.id == r.get("elid") })
	if len(r.account.schedules) == before {
		return nil, missed(r, "schedule")
	}
	return accepted(), nil
}
