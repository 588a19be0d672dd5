package zomro

import "time"

// How many days after the end of the paid period the vendor deletes a Cloud VPS
// that is not paid for [A]: as it announced in "Update on Unpaid Service
// Deletion Timelines" (zomro.com/blog/news/691), of a server that was active
// for more than a month, and of a younger one.
const (
	daysKept      = 7
	daysKeptYoung = 2
)

// codeAutoSuspended is the status of a service that billing has suspended [F].
const codeAutoSuspended = "3_autosuspend"

// Unpaid reports whether the server is suspended because it is not paid for: by
// billing, or because its paid period is over. A server that its owner has stopped
// may have the same bare code "3" [A], and does not count.
func (s Service) Unpaid(now time.Time) bool {
	over := !s.PaidUntil.IsZero() && s.PaidUntil.Before(now.UTC().Truncate(24*time.Hour))
	return s.Code == codeAutoSuspended || s.Code == "3" && over
}

// Closing reports whether the server is being deleted.
func (s Service) Closing() bool { return s.Code == "5_close" }

// DeletedFrom returns the day from which the vendor deletes the server if it is
// not paid for, the earliest that its announcement allows; false: it is not known
// how long the server is paid for.
func (s Service) DeletedFrom() (time.Time, bool) {
	if s.PaidUntil.IsZero() {
		return time.Time{}, false
	}
	days := daysKeptYoung
	if !s.Created.IsZero() && s.Created.AddDate(0, 1, 0).Before(s.PaidUntil) {
		days = daysKept
	}
	return s.PaidUntil.AddDate(0, 0, days), true
}

// date reads a day, "2026-11-04" [g], perhaps with a time after it; the zero time
// for anything else.
func (n node) date() time.Time { return dayOf(n.text()) }

func dayOf(text string) time.Time {
	if len(text) > len(time.DateOnly) && (text[len(time.DateOnly)] == ' ' || text[len(time.DateOnly)] == 'T') {
		text = text[:len(time.DateOnly)]
	}
	if len(text) != len(time.DateOnly) {
		return time.Time{} // the usual case, without the cost of an error
	}
	day, err := time.Parse(time.DateOnly, text)
	if err != nil {
		return time.Time{}
	}
	return day
}
