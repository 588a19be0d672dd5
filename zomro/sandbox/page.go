package sandbox

import "strconv"

// defaultPage is how many rows a list has when p_cnt does not say. The
// vendor's own number is not known; a small one exposes readers that forget to turn
// the page.
const defaultPage = 10

// paged cuts the asked page out of the rows of a list function [F]. A list
// without rows has no elem [F].
func paged(r *request, rows []object) object {
	size, number := positive(r.get("p_cnt"), defaultPage), positive(r.get("p_num"), 1)
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
