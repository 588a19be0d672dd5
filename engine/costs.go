package engine

import (
	"bytes"
	"context"
	"encoding/csv"
	"encoding/json"
	"fmt"
	"time"

	"zomrobot/audit"
	"zomrobot/chat"
	"zomrobot/conversation/expense"
	"zomrobot/engine/journal"
	"zomrobot/job"
	"zomrobot/storage"
	"zomrobot/trial"
	"zomrobot/zomro"
)

// spentBeside is what money of an account is, or was, taken for beside purchases.
func (e *Engine) spentBeside(ctx context.Context, account string) ([]expense.Reason, error) {
	reasons, err := e.ofJobs(ctx, account)
	if err != nil {
		return nil, err
	}
	err = e.store.Scan(ctx, journal.TrialPrefix, "", func(key string, value []byte) (bool, error) {
		r, err := storage.Decode[trial.Record](key, value)
		if err != nil {
			e.log.ErrorContext(ctx, "a trial cannot be read; it explains no charge", "key", key, "error", err)
			return true, nil
		}
		if r.Account == account {
			reasons = append(reasons, ofTrials(r)...)
		}
		return true, nil
	})
	return reasons, err
}

// ofTrials is what was taken for servers that experiments have paid for beside their
// purchases.
func ofTrials(r trial.Record) []expense.Reason {
	var reasons []expense.Reason
	for _, s := range r.Beside {
		reason := expense.Reason{By: expense.ByTrial, Of: s.Name, ID: s.ID, Names: []string{s.Name}, Day: s.Cost.Seen, Sums: []zomro.Money{s.Cost.Cart}, Most: 1}
		if s.Cost.Row != nil {
			reason.Sums = append(reason.Sums, *s.Cost.Row)
		}
		reasons = append(reasons, reason)
	}
	return reasons
}

// ofJobs are the larger plans that were asked for on an account, and the copies that were
// made, which may be gone by now, as what money is taken for; and the servers that were deleted,
// for which nothing is taken any more.
func (e *Engine) ofJobs(ctx context.Context, account string) ([]expense.Reason, error) {
	var reasons []expense.Reason
	err := e.store.Scan(ctx, jobPrefix, "", func(key string, value []byte) (bool, error) {
		var r job.Record
		if err := json.Unmarshal(value, &r); err != nil {
			e.log.ErrorContext(ctx, "a job cannot be read; it explains no charge", "key", key, "error", err)
			return true, nil
		}
		if r.Order.Account == account && r.Order.Op == job.Resize && !r.Called.IsZero() && r.Stage != job.Refused {
			reasons = append(reasons, ofResize(r))
		}
		if o := r.Order; o.Account == account && o.Op == job.Delete && r.Stage == job.Done {
			reasons = append(reasons, expense.Reason{By: expense.ByServer, Of: o.Name, ID: o.Server, Names: []string{o.Seen}, Gone: seenGone(r)})
		}
		if r.Order.Account == account && r.Made != nil {
			reasons = append(reasons, expense.OfCopies([]zomro.Copy{*r.Made})...)
		}
		return true, nil
	})
	return reasons, err
}

// seenGone is when a server was seen to be deleted. Earlier versions noted only when that was
// asked for.
func seenGone(r job.Record) time.Time {
	if r.Over.IsZero() {
		return r.Called
	}
	return r.Over
}

// ofResize is what was, or may have been, taken for a larger plan: what was named for it, and
// what the balance has lost.
func ofResize(r job.Record) expense.Reason {
	reason := expense.Reason{By: expense.ByResize, Of: r.Order.Name, ID: r.Order.Server, Names: []string{r.Order.Name}, Day: r.Called, Most: 1}
	if before := r.Before; before != nil && before.Service != nil {
		reason.Names = append(reason.Names, before.Service.Name, before.Service.ServerName)
	}
	if r.Order.Cost != nil {
		reason.Sums = append(reason.Sums, *r.Order.Cost)
	}
	if before := r.Before; before != nil && before.Balance != nil && r.Balance != nil && before.Balance.Currency == r.Balance.Currency {
		if lost := before.Balance.Amount.Sub(r.Balance.Amount); lost.Sign() > 0 {
			reason.Sums = append(reason.Sums, zomro.Money{Amount: lost, Currency: r.Balance.Currency})
		}
	}
	return reason
}

// costHeadings are those of a file of charges.
var costHeadings = []string{"date", "server", "listed as", "id", "amount", "tax", "currency", "tax currency", "explained by", "which", "server deleted"}

// sendCosts sends charges to the person's private chat.
func sendCosts(ctx context.Context, e *Engine, er errand, send expense.SendCosts) error {
	content, err := costsFile(send.Rows)
	if err != nil {
		return err
	}
	return e.chat.SendFile(ctx, chat.Key{Chat: er.key.User, User: er.key.User}, er.lang, chat.File{
		Name:    fmt.Sprintf("zomro-costs-%s.csv", send.At.Format(time.DateOnly)),
		Caption: expense.FileCaption(len(send.Rows), send.At),
		Content: content,
	})
}

// costsFile is a file of charges for spreadsheets: comma-separated values in UTF-8, with a
// byte order mark and a row of headings.
func costsFile(charges []expense.Row) ([]byte, error) {
	var file bytes.Buffer
	file.WriteString("\ufeff")
	rows := [][]string{costHeadings}
	for _, row := range charges {
		rows = append(rows, costRow(row))
	}
	if err := csv.NewWriter(&file).WriteAll(rows); err != nil {
		return nil, fmt.Errorf("write the costs: %w", err)
	}
	return file.Bytes(), nil
}

// costRow is a charge as a row of the file. What cannot be read is empty.
func costRow(row expense.Row) []string {
	day, amount, tax, currency, taxed, gone := "", "", "", "", "", ""
	if !row.Gone.IsZero() {
		gone = row.Gone.Format(time.DateOnly)
	}
	if !row.Day.IsZero() {
		day = row.Day.Format(time.DateOnly)
	}
	if row.Amount != nil {
		amount, currency = row.Amount.Amount.String(), row.Amount.Currency
	}
	if row.Tax != nil {
		tax, taxed = row.Tax.Amount.String(), row.Tax.Currency
	}
	return []string{
		day, audit.Inert(row.Server), audit.Inert(row.Name), audit.Inert(row.ID), amount, tax, audit.Inert(currency), audit.Inert(taxed),
		audit.Inert(string(row.By)), audit.Inert(row.Of), gone,
	}
}
