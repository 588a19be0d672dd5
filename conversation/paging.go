package conversation

import (
	"zomrobot/chat"
)

// RowsPerPage is how many rows of a list a card shows at once.
const RowsPerPage = 8

// Page returns the bounds of the page of a list of length n on which the draft
// stands, and adds nothing when the list fits on one.
func (v *View) Page(n int) (from, to int) { return PageOf(v.Draft.Page, n) }

// Pager adds the row that turns the pages of the draft's list of length n, and
// the way out of a search.
func (v *View) Pager(n int) { v.Pages(v.Draft.Page, n, v.Draft.Search != "") }

// PageOf returns the bounds of a page of a list of length n.
func PageOf(page, n int) (from, to int) {
	page = min(max(page, 0), max(0, (n-1)/RowsPerPage))
	return page * RowsPerPage, min(n, (page+1)*RowsPerPage)
}

// Pages adds the row that turns the pages of a list of length n, and the way
// out of a search.
func (v *View) Pages(page, n int, searched bool) {
	if n > RowsPerPage {
		pages := (n + RowsPerPage - 1) / RowsPerPage
		page = min(max(page, 0), pages-1)
		v.Row(
			v.Button(chat.Say("button.page_before"), VerbPage, (page+pages-1)%pages),
			v.Button(chat.Say("button.page", "Page", page+1, "Pages", pages), VerbPage, (page+1)%pages),
			v.Button(chat.Say("button.page_after"), VerbPage, (page+1)%pages),
		)
	}
	if searched {
		v.Row(v.Button(chat.Say("button.all"), VerbAll))
	}
}

// Searched says what a list is narrowed to; false: nothing fits.
func (v *View) Searched(search string, n int) bool {
	switch {
	case search == "":
	case n == 0:
		v.Line(chat.Say("search.nothing", "Search", search))
	default:
		v.Line(chat.Say("search.found", "Search", search, "Count", n))
	}
	return n > 0
}

// Found says what the draft's list has been narrowed to; false: nothing fits.
func (v *View) Found(n int) bool { return v.Searched(v.Draft.Search, n) }
