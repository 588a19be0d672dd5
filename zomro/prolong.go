package zomro

import (
	"context"
	"errors"
	"time"
)

// ProlongForm is what a server can be paid on for, and until when it then is paid
// (func=service.prolong without sok, as it is read for other kinds of services [F]).
type ProlongForm struct {
	Period  Period          `json:"period"`          // which Next is for
	Until   time.Time       `json:"until"`           // the day until which it is paid
	Next    time.Time       `json:"next,omitzero"`   // the day until which it will be; zero: not told
	Choices []ProlongChoice `json:"choices"`         // of whole months; at least one
	Daily   bool            `json:"daily,omitempty"` // it is charged each day: there is nothing to prolong
}

// ProlongChoice is a period for which a server can be paid on.
type ProlongChoice struct {
	Period Period `json:"period"`
	Label  string `json:"label"` // in the language of the request
}

// ProlongForm returns what a server can be paid on for. With a period the form is asked for
// that one; Next is told only if the answer says that it is of that period [i]. A form
// without the day until which the server is paid, or without periods, is [Unreadable].
func (c *Client) ProlongForm(ctx context.Context, auth Auth, service string, period Period) (ProlongForm, error) {
	const op = "service.prolong"
	if !isNumber(service) {
		return ProlongForm{}, invalid(op, &FieldError{"elid", "is not a number"})
	}
	fields := []field{{"elid", service}}
	if period != NoPeriod {
		fields = append(fields, field{"period", string(period)})
	}
	doc, err := c.readFunc(ctx, op, auth, fields...)
	if err != nil {
		return ProlongForm{}, err
	}
	form, err := parseProlongForm(doc, period)
	if err != nil {
		return ProlongForm{}, unreadable(op, err)
	}
	return form, nil
}

func parseProlongForm(doc node, asked Period) (ProlongForm, error) {
	form := ProlongForm{Period: Period(doc.at("period").text()), Until: doc.at("expiredate").date()}
	if doc.at("billdaily").text() == "on" { // [g]
		return ProlongForm{Daily: true}, nil
	}
	options, listed := doc.options("period")
	for _, o := range options {
		if period := Period(o.key); period.Months() > 0 {
			form.Choices = append(form.Choices, ProlongChoice{Period: period, Label: o.label})
		}
	}
	switch {
	case !listed || len(form.Choices) == 0:
		return form, errors.New("no list of periods")
	case form.Until.IsZero():
		return form, errors.New("no day until which it is paid")
	}
	if next := doc.at("newexpiredate").date(); next.After(form.Until) && (asked == NoPeriod || form.Period == asked) {
		form.Next = next
	}
	return form, nil
}

// Prolong puts a server that is paid on into the cart, and returns its line item; "": the
// answer names none. That it does the former is known of the vendor's old cart [F], and of
// the new one nothing: whether it made a row, or charged at once, only the account shows.
// It never sends skipbasket, which charges at once [g]. It is sent once, and once it is
// every error is [Unknown].
func (c *Client) Prolong(ctx context.Context, auth Auth, service string, period Period) (lineItem string, err error) {
	const op = "service.prolong"
	switch {
	case !isNumber(service):
		return "", invalid(op, &FieldError{"elid", "is not a number"})
	case period.Months() == 0:
		return "", invalid(op, &FieldError{"period", "is not one of 1, 3, 6, 12"})
	}
	doc, err := c.writeFunc(
		ctx, op, auth, trust{},
		field{"elid", service},
		field{"period", string(period)},
		field{"sok", "ok"},
	)
	if err != nil {
		return "", err
	}
	// As the answer of an order names it [A]; that this one does is [i].
	if named, _ := doc.at("lineitem.id").scalar(); isNumber(named) {
		return named, nil
	}
	return "", nil
}
