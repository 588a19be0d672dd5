package conversation

import (
	"zomrobot/chat"
)

// rowsPerPage is how many rows of a list a card shows at once.
const rowsPerPage = 8

// page returns the bounds of the page of a list of length n on which the draft
// stands, and adds nothing when the list fits on one.
func (v *view) page(n int) (from, to int) { return pageOf(v.dr.Page, n) }

// pager adds the row that turns the pages of the draft's list of length n, and
// the way out of a search.
func (v *view) pager(n int) { v.pages(v.dr.Page, n, v.dr.Search != "") }

// pageOf returns the bounds of a page of a list of length n.
func pageOf(page, n int) (from, to int) {
	page = min(max(page, 0), max(0, (n-1)/rowsPerPage))
	return page * rowsPerPage, min(n, (page+1)*rowsPerPage)
}

// pages adds the row that turns the pages of a list of length n, and the way
// out of a search.
func (v *view) pages(page, n int, searched bool) {
	if n > rowsPerPage {
		pages := (n + rowsPerPage - 1) / rowsPerPage
		page = min(max(page, 0), pages-1)
		v.row(
			v.button(chat.Say("button.page_before"), verbPage, (page+pages-1)%pages),
			v.button(chat.Say("button.page", "Page", page+1, "Pages", pages), verbPage, (page+1)%pages),
			v.button(chat.Say("button.page_after"), verbPage, (page+1)%pages),
		)
	}
	if searched {
		v.row(v.button(chat.Say("button.all"), verbAll))
	}
}

// searched says what a list is narrowed to; false: nothing fits.
func (v *view) searched(search string, n int) bool {
	switch {
	case search == "":
	case n == 0:
		v.line(chat.Say("search.nothing", "Search", search))
	default:
		v.line(chat.Say("search.found", "Search", search, "Count", n))
	}
	return n > 0
}

// found says what the draft's list is narrowed to; false: nothing fits.
func (v *view) found(n int) bool { return v.searched(v.dr.Search, n) }
