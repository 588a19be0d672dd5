package conversation

import "strings"

// nearest returns the command that a mistyped one may be meant to be, of those that are
// offered in the kind of chat; false: there is none, or more than one.
func (m *Machine) nearest(name string, private bool) (string, bool) {
	const short = 4 // of such a name, more than one slip leaves little
	best, found := 3, ""
	for _, c := range m.Commands() {
		if private && !c.Private || !private && !c.Group {
			continue
		}
		n := slips(strings.ToLower(name), c.Name)
		switch {
		case n > 1 && min(len(name), len(c.Name)) <= short:
		case n < best:
			best, found = n, c.Name
		case n == best:
			found = "" // either of them
		}
	}
	return found, found != ""
}

// slips counts by how many letters that are missing, too many, wrong or in the wrong order
// two words differ.
func slips(a, b string) int {
	rows := make([][]int, len(a)+1)
	for i := range rows {
		rows[i] = make([]int, len(b)+1)
		rows[i][0] = i
	}
	for j := range rows[0] {
		rows[0][j] = j
	}
	for i := 1; i <= len(a); i++ {
		for j := 1; j <= len(b); j++ {
			wrong := 1
			if a[i-1] == b[j-1] {
				wrong = 0
			}
			n := min(rows[i-1][j]+1, rows[i][j-1]+1, rows[i-1][j-1]+wrong)
			if i > 1 && j > 1 && a[i-1] == b[j-2] && a[i-2] == b[j-1] {
				n = min(n, rows[i-2][j-2]+1)
			}
			rows[i][j] = n
		}
	}
	return rows[len(a)][len(b)]
}
