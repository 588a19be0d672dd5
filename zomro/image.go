package zomro

import (
	"context"
	"errors"
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"
)

// CopyKind is what a disk image was made as: image_type [F].
type CopyKind string

// The kinds of images.
const (
	KindImage    CopyKind = "image"    // the account's own, put there by its holder
	KindSnapshot CopyKind = "snapshot" // of a server
	KindBackup   CopyKind = "backup"   // of a server, made by hand or by a schedule
)

// copyFuncs are the functions of the copies of a server [F].
var copyFuncs = map[CopyKind]string{KindSnapshot: opSnapshots, KindBackup: opBackups}

// The states of an image that callers tell apart (fleio_status, in small letters [F]).
const (
	ImageActive    = "active"
	ImageSuspended = "suspended"
)

// Copy is a disk image of the account: of a server, or one of its own [F].
type Copy struct {
	ID        string    `json:"id"` // elid of image.*
	Name      string    `json:"name"`
	Kind      CopyKind  `json:"kind"`
	Fleio     string    `json:"fleio,omitempty"`     // the id by which a server is reinstalled with it; empty: not told
	State     string    `json:"state,omitempty"`     // fleio_status: "active"; empty: not told
	Protected bool      `json:"protected,omitempty"` // it cannot be deleted
	Size      string    `json:"size,omitempty"`      // in GB, as the vendor writes it
	System    string    `json:"system,omitempty"`    // "ubuntu 24.04"
	Format    string    `json:"format,omitempty"`    // disk_format: "iso", "qcow2"
	Region    string    `json:"region,omitempty"`
	Made      string    `json:"made,omitempty"`   // backup_type, the vendor's word: by hand or by a schedule
	Created   time.Time `json:"created,omitzero"` // the day, in the vendor's calendar; zero: not told
	Cost      *Money    `json:"cost,omitempty"`   // a day; nil: not told, or not readable
	Deletable bool      `json:"deletable"`        // as the vendor's cabinet has it: in one of the states above, and not protected
}

// Copies are the copies of one kind of a server, and what goes for all of them [F].
type Copies struct {
	List      []Copy `json:"list"`
	MadeToday int    `json:"madeToday,omitempty"` // by hand, see [MostSnapshots]
	Price     *Money `json:"price,omitempty"`     // for a gigabyte and a day; nil: not told, or not readable
}

// MostSnapshots is how many snapshots of a server can be made in a day [F].
const MostSnapshots = 5

// copyCurrency is the one in which the cabinet shows what a copy costs [F]. That it goes
// for a price without a currency is [i]; it decides nothing by itself.
const copyCurrency = "EUR"

// Copies returns the snapshots or the backups of a server (func=instances.snapshots and
// instances.fleio_bckps [F]). A row without an id, or fewer rows than the vendor counts,
// makes the answer [Unreadable]: what is not in the list is taken for not there.
func (c *Client) Copies(ctx context.Context, auth Auth, service string, kind CopyKind) (Copies, error) {
	op, known := copyFuncs[kind]
	switch {
	case !known:
		return Copies{}, invalid("image", &FieldError{"image_type", "is not one of a server's copies"})
	case !isNumber(service):
		return Copies{}, invalid(op, &FieldError{"elid", "is not a number"})
	}
	var all Copies
	parse := func(doc node) ([]Copy, int, error) {
		all.MadeToday, _ = doc.at("manual_created_today").number()
		if price, err := priceOfCopy(doc.at("cost", "stat_cost")); err == nil {
			all.Price = &price
		}
		return parseCopies(doc, op, kind)
	}
	list, err := readList(ctx, c, op, auth, "+id", parse, func(i Copy) string { return i.ID }, field{"elid", service})
	all.List = list
	return all, err
}

// Images returns all images of the account: its own, and the copies of its servers
// (func=image [F]). As [Client.Copies].
func (c *Client) Images(ctx context.Context, auth Auth) ([]Copy, error) {
	const op = "image"
	parse := func(doc node) ([]Copy, int, error) { return parseCopies(doc, op, "") }
	return readList(ctx, c, op, auth, "+id", parse, func(i Copy) string { return i.ID })
}

// parseCopies reads one page of images, all of a kind unless it is "". total is how many
// there are in all, -1 when it is not told.
func parseCopies(doc node, op string, kind CopyKind) (copies []Copy, total int, err error) {
	rows, total, err := listRows(doc, op)
	if err != nil {
		return nil, 0, err
	}
	for _, row := range rows {
		image := parseCopy(row, kind)
		if image.ID == "" {
			return nil, 0, errors.New("an image without an id")
		}
		copies = append(copies, image)
	}
	return copies, total, nil
}

// listRows returns the rows of a page of a list. Without rows only its frame is there [F].
func listRows(doc node, op string) (rows []node, total int, err error) {
	total, counted := doc.at("p_elems").number()
	if !counted {
		total = -1
	}
	elem := doc.at("elem")
	if !elem.exists() && !counted && !doc.at("p_num").exists() && doc.at("$func").text() != op {
		return nil, 0, errors.New("no list")
	}
	return elem.rows(), total, nil
}

func parseCopy(row node, kind CopyKind) Copy {
	image := Copy{
		ID:        row.at("id").text(),
		Name:      row.at("name").text(),
		Kind:      kind,
		Fleio:     row.at("fleio_id").text(),
		State:     strings.ToLower(row.at("fleio_status").text()),
		Protected: row.at("protected", "$orig").text() == "on" || row.at("protected").text() == "on",
		Size:      sizeOf(row.at("image_size").text()),
		System:    strings.TrimSpace(row.at("os_distro").text() + " " + row.at("os_version").text()),
		Format:    row.at("disk_format").text(),
		Region:    row.at("region").text(),
		Made:      untagged(row.at("backup_type").text()),
		Created:   row.at("createdate").date(),
	}
	if name := row.at("image_name").text(); name != "" {
		image.Name = name
	}
	if kind == "" {
		image.Kind = CopyKind(strings.ToLower(row.at("image_type").text()))
	}
	if cost, err := priceOfCopy(row.at("cost")); err == nil {
		image.Cost = &cost
	}
	image.Deletable = !image.Protected && (image.State == ImageActive || image.State == ImageSuspended)
	return image
}

// sizeForm is a size in GB.
var sizeForm = regexp.MustCompile(`^[0-9]{1,9}([.,][0-9]{1,9})?$`)

// sizeOf is a size as the vendor writes it; "": it is none.
func sizeOf(text string) string {
	if !sizeForm.MatchString(text) {
		return ""
	}
	return text
}

// priceOfCopy reads a price that may stand without its currency.
func priceOfCopy(n node) (Money, error) {
	text, ok := n.scalar()
	if !ok {
		return Money{}, errAmount
	}
	price, err := parseMoney(text, "")
	if errors.Is(err, errCurrency) {
		price, err = parseMoney(text, copyCurrency)
	}
	if err == nil && price.Amount.IsNegative() {
		return Money{}, errNegative
	}
	return price, err
}

// Schedule is a schedule of a server's backups.
type Schedule struct {
	ID string `json:"id"` // empty: a new one
	Backups
}

// Schedules are those of a server's backups.
type Schedules struct {
	List []Schedule `json:"list"`
	Kept int        `json:"kept,omitempty"` // how many scheduled backups are kept, older ones are overwritten; 0: not told
}

// The bounds of how many scheduled backups are kept [F].
const (
	LeastKept = 1
	MostKept  = 10
)

// Schedules returns the schedules of a server's backups (func=instances.fleio_bckps.schedule
// [F]). Their times are those of GMT+3 [F]. As [Client.Copies]; a row whose days or time
// cannot be read has none.
func (c *Client) Schedules(ctx context.Context, auth Auth, service string) (Schedules, error) {
	const op = opSchedules
	if !isNumber(service) {
		return Schedules{}, invalid(op, &FieldError{"elid", "is not a number"})
	}
	var all Schedules
	parse := func(doc node) ([]Schedule, int, error) {
		all.Kept, _ = doc.at("backup_rotation").number()
		return parseSchedules(doc, op)
	}
	list, err := readList(ctx, c, op, auth, "+id", parse, func(s Schedule) string { return s.ID }, field{"elid", service})
	all.List = list
	return all, err
}

func parseSchedules(doc node, op string) (schedules []Schedule, total int, err error) {
	rows, total, err := listRows(doc, op)
	if err != nil {
		return nil, 0, err
	}
	for _, row := range rows {
		s := Schedule{ID: row.at("id").text(), Backups: Backups{
			Name: row.at("name").text(),
			Days: daysOf(row.at("rotation_days").text()),
			Time: clockOf(row.at("rotation_time").text()),
		}}
		if s.ID == "" {
			return nil, 0, errors.New("a schedule without an id")
		}
		schedules = append(schedules, s)
	}
	return schedules, total, nil
}

// daysOf reads the names of days, "Monday Friday" [F]: 0 is Sunday. nil: one is not known.
func daysOf(text string) []int {
	named := map[time.Weekday]bool{}
	for _, word := range strings.FieldsFunc(text, func(r rune) bool { return r == ' ' || r == ',' }) {
		known := false
		for day := time.Sunday; day <= time.Saturday; day++ {
			if strings.EqualFold(word, day.String()) {
				named[day], known = true, true
			}
		}
		if !known {
			return nil
		}
	}
	var days []int
	for day := time.Sunday; day <= time.Saturday; day++ {
		if named[day] {
			days = append(days, int(day))
		}
	}
	return days
}

// clockForm is what a clock shows, with or without its seconds.
var clockForm = regexp.MustCompile(`^([01]?[0-9]|2[0-3]):([0-5][0-9])(?::[0-5][0-9])?$`)

// clockOf reads a time of the day, "14:25" [F]; "": it is none.
func clockOf(text string) string {
	parts := clockForm.FindStringSubmatch(text)
	if parts == nil {
		return ""
	}
	return fmt.Sprintf("%02s:%s", parts[1], parts[2])
}

// imageTrust: who is not let in does nothing. Of other errors it is not known that nothing
// was done: the cabinet takes any answer to these calls for done [F].
var imageTrust = trust{denials: true}

// MakeCopy makes a snapshot or a backup of a server (func=instances.snapshots.edit and
// instances.fleio_bckps.edit [F]). The server cannot be used meanwhile [F]; the copy costs
// by its size and the day. It spends: once it is sent every error is [Unknown], and
// [Client.Copies] shows the outcome.
func (c *Client) MakeCopy(ctx context.Context, auth Auth, service string, kind CopyKind, name string) error {
	op, known := copyFuncs[kind]
	op += ".edit"
	switch {
	case !known:
		return invalid(op, &FieldError{"image_type", "is not one of a server's copies"})
	case !isNumber(service):
		return invalid(op, &FieldError{"plid", "is not a number"})
	case !fitsName(name):
		return invalid(op, &FieldError{"name", "is not one line of at most 100 characters"})
	}
	_, err := c.writeFunc(ctx, op, auth, trust{}, field{"plid", service}, field{"name", name}, field{"sok", "ok"})
	return err
}

// fitsName reports whether a text can be the name of a copy or a schedule [F].
func fitsName(name string) bool {
	return isLine(name) && name != "" && utf8.RuneCountInString(name) <= maxServerName
}

// RenameImage gives an image another name (func=image.edit [F]). service is the server of a
// backup, which the vendor wants told; "" of the others.
func (c *Client) RenameImage(ctx context.Context, auth Auth, image, service, name string) error {
	if !fitsName(name) {
		return invalid("image.edit", &FieldError{"image_name", "is not one line of at most 100 characters"})
	}
	fields := []field{{"image_name", name}}
	if service != "" {
		fields = append(fields, field{"plid", service})
	}
	return c.writeItem(ctx, "image.edit", auth, imageTrust, image, append(fields, field{"clicked_button", "ok"}, field{"sok", "ok"}))
}

// ProtectImage protects an image from deletion, or no longer does (func=image.edit [F]).
func (c *Client) ProtectImage(ctx context.Context, auth Auth, image string, protected bool) error {
	word := "off"
	if protected {
		word = "on"
	}
	return c.writeItem(ctx, "image.edit", auth, imageTrust, image, []field{{"protected", word}, {"clicked_button", "ok"}, {"sok", "ok"}})
}

// DeleteImage deletes an image (func=image.delete [F]).
func (c *Client) DeleteImage(ctx context.Context, auth Auth, image string) error {
	return c.writeItem(ctx, "image.delete", auth, imageTrust, image, nil)
}

// Restore puts an image in the place of what is on a server: all of that is lost. Who can
// log in stays as the image has it (func=instances.fleio.rebuild with the zone of the
// account's own images and without any access [F]). fleio is the image's [Copy.Fleio].
func (c *Client) Restore(ctx context.Context, auth Auth, service, fleio string) error {
	const op = "instances.fleio.rebuild"
	if !isID(fleio) {
		return invalid(op, &FieldError{"select_rebuild", "is not an image's id"})
	}
	return c.writeServer(ctx, op, auth, serverTrust, service, []field{
		{"sok", "ok"},
		{"zone", "own"},
		{"select_rebuild", fleio},
		{"enablessh", "off"},
	})
}

// SetSchedule makes a schedule of a server's backups, or changes the one of its id
// (func=instances.fleio_bckps.schedule.edit [F]). Its time is that of GMT+3 [F].
func (c *Client) SetSchedule(ctx context.Context, auth Auth, service string, s Schedule) error {
	const op = "instances.fleio_bckps.schedule.edit"
	switch {
	case !isNumber(service):
		return invalid(op, &FieldError{"plid", "is not a number"})
	case s.ID != "" && !isID(s.ID):
		return invalid(op, &FieldError{"elid", "is not a schedule's id"})
	case !fitsName(s.Name):
		return invalid(op, &FieldError{"name", "is not one line of at most 100 characters"})
	case clockOf(s.Time) != s.Time || s.Time == "":
		return invalid(op, &FieldError{"rotation_time", "is not a time of the day"})
	}
	days, ok := dayNumbers(s.Days)
	if !ok {
		return invalid(op, &FieldError{"rotation_days", "are not days of the week"})
	}
	_, err := c.writeFunc(
		ctx, op, auth, imageTrust,
		field{"elid", s.ID},
		field{"plid", service},
		field{"name", s.Name},
		field{"rotation_days", days},
		field{"rotation_time", s.Time},
		field{"sok", "ok"},
	)
	return err
}

// dayNumbers writes days as the vendor takes them: "0,1,2" [F].
func dayNumbers(days []int) (string, bool) {
	var numbers []string
	for _, day := range days {
		if day < 0 || day > 6 {
			return "", false
		}
		numbers = append(numbers, strconv.Itoa(day))
	}
	return strings.Join(numbers, ","), len(numbers) > 0
}

// DeleteSchedule deletes a schedule (func=instances.fleio_bckps.schedule.delete [F]). The
// backups that it has made stay.
func (c *Client) DeleteSchedule(ctx context.Context, auth Auth, schedule string) error {
	return c.writeItem(ctx, "instances.fleio_bckps.schedule.delete", auth, imageTrust, schedule, nil)
}

// KeepBackups sets how many scheduled backups of a server are kept, from [LeastKept] to
// [MostKept] (func=instances.edit [F]).
func (c *Client) KeepBackups(ctx context.Context, auth Auth, service string, kept int) error {
	const op = "instances.edit"
	if kept < LeastKept || kept > MostKept {
		return invalid(op, &FieldError{"backup_rotation", "is not from 1 to 10"})
	}
	return c.writeServer(ctx, op, auth, serverTrust, service, []field{
		{"sok", "ok"},
		{"clicked_button", "ok"},
		{"backup_rotation", strconv.Itoa(kept)},
	})
}

// writeItem makes a writing call about something other than a server.
func (c *Client) writeItem(ctx context.Context, op string, auth Auth, trust trust, id string, fields []field) error {
	if !isID(id) {
		return invalid(op, &FieldError{"elid", "is not an id"})
	}
	_, err := c.writeFunc(ctx, op, auth, trust, append([]field{{"elid", id}}, fields...)...)
	return err
}
