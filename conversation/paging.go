package conversation

// rowsPerPage is how many rows of a list a card shows at once.
const rowsPerPage = 8

// page returns the bounds of the page of a list of length n on which the draft
// stands, and adds nothing when the list fits on one.
func (v *view) page(n int) (from, to int) {
	last := max(0, (n-1)/rowsPerPage)
	page := min(max(v.dr.Page, 0), last)
	return page * rowsPerPage, min(n, (page+1)*rowsPerPage)
}

// pager adds the row that turns the pages of a list of length n, and the way
// out of a search.
func (v *view) pager(n int) {
	if n > rowsPerPage {
		pages := (n + rowsPerPage - 1) / rowsPerPage
		page := min(max(v.dr.Page, 0), pages-1)
		before, after := (page+pages-1)%pages, (page+1)%pages
		v.row(
			v.button(Say("button.page_before"), verbPage, before),
			v.button(Say("button.page", "Page", page+1, "Pages", pages), verbPage, after),
			v.button(Say("button.page_after"), verbPage, after),
		)
	}
	if v.dr.Search != "" {
		v.row(v.button(Say("button.all"), verbAll))
	}
}

// found says what the list is narrowed to; false: nothing fits.
func (v *view) found(n int) bool {
	switch {
	case v.dr.Search == "":
	case n == 0:
		v.line(Say("search.nothing", "Search", v.dr.Search))
	default:
		v.line(Say("search.found", "Search", v.dr.Search, "Count", n))
	}
	return n > 0
}
