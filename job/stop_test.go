package job

import "testing"

// TestMayStop: what is done with names, images and schedules leaves a server running, so that
// it is news when it goes down meanwhile.
func TestMayStop(t *testing.T) {
	for op, want := range map[Op]bool{
		Stop: true, Reboot: true, Password: true, Rebuild: true, Resize: true, Keep: true, Rollback: true, Delete: true,
		Snapshot: true, Backup: true, Restore: true, "unheard of": true,
		Rescue: true, BootISO: true, Unrescue: true, EjectISO: true,
		Start: false, Rename: false, ReverseDNS: false, Renewal: false,
		RenameImage: false, Protect: false, Unprotect: false, DeleteImage: false,
		SetSchedule: false, DropSchedule: false, KeepBackups: false,
	} {
		if got := op.MayStop(); got != want {
			t.Errorf("%s: %v, want %v", op, got, want)
		}
	}
}
