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
	"zomrobot/conversation/bill"
	"zomrobot/engine/handlers"
	"zomrobot/telegram"
)

// auditFileMost is how many bytes of a book are sent to a chat at most.
const auditFileMost = 20 << 20

// sendAudit sends a book to the person's private chat.
func sendAudit(ctx context.Context, e *Engine, er errand, send bill.SendAudit) error {
	key, lang := er.key, er.lang
	name, err := e.desk.AuditBook(ctx, key)
	if errors.Is(err, handlers.ErrNoBook) {
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
	err = e.chat.SendFile(ctx, to, lang, chat.File{
		Name:    fmt.Sprintf("zomrobot-%s.%s", now.Format(time.DateOnly), send.Format),
		Caption: bill.AuditCaption(counted.lines, now),
		Content: file.text.Bytes(),
	})
	refused := errors.Is(err, telegram.ErrRefused)
	if key.Private() || err != nil && !refused {
		return err
	}
	_, err = e.chat.Send(ctx, key, lang, telegram.Still(bill.AuditSent(refused)), false)
	return err
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
