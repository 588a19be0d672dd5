package zomro

import (
	"testing"
	"time"
)

func day(t *testing.T, text string) time.Time {
	t.Helper()
	if text == "" {
		return time.Time{}
	}
	d, err := time.Parse(time.DateOnly, text)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

func TestDeletedFrom(t *testing.T) {
	for _, c := range []struct{ created, paid, want string }{
		{"2026-08-01", "2026-11-20", "2026-11-27"},
		{"2026-10-20", "2026-11-20", "2026-11-22"}, // a month is not more than a month
		{"2026-10-19", "2026-11-20", "2026-11-27"},
		{"2026-11-18", "2026-11-20", "2026-11-22"},
		{"", "2026-11-20", "2026-11-22"}, // the earliest
		{"2026-08-01", "", ""},
	} {
		got, ok := Service{Created: day(t, c.created), PaidUntil: day(t, c.paid)}.DeletedFrom()
		if ok != (c.want != "") || !got.Equal(day(t, c.want)) {
			t.Errorf("created %q, paid until %q: deleted from %s, %v; want %q", c.created, c.paid, got, ok, c.want)
		}
	}
}

func TestUnpaid(t *testing.T) {
	now := time.Date(2026, 11, 23, 10, 0, 0, 0, time.UTC)
	for _, c := range []struct {
		code, paid string
		want       bool
	}{
		{"3_autosuspend", "", true},
		{"3_autosuspend", "2026-12-20", true},
		{"3", "2026-11-22", true},
		{"3", "2026-11-23", false}, // the last paid day
		{"3", "2026-12-20", false}, // its owner has stopped it
		{"3", "", false},
		{"3_abusesuspend", "2026-11-01", false},
		{"3_employeesuspend", "2026-11-01", false},
		{"2", "2026-11-01", false},
		{"4", "2026-11-01", false},
	} {
		if got := (Service{Code: c.code, PaidUntil: day(t, c.paid)}).Unpaid(now); got != c.want {
			t.Errorf("code %q, paid until %q: %v", c.code, c.paid, got)
		}
	}
}

func TestServiceDates(t *testing.T) {
	for _, c := range []struct{ row, created, paid string }{
		{`{"id":"1","createdate":[{"$":"2026-10-04"},{"$":"2026-10-04"}],"expiredate":{"$":"2026-11-04"},"real_expiredate":{"$":"2026-11-05"}}`, "2026-10-04", "2026-11-04"},
		{`{"id":"1","createdate":{"$":"2026-10-04 12:30:00"},"expiredate":{"$":"Daily charges"},"real_expiredate":{"$":"2026-10-08"}}`, "2026-10-04", "2026-10-08"},
		{`{"id":"1","expiredate":{"$":"04.11.2026"}}`, "", ""},
		{`{"id":"1","createdate":{"$":"2026-10-040"},"expiredate":{"$":"2026-13-01"}}`, "", ""},
		{`{"id":"1"}`, "", ""},
	} {
		_, client := newVendor(t, ok(`{"doc":{"p_elems":{"$":"1"},"elem":[`+c.row+`]}}`))
		got, err := client.Services(t.Context(), testAuth)
		if err != nil || len(got) != 1 {
			t.Fatal(got, err)
		}
		if !got[0].Created.Equal(day(t, c.created)) || !got[0].PaidUntil.Equal(day(t, c.paid)) {
			t.Errorf("%s: %s, %s", c.row, got[0].Created, got[0].PaidUntil)
		}
	}
}
