package job

import (
	"slices"

	"zomrobot/zomro"
)

// Op is something that can be done with a server.
type Op string

// What can be done with a server.
const (
	Start    Op = "start"
	Stop     Op = "stop"
	Reboot   Op = "reboot"
	Rename   Op = "rename"
	Password Op = "password"
	Rebuild  Op = "rebuild"  // reinstalls a system; all data is lost
	Resize   Op = "resize"   // moves it up to a larger plan, for money
	Keep     Op = "keep"     // keeps the new size
	Rollback Op = "rollback" // goes back to the old size
	Delete   Op = "delete"

	ReverseDNS Op = "reverse_dns" // the name that the server's address leads to

	Rescue   Op = "rescue"    // boots it into another system, with a password for the time being
	Unrescue Op = "unrescue"  // and from its own disk again
	BootISO  Op = "boot_iso"  // boots it from an ISO image
	EjectISO Op = "eject_iso" // and from its own disk again

	Renewal Op = "renewal" // whether it is paid on by itself, and for how long
)

// Possible are the ops that make sense in a server's state.
func Possible(s zomro.Service) []Op {
	if s.InWork() || s.Status != zomro.StatusActive && s.Status != zomro.StatusSuspended {
		return nil
	}
	if s.Suspended() {
		return []Op{Rename, Delete} // the vendor refuses the rest, whether it runs or not
	}
	switch s.PowerState {
	case zomro.PowerActive, "":
		if s.Status == zomro.StatusSuspended {
			return []Op{Rename, Delete}
		}
		ops := []Op{Stop, Reboot, Rename, Password, Rebuild, Resize, ReverseDNS, Rescue, BootISO, Delete}
		if s.Fixed {
			ops = slices.DeleteFunc(ops, func(op Op) bool { return op == Resize })
		}
		return ops
	case zomro.PowerStopped:
		return []Op{Start, Rename, Rebuild, ReverseDNS, Rescue, BootISO, Delete}
	case zomro.PowerResized:
		return []Op{Keep, Rollback}
	case zomro.PowerRescued:
		return []Op{Unrescue, Rename, Delete}
	case zomro.PowerISO:
		return []Op{EjectISO, Rename, Delete}
	case zomro.PowerError:
		return []Op{Reboot, Rename, Rebuild, Delete}
	default:
		return []Op{Rename, Delete}
	}
}

// Shared reports whether the op can be asked for in a group, on somebody else's account:
// it costs nothing, destroys nothing and needs no secret.
func (op Op) Shared() bool {
	switch op {
	case Start, Stop, Reboot, Rename, ReverseDNS, Unrescue, EjectISO:
		return true
	default:
		return false
	}
}

// Sets reports whether the op changes a setting of a server, of which its state says nothing.
func (op Op) Sets() bool { return op == Rename || op == ReverseDNS || op == Renewal }

// MayStop reports whether the op, or a failure of it, may leave a server that ran not
// running. Of an op that is not known here it is taken that it may.
func (op Op) MayStop() bool {
	switch op {
	case Start, Rename, ReverseDNS, Renewal:
		return false
	default:
		return !op.OfImage() && !op.OfSchedule()
	}
}

// Order says what to do with which server.
type Order struct {
	Account string `json:"account"` // the vendor's account that the server is of
	Server  string `json:"server"`  // its id; "": the image is of none that is known
	Name    string `json:"name"`    // as it is shown: one that shares its name with others, with its id and address; without a server, of the image
	Op      Op     `json:"deed"`
	NewName string `json:"newName,omitempty"` // Rename, and of a copy that is made or renamed; ReverseDNS: the host name; Renewal: the key of what it is to be
	Plan    string `json:"plan,omitempty"`    // Resize
	Image   string `json:"image,omitempty"`   // Rebuild, Restore, Rescue, BootISO
	Zone    string `json:"zone,omitempty"`    // of the image
	Key     string `json:"key,omitempty"`     // Rebuild; empty: with a password
	Label   string `json:"label,omitempty"`   // of the plan, the image, the schedule or the renewal, in words; Keep, Rollback: of the larger plan, as far as it is known

	Copy     string          `json:"copy,omitempty"`     // the id of the image that it is about
	Kind     zomro.CopyKind  `json:"kind,omitempty"`     // of a copy that is about, or made; with Server in its list, else in that of the account
	Schedule *zomro.Schedule `json:"schedule,omitempty"` // SetSchedule, DropSchedule
	Kept     int             `json:"kept,omitempty"`     // KeepBackups

	Seen string `json:"seen,omitempty"` // what is destroyed, a server or an image, by its name as the person saw it; "": by its id alone

	Cost *zomro.Money `json:"cost,omitempty"` // of what spends, as the vendor named it and it was shown; of copies, also scheduled ones, for a gigabyte and a day; nil: nothing
}

// Moved reports whether what spends has another price now than the person agreed to.
func (o Order) Moved(price *zomro.Money) bool {
	switch was := o.Cost; {
	case !o.Op.Spends():
		return false
	case was == nil || price == nil:
		return was != price
	default:
		return was.Currency != price.Currency || !was.Amount.Equal(price.Amount)
	}
}

// Once reports whether the op would do harm when it is carried out twice: it is not sent
// again for a session that was found dead, either.
func (op Op) Once() bool {
	switch op {
	case Start, Stop, Rename, ReverseDNS, Renewal, Keep, Rollback, RenameImage, Protect, Unprotect:
		return false
	default:
		return true
	}
}

// NeedsPassword reports whether the op takes a password.
func (o Order) NeedsPassword() bool {
	return o.Op == Password || o.Op == Rescue || o.Op == Rebuild && o.Key == ""
}

// reached reports whether what is seen now shows that the op is done. For a resize, which
// spends money, the state alone does not tell; it is judged by more (see weigh). settled
// says that the work must have begun by now.
func (r *Record) reached(seen Sight, settled bool) bool {
	now := seen.Service
	if r.Order.Op.listed() {
		return r.shown(seen)
	}
	if now == nil {
		return r.missing()
	}
	switch r.Order.Op {
	case Delete:
		return now.Status == zomro.StatusDeleted
	case Rename:
		return now.ServerName == r.Order.NewName
	case ReverseDNS:
		return seen.Details != nil && zomro.SameHost(seen.Details.ReverseDNS, r.Order.NewName)
	case Renewal:
		return seen.Details != nil && seen.Details.Renewal != nil && seen.Details.Renewal.Value == r.Order.NewName
	case Start:
		return now.PowerState == zomro.PowerActive
	case Stop:
		return now.PowerState == zomro.PowerStopped
	case Rescue:
		return !now.InWork() && now.PowerState == zomro.PowerRescued
	case BootISO:
		return !now.InWork() && now.PowerState == zomro.PowerISO
	case Unrescue, EjectISO:
		return !now.InWork() && (now.PowerState == zomro.PowerActive || now.PowerState == zomro.PowerStopped)
	case Password:
		return !now.InWork()
	case Keep, Rollback:
		return sized(*now) && now.PowerState != zomro.PowerError && !r.Order.otherwise(now)
	case Rebuild, Restore: // what was on its disk looks the same from here as what is on it now
		return !now.InWork() && now.PowerState != zomro.PowerError && r.Busy
	default: // the state is the same before and after
		return !now.InWork() && now.PowerState != zomro.PowerError && (r.Busy || settled)
	}
}

// untouched reports whether a server shows that an op was not done with it. One that leaves
// no trace, such as a new password, is never shown so.
func (o Order) untouched(seen Sight) bool {
	s := seen.Service
	if s == nil || s.InWork() {
		return false
	}
	runs := s.PowerState == zomro.PowerActive || s.PowerState == zomro.PowerStopped
	switch o.Op {
	case Start:
		return s.PowerState == zomro.PowerStopped
	case Stop:
		return s.PowerState == zomro.PowerActive
	case Rename:
		return s.ServerName != o.NewName
	case ReverseDNS, Renewal:
		return seen.Details != nil && (o.Op == ReverseDNS || seen.Details.Renewal != nil)
	case Keep, Rollback:
		return s.PowerState == zomro.PowerResized
	case Rescue, BootISO:
		return runs
	case Unrescue:
		return s.PowerState == zomro.PowerRescued
	case EjectISO:
		return s.PowerState == zomro.PowerISO
	case Delete:
		return s.Status != zomro.StatusDeleted
	default:
		return false
	}
}

// certain is in how many looks, one after the other, something has to be missing before it
// is taken for deleted: one list can be wrong.
const certain = 2

// missing reports whether what is to be deleted is certainly not there any more. The
// server that was seen while it was being deleted needs no second look.
func (r *Record) missing() bool {
	if r.Order.Op == Delete && r.Busy {
		return true
	}
	return r.Order.Op.deletes() && r.Missing >= certain
}

// deletes reports whether the op is done when something is not there any more.
func (op Op) deletes() bool { return op == Delete || op == DeleteImage || op == DropSchedule }

// gone reports whether a look does not show what is to be deleted.
func (o Order) gone(seen Sight) bool {
	switch o.Op {
	case Delete:
		return seen.Service == nil
	case DeleteImage:
		_, found := o.image(seen)
		return seen.Copies != nil && !found
	case DropSchedule:
		_, found := o.schedule(seen)
		return seen.Schedules != nil && !found
	default:
		return false
	}
}

// works reports whether a server is seen at the work of the op, and not at that of
// another: after a restart, or while a disk is copied for a backup, it is no other system.
func (r *Record) works(s zomro.Service) bool {
	switch op := r.Order.Op; {
	case op == Rebuild || op == Restore:
		return slices.Contains([]string{"rebuilding", "building", "processing"}, s.PowerState)
	case op.Copies() && r.Failure != nil && r.Failure.Object == zomro.ObjectAtWork:
		return false // it is at what ours was refused for
	default:
		return s.InWork()
	}
}

// telling reports whether the state of the server shows that the op was done, even
// when the vendor's answer was lost.
func (o Order) telling(busy bool) bool {
	switch o.Op {
	case Password:
		return false
	case Keep, Rollback:
		return o.Label != ""
	case Reboot, Rebuild, Restore:
		return busy
	default:
		return true
	}
}
