package zomro

import (
	"context"
	"errors"
	"net/netip"
	"strconv"
	"strings"
	"unicode"
)

// Services returns all servers of the account (func=instances [F]), oldest
// first, deleted ones included while the vendor lists them.
//
// A row without an id, or fewer rows than the vendor counts, makes the answer
// [Unreadable]: what is not in the list is taken for not bought.
//
// The vendor keeps a filter of this list for each session and applies it
// silently [F]. A session that nobody uses in a browser has none.
func (c *Client) Services(ctx context.Context, auth Auth) ([]Service, error) {
	return readList(ctx, c, "instances", auth, "+id", parseServices, func(s Service) string { return s.ID })
}

// OldList asks for the servers by the name of their other functions, v2.instances. Whether
// that is a list is not known [i]; nil: it is.
func (c *Client) OldList(ctx context.Context, auth Auth) error {
	const op = "v2.instances"
	doc, err := c.readFunc(ctx, op, auth)
	if err == nil {
		if _, _, err = parseServices(doc); err != nil {
			err = unreadable(op, err)
		}
	}
	return err
}

// parseServices reads one page of services. total is how many there are in all,
// -1 when it is not told.
func parseServices(doc node) (services []Service, total int, err error) {
	elem := doc.at("elem")
	if !elem.exists() {
		list, _ := doc.at("list").named("instances")
		elem = list.at("elem")
	}
	total, counted := doc.at("p_elems").number()
	if !counted {
		total = -1
	}
	// Without rows only the frame of the list is there [F].
	if !elem.exists() && !counted && !doc.at("p_num").exists() && doc.at("$func").text() != "instances" {
		return nil, 0, errors.New("no list of services")
	}
	rows := elem.rows()
	services = make([]Service, 0, len(rows))
	for _, row := range rows {
		service := parseService(row)
		if service.ID == "" {
			return nil, 0, errors.New("a service without an id")
		}
		services = append(services, service)
	}
	return services, total, nil
}

func parseService(row node) Service {
	service := Service{
		ID:         row.at("id").text(),
		ServerName: row.at("servername").text(),
		Plan:       row.at("pricelist").text(),
		Datacenter: row.at("datacentername").text(),
		Image:      row.at("instances_os").text(),
		StatusText: untagged(row.at("item_status").text()),
		PowerState: strings.ToLower(row.at("instance_status").text()),
		IPv4:       address(row.at("ip").text()),
		IPv6:       address(row.at("ip_v6").text()),
		Cost:       row.at("cost").text(),
		Fixed:      row.at("change_pricelist").text() == "off",
	}
	service.UsedTraffic, service.PaidTraffic = row.at("used_traffic").volume(), row.at("paid_traffic").volume()
	service.Created, service.PaidUntil = row.at("createdate").date(), row.at("expiredate").date()
	if service.PaidUntil.IsZero() {
		service.PaidUntil = row.at("real_expiredate").date() // of daily billing [g]
	}
	service.Name = service.ServerName
	if service.Name == "" {
		service.Name = row.at("name").text()
	}
	if service.Datacenter == "" {
		service.Datacenter = row.at("datacenter").text()
	}
	if service.Image == "" {
		service.Image = strings.TrimSpace(row.at("os_distro").text() + " " + row.at("os_version").text())
	}
	code := row.at("item_status", "$orig").text()
	if code == "" {
		code = row.at("item_real_status").text() // [g]
	}
	if code == "" {
		code = row.at("status").text()
	}
	service.Code = code
	service.Status = statusOf(code, service.StatusText)
	return service
}

// Suspended reports whether the vendor has suspended the server, stopped or not. One that its
// owner has stopped may have the bare code "3" [A].
func (s Service) Suspended() bool {
	return s.PowerState == "suspended" || s.Status == StatusSuspended && strings.HasPrefix(s.Code, "3_")
}

// volume reads a number of bytes with blanks between its thousands, "1 073 741 824" [C]; 0
// for "-", for nothing and for what is no such number.
func (n node) volume() int64 {
	text, ok := n.scalar()
	if text = strings.Join(strings.Fields(text), ""); !ok || !isNumber(text) {
		return 0
	}
	bytes, err := strconv.ParseInt(text, 10, 64)
	if err != nil {
		return 0 // more than there is
	}
	return bytes
}

// statusOf returns the state that a status code stands for [F][g]. The text settles
// what the bare code of a service that is being worked on leaves open.
func statusOf(code, text string) Status {
	switch {
	case code == "1":
		return StatusOrdered
	case code == "2":
		return StatusActive
	case code == "3" || strings.HasPrefix(code, "3_"):
		return StatusSuspended
	case code == "4":
		return StatusDeleted
	case code == "5_open", code == "5" && strings.EqualFold(text, "Activation in progress"): // [A]
		return StatusOpening
	case code == "5" || strings.HasPrefix(code, "5_"):
		return StatusBusy
	default:
		return StatusOther
	}
}

// address is the first address in a text of the vendor's; "": it has none, as "-".
func address(text string) string {
	for _, word := range strings.FieldsFunc(text, func(r rune) bool { return r == ',' || r == ';' || unicode.IsSpace(r) }) {
		bare, _, _ := strings.Cut(word, "/")
		if a, err := netip.ParseAddr(bare); err == nil && !a.IsUnspecified() {
			return bare
		}
	}
	return ""
}
