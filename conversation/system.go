package conversation

import (
	"slices"
	"strings"
	"unicode"

	"zomrobot/chat"
	"zomrobot/zomro"
)

// The families of systems that are not the vendor's own; the others are named
// by the first word of their images' labels.
const (
	familyOwn    = "@own" // images of the account
	familyShared = "@shr" // images that the vendor's support shared
)

// familyOf returns the family of an image.
func familyOf(im zomro.Image) string {
	switch im.Zone {
	case "own":
		return familyOwn
	case "shr":
		return familyShared
	}
	word, _, _ := strings.Cut(strings.TrimSpace(im.Label), " ")
	if i := strings.IndexFunc(word, func(r rune) bool { return unicode.IsDigit(r) || r == '-' || r == '_' }); i > 0 {
		word = word[:i]
	}
	if word == "" {
		return im.ID
	}
	return word
}

// families returns the families of a form's images, in the vendor's order, the
// account's own last.
func families(images []zomro.Image) []string {
	var found []string
	for _, im := range images {
		if f := familyOf(im); !slices.Contains(found, f) {
			found = append(found, f)
		}
	}
	slices.SortStableFunc(found, func(a, b string) int { return ownLast(a) - ownLast(b) })
	return found
}

func ownLast(family string) int {
	if strings.HasPrefix(family, "@") {
		return 1
	}
	return 0
}

func familyLabel(family string) chat.Phrase {
	switch family {
	case familyOwn:
		return chat.Say("button.family_own")
	case familyShared:
		return chat.Say("button.family_shared")
	default:
		return plain(family)
	}
}

func askSystem(v *view) {
	images := v.dr.Form.Images
	if len(images) == 0 {
		v.line(chat.Say("ask.system_none"))
		return
	}
	v.line(chat.Say("ask.system"))
	all := families(images)
	from, to := v.page(len(all))
	for i := from; i < to; i++ {
		v.row(v.option(familyLabel(all[i]), v.dr.Image != nil && familyOf(*v.dr.Image) == all[i], verbPick, i))
	}
	v.pager(len(all))
}

func pressSystem(t *turn, verb string, n int) bool {
	dr := t.d.Draft
	all := families(dr.Form.Images)
	if verb != verbPick || n < 0 || n >= len(all) {
		return false
	}
	var members []zomro.Image
	for _, im := range dr.Form.Images {
		if familyOf(im) == all[n] {
			members = append(members, im)
		}
	}
	if len(members) == 1 {
		t.pickImage(members[0])
		return true
	}
	t.goTo(PlaceVersion)
	dr.Family = all[n]
	return true
}

func textSystem(t *turn, text string) {
	if len(t.d.Draft.Form.Images) == 0 {
		return
	}
	t.goTo(PlaceVersion)
	textSearch(t, text)
}

// versions returns the indices of the images that PlaceVersion lists.
func (dr *Draft) versions() []int {
	images := dr.Form.Images
	if dr.Search != "" {
		return filter(dr.Search, len(images), func(i int) string { return images[i].Label + " " + images[i].ID })
	}
	var found []int
	for i, im := range images {
		if dr.Family == "" || familyOf(im) == dr.Family {
			found = append(found, i)
		}
	}
	return found
}

func askVersion(v *view) {
	v.line(chat.Say("ask.version"))
	found := v.dr.versions()
	v.found(len(found))
	from, to := v.page(len(found))
	for _, i := range found[from:to] {
		im := v.dr.Form.Images[i]
		label := plain(im.Label)
		if im.Cost != nil && !im.Cost.Amount.IsZero() {
			label = chat.Say("button.priced", "Text", short(im.Label), "Price", *im.Cost)
		}
		v.row(v.option(label, v.dr.Image != nil && v.dr.Image.ID == im.ID, verbPick, i))
	}
	v.pager(len(found))
}

func pressVersion(t *turn, verb string, n int) bool {
	if verb != verbPick || n < 0 || n >= len(t.d.Draft.Form.Images) {
		return false
	}
	t.pickImage(t.d.Draft.Form.Images[n])
	return true
}

// pickImage chooses the system. A key cannot be used with Windows [F].
func (t *turn) pickImage(im zomro.Image) {
	dr := t.d.Draft
	dr.Image = &im
	if windows(im.Label) && dr.Access.Kind == AccessKey {
		t.note(chat.Say("note.windows_key"))
		dr.Access = Access{}
	}
	t.forward()
}
