package engine

import (
	"bytes"
	"context"
	"fmt"
	"time"

	"zomrobot/account"
	"zomrobot/chat"
	trialflow "zomrobot/conversation/trial"
	"zomrobot/storage"
	"zomrobot/trial"
)

// Named is an account that is connected, and by whom.
type Named struct {
	Person int64
	ID     string
}

// AccountsNamed returns the connected accounts of a name or a login. It is an error if there is
// none among those that can be read, and some cannot.
func (e *Engine) AccountsNamed(ctx context.Context, name string) ([]Named, error) {
	var all []Named
	err := connected(ctx, e.store, func(person int64, a account.Account) bool {
		if a.Name == name || a.Shown() == name {
			all = append(all, Named{Person: person, ID: a.ID})
		}
		return true
	})
	if len(all) > 0 && storage.Damaged(err) {
		e.log.ErrorContext(ctx, "accounts cannot be read", "error", err)
		err = nil
	}
	return all, err
}

// TrialReport returns what can be shown to others of the trial of a person's account, and of
// what is known of the vendor.
func (e *Engine) TrialReport(ctx context.Context, key chat.Key, of string) (trial.Report, error) {
	now, err := e.TrialNow(ctx, key, of)
	if err != nil {
		return trial.Report{}, err
	}
	replies, err := e.TrialReplies(ctx, now.Record.ID)
	if err != nil {
		return trial.Report{}, err
	}
	return trial.Report{
		Version: e.version, At: e.now(), Record: now.Record, Known: now.Profile, Replies: replies,
		Lost: now.Refused == trialflow.RefusedLost,
	}, nil
}

// sendTrialReport sends the report of a trial to its owner's private chat.
func sendTrialReport(ctx context.Context, e *Engine, er errand, send trialflow.SendReport) error {
	report, err := e.TrialReport(ctx, er.key, send.Account)
	if err != nil {
		return err
	}
	var text bytes.Buffer
	if err := report.Write(&text); err != nil {
		return err
	}
	return e.chat.SendFile(ctx, er.key, er.lang, chat.File{
		Name:    fmt.Sprintf("zomro-trial-%s.txt", report.At.UTC().Format(time.DateOnly)),
		Caption: trialflow.ReportCaption(),
		Content: text.Bytes(),
	})
}
