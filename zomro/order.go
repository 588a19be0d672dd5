package zomro

import (
	"context"
	"errors"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"
)

// maxCount is how many servers one order may have [F].
const maxCount = 35

// maxServerName is how long a server's name may be, in characters [F].
const maxServerName = 100

var (
	idForm   = regexp.MustCompile(`^[0-9A-Za-z-]+$`)
	timeForm = regexp.MustCompile(`^([01][0-9]|2[0-3]):[0-5][0-9]$`)
)

// isID reports whether a text can be the id of an image or a key: a number [A] or a UUID [F].
func isID(text string) bool { return len(text) <= 64 && idForm.MatchString(text) }

// Validate returns a [*FieldError] for the first field with which the order
// cannot be sent, nil when there is none. It refuses what makes no sense; on the
// rest, such as the strength of a password, the vendor decides.
func (o Order) Validate() error {
	if err := checkPlan(o.Plan, o.Datacenter, o.Period); err != nil {
		return err
	}
	switch {
	case o.Count < 1 || o.Count > maxCount:
		return &FieldError{"order_count", "is not between 1 and 35"}
	case !isID(o.Image):
		return &FieldError{"instances_os", "is not an image's id"}
	case o.UseKey && !isNumber(o.Key):
		return &FieldError{"instances_ssh_keys", "is not a number"}
	case !o.UseKey && o.Key != "":
		return &FieldError{"instances_ssh_keys", "is set, but a password is to be used"}
	case o.UseKey && !o.Password.IsZero():
		return &FieldError{"password", "is set, but a key is to be used"}
	case !o.UseKey && !isLine(o.Password.Reveal()):
		return &FieldError{"password", "is not one line of text"}
	case o.ServerName != "" && (!isLine(o.ServerName) || utf8.RuneCountInString(o.ServerName) > maxServerName):
		return &FieldError{"servername", "is not one line of at most 100 characters"}
	}
	named := map[string]bool{}
	for _, addon := range o.Addons {
		switch {
		case !addonName.MatchString(addon.Name) || named[addon.Name]:
			return &FieldError{"addon", "has a name that is not one, or twice the same"}
		case !isLine(addon.Value):
			return &FieldError{addon.Name, "is not one line of text"}
		}
		named[addon.Name] = true
	}
	return o.Backups.validate()
}

func (b *Backups) validate() error {
	if b == nil {
		return nil
	}
	days := slices.Clone(b.Days)
	slices.Sort(days)
	switch {
	case !isLine(b.Name):
		return &FieldError{"backups_schedule_name", "is not one line of text"}
	case len(days) == 0 || days[0] < 0 || days[len(days)-1] > 6 || len(slices.Compact(days)) != len(b.Days):
		return &FieldError{"backups_schedule_rotation_days", "are not different days from 0 to 6"}
	case !timeForm.MatchString(b.Time):
		return &FieldError{"backups_schedule_rotation_time", "is not a time such as 04:20"}
	}
	return nil
}

// checkPlan checks what names a plan for the order form and for the order.
func checkPlan(plan, datacenter string, period Period) error {
	switch {
	case !isNumber(plan):
		return &FieldError{"pricelist", "is not a number"}
	case !isNumber(datacenter):
		return &FieldError{"datacenter", "is not a number"}
	case !periods[period]:
		return &FieldError{"order_period", "is not one of -50, 1, 3, 6, 12"}
	}
	return nil
}

// isLine reports whether text is one line of valid text that is not blank.
func isLine(text string) bool {
	return strings.TrimSpace(text) != "" && utf8.ValidString(text) && !strings.ContainsFunc(text, unicode.IsControl)
}

// AddToCart puts an order into the cart and returns its line item [A]. It is
// sent once. No refusal of it is documented: once it is sent every error is
// [Unknown], and so is an answer that has no error but not exactly one line item.
// An order that does not pass [Order.Validate] is [Refused] with [CodeInvalid] and
// not sent.
func (c *Client) AddToCart(ctx context.Context, auth Auth, order Order) (lineItem string, err error) {
	const op = "v2.instances.order.param"
	if err := order.Validate(); err != nil {
		return "", invalid(op, err)
	}
	r, err := authorized(op, auth, order.fields(), order.Password)
	if err != nil {
		return "", err
	}
	doc, err := c.write(ctx, r)
	if err != nil {
		return "", err
	}
	lineItem, _ = doc.at("lineitem.id").scalar()
	if !isNumber(lineItem) {
		return "", unsettled(op, errors.New("no line item in the answer"))
	}
	return lineItem, nil
}

// fields returns the order as the article documents it [A], in its order. No
// clicked_button, unless the order says so: the article and a client that works send none
// [A][C], generic documents require it [g]. Never skipbasket: it charges at once [g].
func (o Order) fields() []field {
	fields := []field{
		{"sok", "ok"},
		{"order_period", string(o.Period)},
		{"licence_agreement", "on"},
		{"pricelist", o.Plan},
		{"order_count", strconv.Itoa(o.Count)},
		{"force_use_new_cart", "on"},
		{"instances_os", o.Image},
		{"datacenter", o.Datacenter},
	}
	if o.UseKey {
		fields = append(fields, field{"use_ssh_key", "on"}, field{"instances_ssh_keys", o.Key})
	} else {
		fields = append(fields, field{"use_ssh_key", "off"}, field{"password", o.Password.Reveal()})
	}
	if o.ServerName != "" {
		fields = append(fields, field{"servername", o.ServerName})
	}
	for _, addon := range o.Addons {
		fields = append(fields, field{addon.Name, addon.Value})
	}
	if o.Backups != nil {
		days := make([]string, len(o.Backups.Days))
		for i, day := range o.Backups.Days {
			days[i] = strconv.Itoa(day)
		}
		fields = append(
			fields,
			field{"backups_schedule", "on"},
			field{"backups_schedule_name", o.Backups.Name},
			field{"backups_schedule_rotation_days", strings.Join(days, ",")},
			field{"backups_schedule_rotation_time", o.Backups.Time},
		)
	}
	if o.Button {
		fields = append(fields, field{"clicked_button", "order"})
	}
	return fields
}
