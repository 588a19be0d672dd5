package zomro

import (
	"context"
	"errors"
)

const (
	opRescue = "instances.fleio.rescue"
	opISO    = "instances.fleio.boot_from_iso"
)

// bootForms are the calls that boot a server from something else than its disk, with the
// field that names it: the forms list what there is to choose from under the same name [F].
var bootForms = map[string]string{opRescue: "select_boot", opISO: "select_boot_from_iso"}

// boots reports whether a server can be booted from something else now [F].
func (s Service) boots() bool {
	return !s.InWork() && (s.PowerState == PowerActive || s.PowerState == PowerStopped)
}

// RescueImages returns the systems that a server can be booted into for its rescue
// (func=instances.fleio.rescue without sok [F]). There may be none.
func (c *Client) RescueImages(ctx context.Context, auth Auth, service string) ([]Image, error) {
	return c.bootImages(ctx, opRescue, auth, service)
}

// ISOImages returns the ISO images that a server can be booted from
// (func=instances.fleio.boot_from_iso without sok [F]). There may be none.
func (c *Client) ISOImages(ctx context.Context, auth Auth, service string) ([]Image, error) {
	return c.bootImages(ctx, opISO, auth, service)
}

func (c *Client) bootImages(ctx context.Context, op string, auth Auth, service string) ([]Image, error) {
	doc, err := c.readServer(ctx, op, auth, service)
	if err != nil {
		return nil, err
	}
	images, ok := imagesOf(doc, bootForms[op])
	if !ok {
		return nil, unreadable(op, errors.New("no list of images"))
	}
	return images, nil
}

// Boot says what a server is booted from.
type Boot struct {
	Image string // of the form
	Zone  string // of the image: "pub", "own" or "shr"
}

// fields are those of a call that boots a server, or what is wrong with them.
func (b Boot) fields(op string) ([]field, error) {
	switch {
	case !isID(b.Image):
		return nil, &FieldError{bootForms[op], "is not an image's id"}
	case !zones[b.Zone]:
		return nil, &FieldError{"zone", "is not one of pub, own, shr"}
	}
	return []field{{"sok", "ok"}, {"zone", b.Zone}, {bootForms[op], b.Image}}, nil
}

// Rescue boots a server into another system, with a password for the time being; its disk
// is not changed [F]. The vendor wants the password for public images and leaves it open
// whether one of the account's own takes it; Windows does not, there it is set in the
// console, and the vendor's cabinet sends one that it shows nobody [F]. The server is
// "rescued" until [Client.Unrescue].
func (c *Client) Rescue(ctx context.Context, auth Auth, service string, boot Boot, password Secret) error {
	fields, err := boot.fields(opRescue)
	if err == nil && !isLine(password.Reveal()) {
		err = &FieldError{"password", "is not one line of text"}
	}
	if err != nil {
		return invalid(opRescue, err)
	}
	return c.writeServer(ctx, opRescue, auth, serverTrust, service, append(fields, field{"password", password.Reveal()}), password)
}

// BootISO boots a server from an ISO image [F]. It is "booted_from_iso" until
// [Client.Unrescue].
func (c *Client) BootISO(ctx context.Context, auth Auth, service string, boot Boot) error {
	fields, err := boot.fields(opISO)
	if err != nil {
		return invalid(opISO, err)
	}
	return c.writeServer(ctx, opISO, auth, serverTrust, service, fields)
}

// Unrescue boots a server that was rescued, or booted from an ISO image, from its own disk
// again [F].
func (c *Client) Unrescue(ctx context.Context, auth Auth, service string) error {
	return c.writeServer(ctx, "instances.fleio.unrescue", auth, serverTrust, service, nil)
}
