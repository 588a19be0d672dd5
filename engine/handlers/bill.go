package handlers

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"

	"zomrobot/book"
	"zomrobot/chat"
	"zomrobot/conversation"
	"zomrobot/conversation/bill"
	orderflow "zomrobot/conversation/order"
	"zomrobot/engine/journal"
	"zomrobot/storage"
	"zomrobot/team"
	"zomrobot/zomro"
)

const (
	auditPage  = 6    // entries on a page
	auditReads = 5000 // lines that are read at once at most: most are not told in a chat
)

// ErrNoBook says that there is no book that this person may see in this place.
var ErrNoBook = errors.New("no book may be seen here")

// LoadOrders answers LoadOrders from the journal.
func (d *Desk) LoadOrders(key chat.Key, _ string, _ bill.LoadOrders) Asked {
	return func(ctx context.Context) (chat.Event, []func(storage.Tx) error) {
		var event bill.OrdersLoaded
		err := d.Store.Scan(ctx, journal.PurchasePrefix, "", func(name string, value []byte) (bool, error) {
			p, err := storage.Decode[journal.Entry](name, value)
			if err != nil {
				d.Log.ErrorContext(ctx, "a purchase cannot be read; it is not listed", "error", err)
				return true, nil
			}
			if !journal.Listed(p, key) {
				return true, nil
			}
			r := p.Record
			row := bill.OrderRow{
				ID: r.ID, Stage: bill.StageOf(r.Shown()), Name: r.Order.ServerName, Plan: r.PlanTitle, Total: p.Agreed.Total, Opened: r.Opened,
				Charged: journal.View(p, 0).Taken, Deleted: p.Gone(),
			}
			if on := r.Prolong; on != nil {
				row.Name, row.Plan, row.PaysOn, row.Total = on.Name, "", true, r.Quote.Total
				if r.Quote.Total.Currency == "" && r.CartTotal != nil {
					row.Total, row.Asked = *r.CartTotal, true
				}
			}
			if p.Owner != key {
				row.Group = d.groupOf(ctx, p)
			}
			for _, s := range r.Services[:min(len(r.Services), bill.MostOrderServers)] {
				row.Servers = append(row.Servers, bill.OrderServer{ID: s.ID, Address: cmp.Or(s.IPv4, s.IPv6)})
			}
			event.Orders = append(event.Orders, row)
			return true, nil
		})
		if err != nil {
			event.Problem = d.Problem(ctx, "purchases", key, err)
		}
		slices.SortStableFunc(event.Orders, func(a, b bill.OrderRow) int { return b.Opened.Compare(a.Opened) })
		return event, nil
	}
}

// groupOf is the title of the group in which a purchase was ordered; its number when the
// title is not known any more.
func (d *Desk) groupOf(ctx context.Context, p journal.Entry) string {
	tm, _, err := storage.Read[team.Team](ctx, d.Store, journal.TeamKey(p.Team))
	if err != nil {
		d.Log.ErrorContext(ctx, "the team of a purchase cannot be read", "purchase", p.Record.ID, "error", err)
	}
	return cmp.Or(tm.Title, journal.TeamID(p.Owner))
}

// RecallOrder answers RecallOrder.
func (d *Desk) RecallOrder(key chat.Key, _ string, recall bill.RecallOrder) Asked {
	return func(ctx context.Context) (chat.Event, []func(storage.Tx) error) {
		p, found, err := storage.Read[journal.Entry](ctx, d.Store, journal.PurchaseKey(recall.Purchase))
		if err == nil && (!found || !journal.Listed(p, key) || p.Record.Prolong != nil) {
			err = &zomro.Error{Op: "purchase", Kind: zomro.Refused, Code: zomro.CodeMissed}
		}
		if err != nil {
			return bill.OrdersLoaded{Problem: d.Problem(ctx, "a purchase", key, err)}, nil
		}
		return orderflow.Recalled{
			Purchase: recall.Purchase, Draft: recall.Draft, Template: recall.Template, Share: recall.Share, Order: p.Record.Order, Promo: p.Record.Promo, Total: p.Agreed.Total,
		}, nil
	}
}

// LoadAudit answers LoadAudit.
func (d *Desk) LoadAudit(key chat.Key, _ string, load bill.LoadAudit) Asked {
	return func(ctx context.Context) (chat.Event, []func(storage.Tx) error) {
		event := bill.AuditLoaded{Before: load.Before}
		book, err := d.AuditBook(ctx, key)
		if err == nil {
			event.Entries, event.Older, err = d.readEntries(ctx, book, load.Before, !key.Private())
		}
		if errors.Is(err, ErrNoBook) {
			event.Problem = &conversation.Problem{Code: conversation.CodeNotAllowed}
		} else if err != nil {
			event = bill.AuditLoaded{Before: load.Before, Problem: d.Problem(ctx, "the record", key, err)}
		}
		return event, nil
	}
}

// AuditBook names the book that a person may see in this place: in private their
// own, in a group its team's if their role allows it now. Else it fails with
// ErrNoBook.
func (d *Desk) AuditBook(ctx context.Context, key chat.Key) (string, error) {
	if key.Private() {
		return book.OfUser(key.User), nil
	}
	tm, found, err := storage.Read[team.Team](ctx, d.Store, journal.TeamKey(journal.TeamID(key)))
	if err != nil {
		return "", err
	}
	if !found {
		return "", ErrNoBook
	}
	status, err := d.Chat.Member(ctx, key, key.User)
	if err != nil {
		return "", fmt.Errorf("ask Telegram what a person is in the group: %w", err)
	}
	if !tm.Role(key.User, team.Status(status)).May(team.RightAudit) {
		return "", ErrNoBook
	}
	return book.OfTeam(tm.ID), nil
}

// readEntries reads a page of a book, from the line before the one of that
// number, 0: from the newest; and says where the next page begins, 0: nothing is
// told of any older line. public: to those who do not hold the account that pays.
func (d *Desk) readEntries(ctx context.Context, name string, before int64, public bool) (entries []bill.AuditEntry, older int64, err error) {
	for {
		told, next, err := d.readSome(ctx, name, before, public, auditPage+1-len(entries))
		if err != nil {
			return nil, 0, err
		}
		for _, one := range told {
			if len(entries) == auditPage {
				return entries, one.n + 1, nil
			}
			entries = append(entries, one.entry)
		}
		if next == 0 {
			return entries, 0, nil
		}
		before = next
	}
}

// told is a line of a book that is told in a chat.
type told struct {
	n     int64
	entry bill.AuditEntry
}

// readSome reads so many lines that are told, or as many lines as one transaction may read, and
// says before which line there may be more, 0: before none.
func (d *Desk) readSome(ctx context.Context, name string, before int64, public bool, most int) (all []told, next int64, err error) {
	err = d.Store.View(ctx, func(tx storage.Tx) error {
		head, err := book.HeadIn(tx, name)
		if err != nil {
			return err
		}
		first := before
		if first == 0 || first > head.N {
			first = head.N + 1
		}
		all, next = nil, 0
		for n := first - 1; n > 0; n-- {
			if len(all) == most || first-n > auditReads {
				next = n + 1
				return nil
			}
			line, found, err := book.LineIn(tx, name, n)
			if err != nil {
				return err
			}
			if !found {
				continue // bot audit verify tells
			}
			if entry, ok := bill.EntryOf(line, public); ok {
				all = append(all, told{n, entry})
			}
		}
		return nil
	})
	return all, next, err
}
