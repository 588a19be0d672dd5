package zomro

import (
	"context"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/shopspring/decimal"
)

// TestImageCalls compares what each call sends with what the vendor's cabinet sends.
func TestImageCalls(t *testing.T) {
	for name, test := range map[string]struct {
		call func(context.Context, *Client) error
		want []field // func, and the fields behind the language
	}{
		"snapshot":        {writes["snapshot"], []field{{"func", "instances.snapshots.edit"}, {"plid", "5116804"}, {"name", "before-42"}, {"sok", "ok"}}},
		"backup":          {writes["backup"], []field{{"func", "instances.fleio_bckps.edit"}, {"plid", "5116804"}, {"name", "before-42"}, {"sok", "ok"}}},
		"restore":         {writes["restore"], []field{{"func", "instances.fleio.rebuild"}, {"elid", "5116804"}, {"sok", "ok"}, {"zone", "own"}, {"select_rebuild", testImage}, {"enablessh", "off"}}},
		"rename":          {writes["rename image"], []field{{"func", "image.edit"}, {"elid", "77"}, {"image_name", "old"}, {"plid", "5116804"}, {"clicked_button", "ok"}, {"sok", "ok"}}},
		"protect":         {writes["protect"], []field{{"func", "image.edit"}, {"elid", "77"}, {"protected", "on"}, {"clicked_button", "ok"}, {"sok", "ok"}}},
		"delete":          {writes["delete image"], []field{{"func", "image.delete"}, {"elid", "77"}}},
		"set schedule":    {writes["set schedule"], []field{{"func", "instances.fleio_bckps.schedule.edit"}, {"elid", "9"}, {"plid", "5116804"}, {"name", "daily"}, {"rotation_days", "0,1"}, {"rotation_time", "04:20"}, {"sok", "ok"}}},
		"delete schedule": {writes["delete schedule"], []field{{"func", "instances.fleio_bckps.schedule.delete"}, {"elid", "9"}}},
		"keep":            {writes["keep backups"], []field{{"func", "instances.edit"}, {"elid", "5116804"}, {"sok", "ok"}, {"clicked_button", "ok"}, {"backup_rotation", "3"}}},
		"backups":         {ignore(reads["backups"]), []field{{"func", "instances.fleio_bckps"}, {"elid", "5116804"}, {"p_cnt", "500"}, {"p_num", "1"}, {"p_col", "+id"}}},
		"schedules":       {ignore(reads["schedules"]), []field{{"func", "instances.fleio_bckps.schedule"}, {"elid", "5116804"}, {"p_cnt", "500"}, {"p_num", "1"}, {"p_col", "+id"}}},
	} {
		v, c := newVendor(t, ok(`{"doc":{"ok":{"$":""}}}`))
		if err := test.call(t.Context(), c); err != nil {
			t.Errorf("%s: %v", name, err)
		}
		want := append([]field{test.want[0], {"auth", testSession}, {"out", "json"}, {"lang", "en"}}, test.want[1:]...)
		if diff := cmp.Diff(want, v.seen()[0], cmp.AllowUnexported(field{})); diff != "" {
			t.Errorf("%s: %s", name, diff)
		}
	}
}

func TestImageCallsThatCannotBeSent(t *testing.T) {
	v, c := newVendor(t, ok(`{"doc":{}}`))
	ctx := t.Context()
	schedule := func(change func(*Schedule)) error {
		s := testSchedule
		change(&s)
		return c.SetSchedule(ctx, testAuth, "5116804", s)
	}
	for name, err := range map[string]error{
		"of an image":       c.MakeCopy(ctx, testAuth, "5116804", KindImage, "a"),
		"of no server":      c.MakeCopy(ctx, testAuth, "x", KindBackup, "a"),
		"without a name":    c.MakeCopy(ctx, testAuth, "5116804", KindBackup, ""),
		"two lines":         c.RenameImage(ctx, testAuth, "77", "", "a\nb"),
		"no image":          c.DeleteImage(ctx, testAuth, ""),
		"a link":            c.Restore(ctx, testAuth, "5116804", "https://example.org"),
		"a time":            schedule(func(s *Schedule) { s.Time = "4:20" }),
		"a day":             schedule(func(s *Schedule) { s.Days = []int{7} }),
		"no days":           schedule(func(s *Schedule) { s.Days = nil }),
		"a schedule's name": schedule(func(s *Schedule) { s.Name = "" }),
		"too many kept":     c.KeepBackups(ctx, testAuth, "5116804", 11),
		"none kept":         c.KeepBackups(ctx, testAuth, "5116804", 0),
	} {
		if KindOf(err) != Refused {
			t.Errorf("%s: %v", name, err)
		}
	}
	if n := len(v.seen()); n != 0 {
		t.Errorf("%d calls were sent", n)
	}
}

// TestCopiesAreRead in every way in which the vendor may write them.
func TestCopiesAreRead(t *testing.T) {
	const row = `{"id":{"$":"77"},"name":{"$":"before"},"image_size":{"$":"12.5"},"createdate":[{"$":"2026-11-02 10:00:00"},{"$":"x"}],"cost":{"$":"0.05"},
		"os_distro":{"$":"ubuntu"},"os_version":{"$":"24.04"},"fleio_status":{"$":" Active "},"fleio_id":{"$":"` + testImage + `"},"protected":{"$":"Да","$orig":"on"},"backup_type":{"$":"Manual"}}`
	euro := func(text string) *Money {
		return &Money{Amount: decimal.RequireFromString(text), Currency: "EUR"}
	}
	want := Copies{
		List: []Copy{{
			ID: "77", Name: "before", Kind: KindBackup, Fleio: testImage, State: "active", Protected: true, Size: "12.5", System: "ubuntu 24.04",
			Made: "Manual", Created: time.Date(2026, 11, 2, 0, 0, 0, 0, time.UTC), Cost: euro("0.05"),
		}},
		MadeToday: 2, Price: euro("0.004"),
	}
	for name, elem := range map[string]string{"a list": "[" + row + "]", "one record": row} {
		_, c := newVendor(t, ok(`{"doc":{"p_elems":{"$":"1"},"manual_created_today":{"$":"2"},"cost":{"stat_cost":{"$":"0.004"}},"elem":`+elem+`}}`))
		got, err := c.Copies(t.Context(), testAuth, "5116804", KindBackup)
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s: %s", name, diff)
		}
	}
	for name, body := range map[string]string{
		"a row without an id": `{"doc":{"elem":[{"name":{"$":"a"}}]}}`,
		"fewer than counted":  `{"doc":{"p_elems":{"$":"2"},"elem":[` + row + `]}}`,
		"no list":             `{"doc":{"ok":{"$":""}}}`,
	} {
		_, c := newVendor(t, ok(body))
		if _, err := c.Copies(t.Context(), testAuth, "5116804", KindBackup); KindOf(err) != Unreadable {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestImagesAreRead(t *testing.T) {
	_, c := newVendor(t, ok(`{"doc":{"p_elems":{"$":"2"},"elem":[
		{"id":{"$":"5"},"image_name":{"$":"golden"},"image_type":{"$":"image"},"disk_format":{"$":"iso"},"fleio_status":{"$":"queued"},"cost":{"$":"much"},"protected":{"$":"off"}},
		{"id":{"$":"6"},"name":{"$":"before"},"image_type":{"$":"Snapshot"},"fleio_status":{"$":"suspended"},"cost":{"$":"0.10 EUR"}}]}}`))
	images, err := c.Images(t.Context(), testAuth)
	if err != nil || len(images) != 2 {
		t.Fatalf("%+v, %v", images, err)
	}
	if i := images[0]; i.Name != "golden" || i.Kind != KindImage || i.Format != "iso" || i.Cost != nil || i.Deletable {
		t.Errorf("%+v", i)
	}
	if i := images[1]; i.Name != "before" || i.Kind != KindSnapshot || i.Cost == nil || !i.Deletable {
		t.Errorf("%+v", i)
	}
}

func TestSchedulesAreRead(t *testing.T) {
	_, c := newVendor(t, ok(`{"doc":{"p_elems":{"$":"3"},"backup_rotation":{"$":"4"},"elem":[
		{"id":{"$":"9"},"name":{"$":"daily"},"rotation_days":{"$":"Monday Sunday"},"rotation_time":{"$":"4:20:00"}},
		{"id":{"$":"10"},"name":{"$":"odd"},"rotation_days":{"$":"Monday Feiertag"},"rotation_time":{"$":"noon"}},
		{"id":{"$":"11"},"name":{"$":"none"}}]}}`))
	got, err := c.Schedules(t.Context(), testAuth, "5116804")
	if err != nil {
		t.Fatal(err)
	}
	want := Schedules{Kept: 4, List: []Schedule{
		{ID: "9", Backups: Backups{Name: "daily", Days: []int{0, 1}, Time: "04:20"}},
		{ID: "10", Backups: Backups{Name: "odd"}},
		{ID: "11", Backups: Backups{Name: "none"}},
	}}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

// TestSizeOfACopy is shown only where it is one.
func TestSizeOfACopy(t *testing.T) {
	for text, want := range map[string]string{"12.5": "12.5", "8": "8", "NaN": "", "-1": "", "1e999": "", "": ""} {
		if got := sizeOf(text); got != want {
			t.Errorf("%q is shown as %q", text, got)
		}
	}
}
