package engine

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"time"

	"zomrobot/audit"
	"zomrobot/book"
	"zomrobot/chat"
	"zomrobot/conversation"
	"zomrobot/conversation/bill"
	"zomrobot/storage"
	"zomrobot/team"
	"zomrobot/telegram"
)

const (
	auditPage     = 6        // entries on a page
	auditReads    = 5000     // lines that are read for a page at most: most are not told in a chat
	auditFileMost = 20 << 20 // bytes that are sent to a chat at most
)

// errNoBook: there is no book that this person may see in this place.
var errNoBook = errors.New("no book may be seen here")

// auditBook names the book that a person may see in this place: in private their
// own, in a group its team's if their role allows it now. Else it fails with
// errNoBook.
func (e *Engine) auditBook(ctx context.Context, key chat.Key) (string, error) {
	if key.Private() {
		return book.OfUser(key.User), nil
	}
	tm, found, err := storage.Read[team.Team](ctx, e.store, teamKey(teamID(key)))
	if err != nil {
		return "", err
	}
	if !found {
		return "", errNoBook
	}
	status, err := e.chat.Member(ctx, key, key.User)
	if err != nil {
		return "", fmt.Errorf("ask Telegram what a person is in the group: %w", err)
	}
	if !tm.Role(key.User, team.Status(status)).May(team.RightAudit) {
		return "", errNoBook
	}
	return book.OfTeam(tm.ID), nil
}

// loadAudit answers LoadAudit.
func (e *Engine) loadAudit(er errand, load bill.LoadAudit) asked {
	key := er.key
	return func(ctx context.Context) (chat.Event, []func(storage.Tx) error) {
		event := bill.AuditLoaded{Before: load.Before}
		book, err := e.auditBook(ctx, key)
		if err == nil {
			event.Entries, event.Older, err = e.readEntries(ctx, book, load.Before, !key.Private())
		}
		if errors.Is(err, errNoBook) {
			event.Problem = &conversation.Problem{Code: conversation.CodeNotAllowed}
		} else if err != nil {
			event = bill.AuditLoaded{Before: load.Before, Problem: e.problem("the record", key, err)}
		}
		return event, nil
	}
}

// readEntries reads a page of a book, from the line before the one of that
// number, 0: from the newest; and says where the next page begins, 0: nowhere.
// public: to those who do not hold the account that pays.
func (e *Engine) readEntries(ctx context.Context, name string, before int64, public bool) (entries []bill.AuditEntry, older int64, err error) {
	err = e.store.View(ctx, func(tx storage.Tx) error {
		head, err := book.HeadIn(tx, name)
		if err != nil {
			return err
		}
		if before == 0 || before > head.N {
			before = head.N + 1
		}
		entries, older = nil, 0
		for n := before - 1; n > 0; n-- {
			if len(entries) == auditPage || before-n > auditReads {
				older = n + 1
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
				entries = append(entries, entry)
			}
		}
		return nil
	})
	return entries, older, err
}

// sendAudit sends a book to the person's private chat.
func sendAudit(ctx context.Context, e *Engine, er errand, send bill.SendAudit) error {
	key, lang := er.key, er.lang
	name, err := e.auditBook(ctx, key)
	if errors.Is(err, errNoBook) {
		return nil
	}
	if err != nil {
		return err
	}
	to := chat.Key{Chat: key.User, User: key.User}
	now := e.now().UTC()
	file := bounded{most: auditFileMost}
	lines := audit.NewCSV(&file)
	if send.Format == bill.AuditLines {
		lines = audit.NewJSONLines(&file)
	}
	counted := counted{Writer: lines, public: !key.Private()}
	err = book.Export(ctx, e.store, name, &counted)
	if err == nil {
		err = lines.Close()
	}
	if errors.Is(err, errTooLarge) {
		_, err = e.chat.Send(ctx, to, lang, telegram.Still(bill.AuditTooLarge()), false)
		return err
	}
	if err != nil {
		return err
	}
	return e.chat.SendFile(ctx, to, lang, chat.File{
		Name:    fmt.Sprintf("zomrobot-%s.%s", now.Format(time.DateOnly), send.Format),
		Caption: bill.AuditCaption(counted.lines, now),
		Content: file.text.Bytes(),
	})
}

// counted counts the lines that are written.
type counted struct {
	audit.Writer
	public bool // only what those may read who do not hold the account that pays
	lines  int
}

func (c *counted) Write(l audit.Line) (err error) {
	c.lines++
	if c.public {
		if l, err = l.Public(); err != nil {
			return err
		}
	}
	return c.Writer.Write(l)
}

// errTooLarge: more was written than may be.
var errTooLarge = errors.New("it is too large")

// bounded is a buffer with a limit.
type bounded struct {
	text bytes.Buffer
	most int
}

func (b *bounded) Write(p []byte) (int, error) {
	if b.text.Len()+len(p) > b.most {
		return 0, errTooLarge
	}
	return b.text.Write(p)
}
