package order

import (
	"slices"
	"strings"
	"unicode"

	"zomrobot/chat"
	"zomrobot/conversation"
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
		return conversation.Plain(family)
	}
}

func askSystem(v *conversation.View) {
	images := v.Draft.Form.Images
	if len(images) == 0 {
		v.Line(chat.Say("ask.system_none"))
		return
	}
	v.Line(chat.Say("ask.system"))
	all := families(images)
	from, to := v.Page(len(all))
	for i := from; i < to; i++ {
		v.Row(v.Option(familyLabel(all[i]), v.Draft.Image != nil && familyOf(*v.Draft.Image) == all[i], conversation.VerbPick, i))
	}
	v.Pager(len(all))
}

func pressSystem(t *conversation.Turn, verb string, n int) bool {
	dr := t.Dialogue.Draft
	all := families(dr.Form.Images)
	if verb != conversation.VerbPick || n < 0 || n >= len(all) {
		return false
	}
	var members []zomro.Image
	for _, im := range dr.Form.Images {
		if familyOf(im) == all[n] {
			members = append(members, im)
		}
	}
	if len(members) == 1 {
		pickImage(t, members[0])
		return true
	}
	t.GoTo(PlaceVersion)
	dr.Family = all[n]
	return true
}

func textSystem(t *conversation.Turn, text string) {
	if len(t.Dialogue.Draft.Form.Images) == 0 {
		return
	}
	t.GoTo(PlaceVersion)
	textSearch(t, text)
}

// versions returns the indices of the images that PlaceVersion lists.
func versions(dr *conversation.Draft) []int {
	images := dr.Form.Images
	if dr.Search != "" {
		return conversation.Filter(dr.Search, len(images), func(i int) string { return images[i].Label + " " + images[i].ID })
	}
	var found []int
	for i, im := range images {
		if dr.Family == "" || familyOf(im) == dr.Family {
			found = append(found, i)
		}
	}
	return found
}

func askVersion(v *conversation.View) {
	v.Line(chat.Say("ask.version"))
	found := versions(v.Draft)
	v.Found(len(found))
	from, to := v.Page(len(found))
	for _, i := range found[from:to] {
		im := v.Draft.Form.Images[i]
		label := conversation.Plain(im.Label)
		if im.Cost != nil && !im.Cost.Amount.IsZero() {
			label = chat.Say("button.priced", "Text", conversation.Short(im.Label), "Price", *im.Cost)
		}
		v.Row(v.Option(label, v.Draft.Image != nil && v.Draft.Image.ID == im.ID, conversation.VerbPick, i))
	}
	v.Pager(len(found))
}

func pressVersion(t *conversation.Turn, verb string, n int) bool {
	if verb != conversation.VerbPick || n < 0 || n >= len(t.Dialogue.Draft.Form.Images) {
		return false
	}
	pickImage(t, t.Dialogue.Draft.Form.Images[n])
	return true
}

// pickImage chooses the system. A key cannot be used with Windows [F].
func pickImage(t *conversation.Turn, im zomro.Image) {
	dr := t.Dialogue.Draft
	dr.Image = &im
	if conversation.Windows(im.Label) && dr.Access.Kind == conversation.AccessKey {
		t.Note(chat.Say("note.windows_key"))
		dr.Access = conversation.Access{}
	}
	t.Forward()
}
