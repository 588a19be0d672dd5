package engine

import (
	"context"
	"fmt"
	"time"

	trialflow "zomrobot/conversation/trial"
	"zomrobot/purchase"
	"zomrobot/storage"
	"zomrobot/zomro/profile"
)

// profileKey names what is known of the vendor.
const profileKey = "vendor-profile"

// Profile is what is known of the vendor by now.
func (e *Engine) Profile(ctx context.Context) (profile.Profile, error) {
	return ProfileIn(ctx, e.store)
}

// ProfileIn is what a store knows of the vendor.
func ProfileIn(ctx context.Context, store storage.Store) (profile.Profile, error) {
	p, _, err := storage.Read[profile.Profile](ctx, store, profileKey)
	if storage.Damaged(err) {
		return profile.Profile{}, nil // nothing is known, until something is learned anew
	}
	if err != nil {
		return profile.Profile{}, fmt.Errorf("read what is known of the vendor: %w", err)
	}
	return p, nil
}

// known is what is known of the vendor. What cannot be read is lost: then nothing is known,
// and nobody waits for it.
func (t *transaction) known() (profile.Profile, error) {
	known, _, err := storage.Get[profile.Profile](t.tx, profileKey)
	switch {
	case storage.Damaged(err):
		t.engine.profileLost.Do(func() {
			t.engine.log.ErrorContext(t.engine.ctx, "what was known of the vendor cannot be read, and is learned anew", "error", err)
		})
		return profile.Profile{}, nil
	case err != nil:
		return profile.Profile{}, fmt.Errorf("read what is known of the vendor: %w", err)
	}
	return known, nil
}

// learn takes in what an experiment has shown of the vendor, or with "" a purchase.
func (t *transaction) learn(lessons []profile.Lesson, from profile.Source) error {
	if len(lessons) == 0 {
		return nil
	}
	known, err := t.known()
	if err != nil {
		return err
	}
	at := t.engine.now()
	known, changes := t.engine.met(known, at)
	for _, l := range lessons {
		f, there := profile.Find(l.Fact)
		if !there {
			continue
		}
		var learned []profile.Change
		seen := profile.Seen{At: at, Build: t.engine.vendor.Build(f.Func), From: from}
		known, learned = known.Learn([]profile.Lesson{l}, seen)
		changes = append(changes, learned...)
	}
	for _, c := range changes {
		t.engine.log.InfoContext(t.engine.ctx, "something is known of the vendor, or not any more", "fact", string(c.Fact), "was", string(c.Was), "is", string(c.Is), "why", string(c.Why))
	}
	if said, news := trialflow.Reopened(known, changes); news {
		if err := t.tellOwners(said); err != nil {
			return err
		}
	}
	return storage.Put(t.tx, profileKey, known)
}

// met takes in which builds of the panel were met lately.
func (e *Engine) met(known profile.Profile, at time.Time) (profile.Profile, []profile.Change) {
	var changes []profile.Change
	met := map[string]bool{}
	for _, f := range profile.Table {
		if met[f.Func] {
			continue
		}
		met[f.Func] = true
		var moved []profile.Change
		known, moved = known.Met(f.Func, e.vendor.Build(f.Func), at)
		changes = append(changes, moved...)
	}
	return known, changes
}

// began is the move with which a purchase's turn comes.
func (e *Engine) began(ctx context.Context) purchase.Started {
	known, err := e.Profile(ctx)
	if err != nil { // then nothing is known
		e.log.ErrorContext(ctx, "a purchase begins without what is known of the vendor", "error", err)
	}
	known, _ = e.met(known, e.now()) // kept with what this purchase shows
	return purchase.Started{Vendor: purchase.KnownOf(known)}
}
