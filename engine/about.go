package engine

import (
	"context"
	"log/slog"

	"zomrobot/chat"
	"zomrobot/job"
	"zomrobot/logs"
)

// goesOn is the context of what goes on after ctx has ended, and is about the same.
func (e *Engine) goesOn(ctx context.Context) context.Context {
	return logs.With(e.ctx, logs.About(ctx)...)
}

func ofDialogue(key chat.Key) slog.Attr { return slog.String(logs.Dialogue, key.String()) }

func ofPurchase(id string) slog.Attr { return slog.String(logs.Purchase, id) }

func ofJob(r job.Record) []slog.Attr {
	return []slog.Attr{ofDialogue(r.Owner), slog.String(logs.Job, r.ID)}
}

// goesOut is the context in which a post is carried out.
func (e *Engine) goesOut(p post) context.Context {
	about := append(p.about[:len(p.about):len(p.about)], ofDialogue(p.To))
	for _, id := range []string{p.Purchase, p.Asks, p.Request, p.Alarm, p.Settles, p.Unspent} {
		if id != "" {
			about = append(about, ofPurchase(id))
		}
	}
	if p.Job != "" {
		about = append(about, slog.String(logs.Job, p.Job))
	}
	return logs.With(e.ctx, about...)
}

// tickOf is the context of the tick of what is due.
func tickOf(ctx context.Context, d due) context.Context {
	switch d.kind {
	case dueDialogue:
		return logs.With(ctx, slog.String(logs.Dialogue, d.name))
	case duePurchase:
		return logs.With(ctx, ofPurchase(d.name))
	case dueJob:
		return logs.With(ctx, slog.String(logs.Job, d.name))
	case dueTrial:
		return logs.With(ctx, slog.String(logs.Trial, d.name))
	default:
		return ctx
	}
}
