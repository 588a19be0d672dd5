// Package logs has each line of the log say what it is about: the update, the dialogue, the
// purchase or the job in whose course it was written, so that one search follows one
// person's trouble through the whole program. The context carries them, and they are ids.
package logs

import (
	"context"
	"log/slog"
	"slices"
)

// The names of what a line is about.
const (
	Update   = "update"   // Telegram's id of an update
	Dialogue = "dialogue" // chat, topic and person, by their ids: "1001/0/1001"
	Purchase = "purchase"
	Job      = "job" // what is done with a server
	Trial    = "trial"
)

type key struct{}

// With returns a context in whose lines these attributes are, beside those of ctx; of those
// with one name, the last. None may be a secret.
func With(ctx context.Context, about ...slog.Attr) context.Context {
	all := slices.Clone(About(ctx))
	for _, a := range about {
		all = append(slices.DeleteFunc(all, func(b slog.Attr) bool { return b.Key == a.Key }), a)
	}
	return context.WithValue(ctx, key{}, all)
}

// About returns what lines in a context are about, for something that goes on in another one.
// It is not to be changed.
func About(ctx context.Context) []slog.Attr {
	all, _ := ctx.Value(key{}).([]slog.Attr)
	return all
}

// Handler returns a handler that writes with h what the context says, too. What a line says
// itself counts. A line above INFO with an error that follows from something that was said once,
// as a stop, is one of DEBUG; nil: none does.
func Handler(h slog.Handler, follows func(error) bool) slog.Handler {
	if follows == nil {
		follows = func(error) bool { return false }
	}
	return handler{h, follows}
}

type handler struct {
	slog.Handler

	follows func(error) bool
}

func (h handler) Handle(ctx context.Context, r slog.Record) error {
	about := slices.Clone(About(ctx))
	quiet := false
	r.Attrs(func(own slog.Attr) bool {
		about = slices.DeleteFunc(about, func(a slog.Attr) bool { return a.Key == own.Key })
		if err, ok := own.Value.Any().(error); ok && r.Level > slog.LevelInfo {
			quiet = quiet || h.follows(err)
		}
		return true
	})
	if quiet {
		if !h.Enabled(ctx, slog.LevelDebug) {
			return nil
		}
		r.Level = slog.LevelDebug
	}
	if len(about) > 0 {
		r = r.Clone()
		r.AddAttrs(about...)
	}
	return h.Handler.Handle(ctx, r)
}

func (h handler) WithAttrs(attrs []slog.Attr) slog.Handler {
	return handler{h.Handler.WithAttrs(attrs), h.follows}
}

func (h handler) WithGroup(name string) slog.Handler {
	return handler{h.Handler.WithGroup(name), h.follows}
}
