package zomro

import (
	"context"
	"slices"
)

// Renewal is whether, and for how long, a server is paid on by itself when its paid
// period ends: the field autoprolong of its form [F]. The vendor's cabinet never sends it
// for cloud servers, so that a form may have none.
type Renewal struct {
	Value   string          `json:"value"`   // the key of one of the choices
	Choices []RenewalChoice `json:"choices"` // at least one
}

// RenewalChoice is one value of the renewal.
type RenewalChoice struct {
	Key   string `json:"key"`   // "1": a month; see [RenewalOff]
	Label string `json:"label"` // in the language of the request
}

// RenewalOff reports whether a value of the renewal says that there is none: "null" or
// "off" [F].
func RenewalOff(key string) bool { return key == "null" || key == "off" }

// parseRenewal reads the renewal of a server's form; nil: the form does not name it, or
// names a value that is none of its list.
func parseRenewal(doc node) *Renewal {
	options, listed := doc.options("autoprolong")
	value, told := doc.at("autoprolong").scalar()
	if !listed || !told {
		return nil
	}
	renewal := Renewal{Value: value}
	for _, o := range options {
		if o.key != "" {
			renewal.Choices = append(renewal.Choices, RenewalChoice{Key: o.key, Label: o.label})
		}
	}
	if !slices.ContainsFunc(renewal.Choices, func(c RenewalChoice) bool { return c.Key == value }) {
		return nil
	}
	return &renewal
}

// SetRenewal has a server paid on by itself, or not any more, by the key of a choice that
// its form has. The fields are those of another kind of server [F]; that the form of a
// cloud server takes them is [i], so that the form read again tells.
func (c *Client) SetRenewal(ctx context.Context, auth Auth, service, key string) error {
	const op = "instances.edit"
	if !isLine(key) {
		return invalid(op, &FieldError{"autoprolong", "is not one line of text"})
	}
	return c.writeServer(ctx, op, auth, serverTrust, service, []field{
		{"sok", "ok"},
		{"clicked_button", "ok"},
		{"autoprolong", key},
	})
}
