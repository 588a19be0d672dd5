package zomro

import (
	"context"
	"errors"
	"strings"
	"unicode/utf8"
)

// The states of a server's power that callers tell apart (instance_status [F]).
const (
	PowerActive  = "active"
	PowerStopped = "stopped"
	PowerResized = "resized" // the new size waits for [Client.SettleResize]
	PowerRescued = "rescued" // see [Client.Rescue]
	PowerISO     = "booted_from_iso"
	PowerError   = "error"
)

// powersInWork are the states of power that end by themselves [F].
var powersInWork = map[string]bool{
	"creating": true, "building": true, "starting": true, "stopping": true, "rebooting": true,
	"resizing": true, "rebuilding": true, "rescuing": true, "unrescuing": true, "suspending": true,
	"booting_from_iso": true, "processing": true, "image_uploading": true,
}

// InWork reports whether something is being done with the server, so that its
// state will change by itself.
func (s Service) InWork() bool {
	return s.Status == StatusOpening || s.Status == StatusBusy || powersInWork[s.PowerState]
}

// billed are the words after the price of a service: "Day" [F] and "Month" [g]. That the
// others are what the catalogue calls the periods, in words or with a number [R], is [i],
// and so are the Russian ones.
var billed = map[string]Period{
	"day": Day, "1 day": Day, "день": Day, "1 день": Day, "сутки": Day,
	"month": Month, "1 month": Month, "месяц": Month, "1 месяц": Month,
	"three months": Quarter, "3 months": Quarter, "три месяца": Quarter, "3 месяца": Quarter,
	"half a year": HalfYear, "6 months": HalfYear, "полгода": HalfYear, "6 месяцев": HalfYear,
	"year": Year, "1 year": Year, "12 months": Year, "год": Year, "1 год": Year, "12 месяцев": Year,
}

// PeriodOf reads how the vendor calls a period, in words or with a number; false: it is
// none that is known.
func PeriodOf(text string) (Period, bool) {
	period, known := billed[strings.ToLower(clean(text))]
	return period, known
}

// Price reads Cost, "0.13 EUR / Day" [F]: the amount, and what it is billed
// for. It reports false for a text that cannot be read exactly.
func (s Service) Price() (Money, Period, bool) {
	text, word, ok := strings.Cut(s.Cost, "/")
	period, known := PeriodOf(word)
	if !ok || !known {
		return Money{}, "", false
	}
	cost, err := parseMoney(text, "")
	if err != nil || cost.Amount.IsNegative() {
		return Money{}, "", false
	}
	return cost, period, true
}

// ServiceDetails is what the form of one server tells in addition to the list.
type ServiceDetails struct {
	ID         string `json:"id"`
	ServerName string `json:"serverName"`           // empty: none
	ReverseDNS string `json:"reverseDNS,omitempty"` // rdns_record
	Created    string `json:"created,omitempty"`    // the vendor's text: "2026-10-04"

	Renewal *Renewal `json:"renewal,omitempty"` // nil: the form does not name it
}

// Details returns the details of a server (func=instances.edit without sok
// [F]). The password that the form may hold [C] is not read.
func (c *Client) Details(ctx context.Context, auth Auth, service string) (ServiceDetails, error) {
	const op = "instances.edit"
	doc, err := c.readServer(ctx, op, auth, service)
	if err != nil {
		return ServiceDetails{}, err
	}
	details := ServiceDetails{
		ID:         doc.at("id").text(),
		ServerName: doc.at("servername").text(),
		ReverseDNS: doc.at("rdns_record").text(),
		Created:    doc.at("createdate").text(),
		Renewal:    parseRenewal(doc),
	}
	if details.ID != "" && details.ID != service {
		return ServiceDetails{}, unreadable(op, errors.New("the details of another server"))
	}
	details.ID = service
	return details, nil
}

// serverTrust: something else is being done with the server [F].
var serverTrust = trust{denials: true, refusals: []refusal{{object: "runningoperation"}}}

// StartService starts a stopped server [F][A]. Like all that follows it is sent once;
// nil says that the vendor took it without an error, and the list of services
// tells when it is done. [Refused] says that something else is being done with the
// server ("runningoperation" [F]); any other error but a denial is [Unknown].
func (c *Client) StartService(ctx context.Context, auth Auth, service string) error {
	return c.writeServer(ctx, "service.start", auth, serverTrust, service, nil)
}

// StopService stops a server [F][A]. It costs as much as before [F].
func (c *Client) StopService(ctx context.Context, auth Auth, service string) error {
	return c.writeServer(ctx, "service.stop", auth, serverTrust, service, nil)
}

// RebootService restarts a server [F].
func (c *Client) RebootService(ctx context.Context, auth Auth, service string) error {
	return c.writeServer(ctx, "service.reboot", auth, serverTrust, service, nil)
}

// RenameService gives a server another name of at most 100 characters [F].
func (c *Client) RenameService(ctx context.Context, auth Auth, service, name string) error {
	const op = "instances.edit"
	if !isLine(name) || utf8.RuneCountInString(name) > maxServerName {
		return invalid(op, &FieldError{"servername", "is not one line of at most 100 characters"})
	}
	return c.writeServer(ctx, op, auth, serverTrust, service, []field{
		{"sok", "ok"},
		{"clicked_button", "ok"},
		{"servername", name},
	})
}

// SetReverseDNS sets the name that a server's address leads to [F], a host name as
// [CheckHost] takes it. What the vendor's form then shows as rdns_record, see [Client.Details],
// tells whether it did; that it shows what was set is [i].
func (c *Client) SetReverseDNS(ctx context.Context, auth Auth, service, host string) error {
	const op = "instances.edit"
	if err := CheckHost(host); err != nil {
		return invalid(op, &FieldError{"rdns_record", "is not a host name"})
	}
	return c.writeServer(ctx, op, auth, serverTrust, service, []field{
		{"sok", "ok"},
		{"clicked_button", "ok"},
		{"rdns_record", host},
	})
}

// DeleteService deletes a server with all that is on it [F]. Nothing is refunded for
// the day of the deletion [F].
func (c *Client) DeleteService(ctx context.Context, auth Auth, service string) error {
	return c.writeServer(ctx, "instances.delete", auth, serverTrust, service, nil)
}

// ChangePassword sets the password of a server's administrator [F].
func (c *Client) ChangePassword(ctx context.Context, auth Auth, service string, password Secret) error {
	const op = "instances.fleio.changepassword"
	if !isLine(password.Reveal()) {
		return invalid(op, &FieldError{"password", "is not one line of text"})
	}
	return c.writeServer(ctx, op, auth, serverTrust, service, []field{
		{"password", password.Reveal()},
		{"sok", "ok"},
		{"clicked_button", "ok"},
	}, password)
}

// RebuildForm is what a server can be reinstalled with.
type RebuildForm struct {
	Images []Image `json:"images"`
	Keys   []Key   `json:"keys,omitempty"` // with the ids of this form, which are not those of the order form
}

// RebuildForm returns what a server can be reinstalled with
// (func=instances.fleio.rebuild without sok [F]).
func (c *Client) RebuildForm(ctx context.Context, auth Auth, service string) (RebuildForm, error) {
	const op = "instances.fleio.rebuild"
	doc, err := c.readServer(ctx, op, auth, service)
	if err != nil {
		return RebuildForm{}, err
	}
	form, err := parseRebuildForm(doc)
	if err != nil {
		return RebuildForm{}, unreadable(op, err)
	}
	return form, nil
}

func parseRebuildForm(doc node) (RebuildForm, error) {
	images, ok := imagesOf(doc, "select_rebuild")
	if !ok {
		return RebuildForm{}, errors.New("no list of images")
	}
	form := RebuildForm{Images: images}
	keys, _ := doc.options("ssh_keys")
	for _, key := range keys {
		if chosen(key.key) {
			form.Keys = append(form.Keys, Key{ID: key.key, Name: key.label})
		}
	}
	return form, nil
}

// Rebuild says what a server is reinstalled with. Exactly one of Key and Password
// is set.
type Rebuild struct {
	Image    string // of the form
	Zone     string // of the image: "pub", "own" or "shr"
	Key      string // of the form
	Password Secret
}

// imagesOf reads the images of a form's select list; false: there is no such list.
func imagesOf(doc node, list string) ([]Image, bool) {
	options, ok := doc.options(list)
	var images []Image
	for _, image := range options {
		if chosen(image.key) {
			images = append(images, Image{ID: image.key, Label: image.label, Zone: image.depend})
		}
	}
	return images, ok
}

// zones are those of images [F].
var zones = map[string]bool{"pub": true, "own": true, "shr": true}

func (r Rebuild) validate() error {
	switch {
	case !isID(r.Image):
		return &FieldError{"select_rebuild", "is not an image's id"}
	case !zones[r.Zone]:
		return &FieldError{"zone", "is not one of pub, own, shr"}
	case r.Key == "" && !isLine(r.Password.Reveal()):
		return &FieldError{"password", "is not one line of text"}
	case r.Key != "" && !isID(r.Key):
		return &FieldError{"ssh_keys", "is not a key's id"}
	case r.Key != "" && !r.Password.IsZero():
		return &FieldError{"password", "is set, but a key is to be used"}
	}
	return nil
}

// Rebuild reinstalls a server; all that is on it is lost [F].
func (c *Client) Rebuild(ctx context.Context, auth Auth, service string, rebuild Rebuild) error {
	const op = "instances.fleio.rebuild"
	if err := rebuild.validate(); err != nil {
		return invalid(op, err)
	}
	fields := []field{
		{"sok", "ok"},
		{"zone", rebuild.Zone},
		{"select_rebuild", rebuild.Image},
	}
	if rebuild.Key != "" {
		fields = append(fields, field{"enablessh", "on"}, field{"ssh_keys", rebuild.Key})
	} else {
		fields = append(fields, field{"enablessh", "off"}, field{"password", rebuild.Password.Reveal()})
	}
	return c.writeServer(ctx, op, auth, serverTrust, service, fields, rebuild.Password)
}

// Size is a plan that a server can be moved up to.
type Size struct {
	ID    string `json:"id"`
	Label string `json:"label"`
	// Cost is what the vendor writes next to the plan, nil when nothing can be
	// read: the value's own attribute, else the brackets after its label. That it
	// is the cost of the move is [i]; it decides nothing by itself.
	Cost *Money `json:"cost,omitempty"`
}

// Sizes returns the plans that a server can be moved up to
// (func=service.changepricelist [F]). There may be none.
func (c *Client) Sizes(ctx context.Context, auth Auth, service string) ([]Size, error) {
	const op = "service.changepricelist"
	doc, err := c.readServer(ctx, op, auth, service)
	if err != nil {
		return nil, err
	}
	sizes, err := parseSizes(doc)
	if err != nil {
		return nil, unreadable(op, err)
	}
	return sizes, nil
}

func parseSizes(doc node) ([]Size, error) {
	list, ok := doc.at("slist").named("pricelist")
	if !ok {
		return nil, errors.New("no list of plans")
	}
	var sizes []Size
	for _, val := range list.at("val").rows() {
		key := val.at("$key").text()
		if !isNumber(key) {
			continue // "none", or a heading
		}
		shown := parseChoice(option{key: key, label: val.text()})
		size := Size{ID: key, Label: shown.Label, Cost: shown.Price}
		if cost, err := val.at("$cost").money(); err == nil {
			size.Cost = &cost
		}
		if size.Cost != nil && size.Cost.Amount.IsNegative() {
			size.Cost = nil
		}
		sizes = append(sizes, size)
	}
	return sizes, nil
}

// Resize moves a server up to another plan [F]. It takes the difference of the
// prices from the balance; the vendor does not say in advance how much that is. The
// server is then "resized", until [Client.SettleResize]. It spends: once it is sent
// every error is [Unknown], even one that says that the balance is too small or
// that something else is being done.
func (c *Client) Resize(ctx context.Context, auth Auth, service, plan string) error {
	const op = "service.changepricelist.getmoney"
	if !isNumber(plan) {
		return invalid(op, &FieldError{"pricelist", "is not a number"})
	}
	return c.writeServer(ctx, op, auth, trust{}, service, []field{
		{"pricelist", plan},
		{"clicked_button", "finish"},
		{"snext", "ok"},
		{"sok", "ok"},
	})
}

// SettleResize keeps the new size of a server that is "resized", or goes back
// to the old one [F].
func (c *Client) SettleResize(ctx context.Context, auth Auth, service string, keep bool) error {
	choice := "rollback"
	if keep {
		choice = "confirm"
	}
	return c.writeServer(ctx, "instances.confirm.resize", auth, serverTrust, service, []field{
		{"select_resize", choice},
		{"sok", "ok"},
		{"clicked_button", "ok"},
	})
}

// readServer makes a reading call about one server.
func (c *Client) readServer(ctx context.Context, op string, auth Auth, service string) (node, error) {
	if !isNumber(service) {
		return node{}, invalid(op, &FieldError{"elid", "is not a number"})
	}
	return c.readFunc(ctx, op, auth, field{"elid", service})
}

// writeServer makes a writing call about one server. secrets are those in
// fields.
func (c *Client) writeServer(
	ctx context.Context, op string, auth Auth, trust trust, service string, fields []field, secrets ...Secret,
) error {
	if !isNumber(service) {
		return invalid(op, &FieldError{"elid", "is not a number"})
	}
	r, err := authorized(op, auth, append([]field{{"elid", service}}, fields...), secrets...)
	if err != nil {
		return err
	}
	r.trust = trust
	_, err = c.write(ctx, r)
	return err
}
