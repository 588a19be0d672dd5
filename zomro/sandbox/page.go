package sandbox

import (
	"cmp"
	"strconv"
)

// defaultPage is how many rows a list has when p_cnt does not say. The
// vendor's own number is not known; a small one exposes readers that forget to turn
// the page.
const defaultPage = 10

// paging is what is kept of how a list is turned: what a call does not say is as it was
// the last time. The size of a page is kept for the person, its number for the session [C];
// that each list has its own is a guess.
type paging map[string]int

// kept is what a call says, or what was said before.
func (p paging) kept(list, said string, otherwise int) int {
	if number := positive(said, 0); number > 0 {
		p[list] = number
	}
	return cmp.Or(p[list], otherwise)
}

// paged cuts the asked page out of the rows of a list function [F]. A list
// without rows has no elem [F].
func paged(r *request, rows []object) object {
	list := r.get("func")
	size, number := r.user.sizes.kept(list, r.get("p_cnt"), defaultPage), r.session.pages.kept(list, r.get("p_num"), 1)
	body := object{
		"p_cnt": value(strconv.Itoa(size)), "p_num": value(strconv.Itoa(number)), "p_elems": value(strconv.Itoa(len(rows))),
	}
	if page := cut(rows, size, number); len(page) > 0 {
		body["elem"] = page
	}
	return body
}

// cut returns the rows of a page; the first page is number 1.
func cut(rows []object, size, number int) []object {
	if number-1 > len(rows)/size {
		return nil
	}
	start := min((number-1)*size, len(rows))
	return rows[start : start+min(size, len(rows)-start)]
}

// positive reads a whole number above zero, or returns the fallback.
func positive(text string, fallback int) int {
	if number, err := strconv.Atoi(text); err == nil && number > 0 {
		return number
	}
	return fallback
}
