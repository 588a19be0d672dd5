package sandbox_test

import (
	"fmt"
	"testing"
	"time"

	"zomrobot/zomro"
	"zomrobot/zomro/sandbox"
)

func TestCopiesAreMade(t *testing.T) {
	r := newRig(t, sandbox.Config{WorkDelay: 30 * time.Second})
	id := r.AddService(login, "web-1")
	for _, c := range []struct{ list, kind string }{{"instances.snapshots", "snapshot"}, {"instances.fleio_bckps", "backup"}} {
		r.refused("value", "name", c.list+".edit", "plid", id, "name", "", "sok", "ok")
		r.refused("missed", "instances", c.list+".edit", "plid", "1", "name", "a", "sok", "ok")
		r.ok(c.list+".edit", "plid", id, "name", "before", "sok", "ok")
		r.power("image_uploading")
		r.refused("value", "runningoperation", c.list+".edit", "plid", id, "name", "b", "sok", "ok")
		doc := r.ok(c.list, "elid", id)
		row := doc.at("elem", 0)
		if got := row.text("fleio_status", "$"); got != "saving" {
			t.Errorf("%s: it is %q while it is being made", c.kind, got)
		}
		r.refused("value", "image", "image.delete", "elid", row.text("id", "$"))
		r.clock.Advance(30 * time.Second)
		r.power("active")
		doc = r.ok(c.list, "elid", id)
		row = doc.at("elem", 0)
		if row.text("fleio_status", "$") != "active" || row.text("name", "$") != "before" || doc.text("manual_created_today", "$") != "1" || doc.text("cost", "stat_cost", "$") == "" {
			t.Errorf("%s: %v", c.kind, doc.v)
		}
	}
	if got := len(r.ok("image").rows("elem")); got != 2 {
		t.Errorf("the account has %d images", got)
	}
	for n := range 4 {
		r.ok("instances.snapshots.edit", "plid", id, "name", fmt.Sprint("s", n), "sok", "ok")
		r.clock.Advance(time.Minute)
	}
	r.refused("limit", "snapshots", "instances.snapshots.edit", "plid", id, "name", "sixth", "sok", "ok")
	r.clock.Advance(24 * time.Hour)
	r.auth = r.OpenSession(login)
	r.ok("instances.snapshots.edit", "plid", id, "name", "sixth", "sok", "ok")
}

func TestImagesAreKept(t *testing.T) {
	r := newRig(t, sandbox.Config{})
	id := r.AddService(login, "web-1")
	image := r.AddCopy(login, id, zomro.KindSnapshot, "old")
	edit := func(pairs ...string) {
		r.ok("image.edit", append([]string{"elid", image, "clicked_button", "ok", "sok", "ok"}, pairs...)...)
	}
	edit("image_name", "new")
	edit("protected", "on")
	if row := r.ok("image.edit", "elid", image); row.text("image_name", "$") != "new" || row.text("protected", "$orig") != "on" || row.text("instances_id", "$") != id {
		t.Errorf("%v", row.v)
	}
	r.refused("value", "image", "image.delete", "elid", image)
	edit("protected", "off")
	fleio := r.ok("image").at("elem", 0).text("fleio_id", "$")
	r.ok("instances.fleio.rebuild", "elid", id, "sok", "ok", "zone", "own", "select_rebuild", fleio, "enablessh", "off")
	r.ok("image.delete", "elid", image)
	r.refused("missed", "image", "image.delete", "elid", image)
	if got := r.Copies(login); len(got) != 0 {
		t.Errorf("left are %v", got)
	}
	r.refused("value", "select_rebuild", "instances.fleio.rebuild", "elid", id, "sok", "ok", "zone", "own", "select_rebuild", fleio, "enablessh", "off")
}

func TestSchedules(t *testing.T) {
	r := newRig(t, sandbox.Config{})
	id := r.AddService(login, "web-1")
	set := func(schedule, days, at string) []string {
		return []string{"elid", schedule, "plid", id, "name", "daily", "rotation_days", days, "rotation_time", at, "sok", "ok"}
	}
	const edit, list = "instances.fleio_bckps.schedule.edit", "instances.fleio_bckps.schedule"
	r.refused("value", "rotation_days", edit, set("", "7", "04:20")...)
	r.refused("value", "rotation_time", edit, set("", "1", "24:20")...)
	r.ok(edit, set("", "1,0", "04:20")...)
	row := r.ok(list, "elid", id).at("elem", 0)
	if row.text("rotation_days", "$") != "Sunday Monday" || row.text("rotation_time", "$") != "04:20" {
		t.Errorf("%v", row.v)
	}
	r.refused("missed", "schedule", edit, set("1", "2", "05:00")...)
	r.ok(edit, set(row.text("id", "$"), "5", "05:00")...)
	r.refused("value", "backup_rotation", "instances.edit", "elid", id, "backup_rotation", "11", "sok", "ok")
	r.ok("instances.edit", "elid", id, "backup_rotation", "7", "sok", "ok", "clicked_button", "ok")
	doc := r.ok(list, "elid", id)
	if row := doc.at("elem", 0); row.text("rotation_days", "$") != "Friday" || doc.text("backup_rotation", "$") != "7" || r.ok("instances.edit", "elid", id).text("backup_rotation", "$") != "7" {
		t.Errorf("%v", doc.v)
	}
	r.ok("instances.fleio_bckps.schedule.delete", "elid", row.text("id", "$"))
	r.refused("missed", "schedule", "instances.fleio_bckps.schedule.delete", "elid", row.text("id", "$"))
}
