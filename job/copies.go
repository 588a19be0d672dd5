package job

import (
	"slices"
	"time"

	"zomrobot/zomro"
)

// What can be done with the copies of a server, their schedules and the images of an
// account.
const (
	Snapshot     Op = "snapshot" // makes one, for money by the day
	Backup       Op = "backup"   // the same
	Restore      Op = "restore"  // puts a copy in the place of what is on the server; all of that is lost
	RenameImage  Op = "rename_image"
	Protect      Op = "protect" // from deletion
	Unprotect    Op = "unprotect"
	DeleteImage  Op = "delete_image"
	SetSchedule  Op = "set_schedule" // makes one of backups, or changes it
	DropSchedule Op = "drop_schedule"
	KeepBackups  Op = "keep_backups" // says how many scheduled ones are kept
)

// Spends reports whether the op spends money, or has money spent by the day. It is sent
// only when purchases are not stopped, and no answer to it is believed.
func (op Op) Spends() bool {
	return op == Resize || op.Copies() || op == SetSchedule || op == KeepBackups
}

// Copies reports whether the op makes a copy of a server.
func (op Op) Copies() bool { return op == Snapshot || op == Backup }

// OfImage reports whether the op is done with an image, whosever it is of.
func (op Op) OfImage() bool {
	return slices.Contains([]Op{RenameImage, Protect, Unprotect, DeleteImage}, op)
}

// OfSchedule reports whether the op is about the schedules of a server's backups.
func (op Op) OfSchedule() bool {
	return slices.Contains([]Op{SetSchedule, DropSchedule, KeepBackups}, op)
}

// Listed reports whether the order changes what the lists of copies, images or schedules show.
func (o Order) Listed() bool { return o.Op.listed() || o.Op == Restore }

// listed reports whether lists show that the op was done, and not the server's state.
func (op Op) listed() bool { return op.Copies() || op.OfImage() || op.OfSchedule() }

// Copyable reports whether a copy of a server can be made, or put in its place, as it
// stands [F].
func Copyable(s zomro.Service) bool {
	return !s.InWork() && (s.Status == zomro.StatusActive && (s.PowerState == zomro.PowerActive || s.PowerState == "") ||
		(s.Status == zomro.StatusActive || s.Status == zomro.StatusSuspended) && s.PowerState == zomro.PowerStopped)
}

// Takes are the names of what the job keeps for itself until it ends: the server, or the
// image, and of a restoration both.
func (o Order) Takes() []string {
	image := "image-" + o.Copy
	switch {
	case o.Op.OfImage():
		return []string{image}
	case o.Op == Restore:
		return []string{o.Server, image}
	default:
		return []string{o.Server}
	}
}

// Lacks reports whether the account does not show what the job is about, before it is
// sent, or shows another: nothing that is seen afterwards would tell that the job did it, or
// something would be destroyed that the person did not mean.
func (o Order) Lacks(seen Sight) bool {
	image, found := o.image(seen)
	other := o.Seen != "" && image.Name != o.Seen
	switch {
	case o.Server != "" && seen.Service == nil:
		return true
	case o.Op == Rescue || o.Op == BootISO: // it would be told that ours was done, with a password that is not the one
		return seen.Service.PowerState == zomro.PowerRescued || seen.Service.PowerState == zomro.PowerISO
	case o.Op == Delete || o.Op == Rebuild:
		return o.Seen != "" && seen.Service.Name != o.Seen
	case o.Op == DeleteImage:
		return !found || other || !image.Deletable
	case o.Op == Restore:
		return !found || other || image.State != zomro.ImageActive || image.Fleio != o.Image
	case o.Op.OfImage():
		return !found || other
	case o.Op == DropSchedule:
		schedule, found := o.schedule(seen)
		return !found || !sameSchedule(schedule.Backups, o.Schedule.Backups)
	case o.Op == SetSchedule && o.Schedule.ID != "":
		_, found := o.schedule(seen)
		return !found
	default:
		return false
	}
}

// image finds the image of the order.
func (o Order) image(seen Sight) (zomro.Copy, bool) {
	return firstOf(copiesIn(seen), func(c zomro.Copy) bool { return c.ID == o.Copy })
}

// schedule finds the schedule of the order.
func (o Order) schedule(seen Sight) (zomro.Schedule, bool) {
	return firstOf(schedulesIn(seen), func(s zomro.Schedule) bool { return o.Schedule != nil && s.ID == o.Schedule.ID })
}

func firstOf[T any](all []T, is func(T) bool) (T, bool) {
	i := slices.IndexFunc(all, is)
	if i < 0 {
		var none T
		return none, false
	}
	return all[i], true
}

func copiesIn(s Sight) []zomro.Copy {
	if s.Copies == nil {
		return nil
	}
	return s.Copies.List
}

func schedulesIn(s Sight) []zomro.Schedule {
	if s.Schedules == nil {
		return nil
	}
	return s.Schedules.List
}

// shown reports whether the lists show that the op was done.
func (r *Record) shown(seen Sight) bool {
	o := r.Order
	switch {
	case r.Before == nil, o.Op.OfSchedule() && seen.Schedules == nil, !o.Op.OfSchedule() && seen.Copies == nil:
		return false
	case o.Op.Copies():
		made, found := r.made(seen)
		return found && made.State == zomro.ImageActive && seen.Service != nil && !seen.Service.InWork()
	case o.Op.deletes(): // it was there before
		return r.missing()
	case o.Op.OfSchedule():
		return r.scheduled(seen)
	}
	image, found := o.image(seen)
	if o.Op == RenameImage {
		return found && image.Name == o.NewName
	}
	return found && image.Protected == (o.Op == Protect)
}

// made finds the copy that was made. A schedule can make one of the same name: after an
// error in words it counts only where the vendor counts one more that was made by hand.
func (r *Record) made(seen Sight) (zomro.Copy, bool) {
	if seen.Copies != nil && r.Failure != nil && r.Failure.Said() && seen.Copies.MadeToday <= r.Before.Copies.MadeToday {
		return zomro.Copy{}, false
	}
	return r.appeared(seen)
}

// appeared finds a copy of the name that has come since the call.
func (r *Record) appeared(seen Sight) (zomro.Copy, bool) {
	return firstOf(copiesIn(seen), func(c zomro.Copy) bool {
		_, there := firstOf(copiesIn(*r.Before), func(was zomro.Copy) bool { return was.ID == c.ID })
		older := !c.Created.IsZero() && c.Created.Before(r.Called.AddDate(0, 0, -2)) // the vendor's calendar may be another
		return !there && !older && c.Name == r.Order.NewName
	})
}

// keepMade notes the copy that was made.
func (r *Record) keepMade(seen Sight) {
	if r.Before == nil || !r.Order.Op.Copies() {
		return
	}
	if made, found := r.made(seen); found {
		r.Made = &made
	}
}

func (r *Record) scheduled(seen Sight) bool {
	o := r.Order
	switch o.Op {
	case KeepBackups:
		return seen.Schedules.Kept == o.Kept
	default:
		_, found := firstOf(seen.Schedules.List, func(s zomro.Schedule) bool {
			_, there := firstOf(schedulesIn(*r.Before), func(was zomro.Schedule) bool { return was.ID == s.ID })
			return (s.ID == o.Schedule.ID || o.Schedule.ID == "" && !there) && sameSchedule(s.Backups, o.Schedule.Backups)
		})
		return found
	}
}

func sameSchedule(a, b zomro.Backups) bool {
	return a.Name == b.Name && a.Time == b.Time && slices.Equal(sortedDays(a.Days), sortedDays(b.Days))
}

func sortedDays(days []int) []int { return slices.Sorted(slices.Values(days)) }

// excludes reports whether what is seen, so long after the call that it can no longer be
// carried out, shows that one which was answered with an error was not.
func (r *Record) excludes(e Looked) bool {
	if !r.Unsure || r.Busy || r.Failure == nil || !r.Failure.Said() || e.At.Sub(r.Counted.From) < excluded {
		return false
	}
	switch o := r.Order; {
	case !o.Op.listed():
		return o.untouched(e.Sight)
	case r.Before == nil:
		return false
	case o.Op.OfSchedule():
		return e.Sight.Schedules != nil
	case e.Sight.Copies == nil:
		return false
	case o.Op.Copies():
		_, found := r.appeared(e.Sight)
		return !found && e.Sight.Service != nil && !e.Sight.Service.InWork()
	default:
		was, _ := o.image(*r.Before)
		is, found := o.image(e.Sight)
		return found && is.State == was.State
	}
}

// copying is how long a server of which a copy is made, or which is restored, is watched:
// disks are large. One of which nothing is known but that its answer was lost is not.
const copying = time.Hour

// watchedFor is how long the server is watched.
func (r *Record) watchedFor() time.Duration {
	if (r.Order.Op.Copies() || r.Order.Op == Restore) && (r.Busy || !r.Unsure) {
		return copying
	}
	return watched
}
