package order

import (
	"cmp"
	"maps"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/shopspring/decimal"

	"zomrobot/chat"
	"zomrobot/conversation"
	"zomrobot/conversation/order/wording"
	"zomrobot/zomro"
)

// An order in a person's own words. What they say is kept with the draft as they said
// it, and read again with the catalogue and with the form: only these tell what can be
// had. What is understood and cannot be had is asked, and what is not understood is
// named; neither is guessed.

// wantedWords is where a draft keeps them, beside the parameters that it wants.
const wantedWords = "words"

// mostWords is how many letters of them are read.
const mostWords = 200

// readsWords takes a plain message that clearly is an order, in private and where
// nothing else waits for a text.
func readsWords(t *conversation.Turn, text string, c conversation.Call) bool {
	if !t.Dialogue.Key.Private() || t.Dialogue.Draft != nil || chat.HoldsSecret(text) || utf8.RuneCountInString(text) > mostWords {
		return false
	}
	if a := t.Dialogue.Aside; a != nil {
		if s := t.Machine.Spot(a.Place); s.Text != nil || s.Secret != nil {
			return false
		}
	}
	switch w := wording.Read(text); {
	case w.Clear():
		orderLine(t, shortcut{said: text}, c.Unique)
	case w.Likely():
		offerWords(t, w.Text())
	default:
		return false
	}
	if hidesSecret(text) && c.Message != 0 {
		t.Do(conversation.Delete{Message: c.Message})
	}
	return true
}

// offerWords asks whether a text is meant as an order. The button names the text, which
// does not fit into it.
func offerWords(t *conversation.Turn, text string) {
	t.Keep()
	t.Dialogue.Said = text
	order := chat.Button{Label: chat.Say("button.order_said"), Data: conversation.KindSaid + ":" + nameOfSaid(t)}
	order.Style = chat.Primary
	t.Notify(chat.Screen{
		Lines: []chat.Phrase{chat.Say("hint.order", "Words", text)},
		Rows:  [][]chat.Button{{order}, {conversation.CommandButton("help")}},
	})
}

// pressSaid orders with the words that a button stands under, if no others have been said
// since.
func pressSaid(t *conversation.Turn, d conversation.Data, _ int) {
	if t.Dialogue.Said == "" || d.Verb != nameOfSaid(t) {
		t.Answer(chat.Say("toast.closed"))
		return
	}
	text := t.Dialogue.Said
	t.Dialogue.Said = ""
	orderLine(t, shortcut{said: text}, t.Press)
}

// nameOfSaid names what was said last that may be an order.
func nameOfSaid(t *conversation.Turn) string {
	return conversation.DraftID(t.Dialogue.Key, t.Dialogue.Said)
}

// inOwnWords fills in the draft with what a text says about an order.
func inOwnWords(t *conversation.Turn, text string) {
	if hidesSecret(text) && t.RefuseTyped(text) {
		return
	}
	if utf8.RuneCountInString(text) > mostWords {
		t.Note(chat.Say("words.too_long", "Most", mostWords))
		return
	}
	fill(t, shortcut{said: text})
	t.Forward()
	if dr := t.Dialogue.Draft; dr.Catalogue != nil {
		fulfilCatalogue(t)
		if dr.Datacenter.ID != "" {
			t.Forward()
		}
	}
}

// fillWords adds what a text says to the parameters of an order, and keeps the rest until
// the catalogue and the form are there. A parameter that has its name counts for more.
func fillWords(t *conversation.Turn, s *shortcut) {
	if s.said == "" {
		return
	}
	if utf8.RuneCountInString(s.said) > mostWords {
		t.Note(chat.Say("words.too_long", "Most", mostWords))
		return
	}
	dr := t.Dialogue.Draft
	w := wording.Read(s.said)
	dr.Wanted[wantedWords] = w.Text()
	dr.Quick = !w.Empty()
	if hidesSecret(s.said) {
		t.Note(chat.Say("words.hidden"))
	}
	pairs := wordPairs(w)
	checkWords(t, w, pairs)
	maps.Copy(pairs, s.pairs)
	s.pairs = pairs
}

// hidesSecret reports whether a password stands among the words of an order.
func hidesSecret(text string) bool { return len(wording.Read(text).Words(wording.Hidden)) > 0 }

// checkWords takes out of what words say of an order what cannot be had, and says why. A
// period that is not sold is asked: how long is paid for is nothing to guess.
func checkWords(t *conversation.Turn, w wording.Wish, pairs map[string]string) {
	if w.Never != "" {
		delete(pairs, paramPeriod)
		var names []chat.Phrase
		for _, p := range periods {
			names = append(names, conversation.PeriodName(p))
		}
		refuse(t, PlacePeriod, chat.Say("words.no_period", "Words", w.Never, "Periods", names))
	}
	checkMany(t, w.Count, pairs)
	if name, ok := pairs[paramName]; ok {
		if wrong := conversation.CheckName(name); wrong != nil {
			delete(pairs, paramName)
			refuse(t, PlaceName, *wrong)
		}
	}
	if code, ok := pairs[paramPromo]; ok {
		if wrong := conversation.CheckPromo(code); wrong != nil {
			delete(pairs, paramPromo)
			t.Note(*wrong)
		}
	}
}

// said is what is still to be fulfilled of a person's words; false: nothing is.
func said(dr *conversation.Draft) (wording.Wish, bool) {
	text, ok := dr.Wanted[wantedWords]
	if !ok {
		return wording.Wish{}, false
	}
	return wording.Read(text), true
}

// wordsDatacenter chooses the datacenter that the person's words name. If there are
// several, the list has only these.
func wordsDatacenter(t *conversation.Turn) {
	dr := t.Dialogue.Draft
	w, ok := said(dr)
	if !ok || dr.Datacenter.ID != "" {
		return
	}
	asked := slices.Concat(w.Words(wording.Where), centreWords(dr.Catalogue.Datacenters, w.Words(wording.Left)))
	if len(asked) == 0 {
		return
	}
	where := conversation.Clip(strings.Join(asked, " "))
	switch found := centresFound(dr.Catalogue.Datacenters, where); len(found) {
	case 0:
		refuse(t, PlaceDatacenter, chat.Say("words.no_place", "Words", where))
	case 1:
		dr.Datacenter = dr.Catalogue.Datacenters[found[0]]
		noteCity(t, w)
	default:
		refuse(t, PlaceDatacenter, chat.Say("words.places", "Words", where))
		if dr.Place == PlaceDatacenter {
			dr.Search = where
		}
	}
}

// noteCity says which datacenter was chosen for a city: catalogues name countries.
func noteCity(t *conversation.Turn, w wording.Wish) {
	if i := slices.IndexFunc(w.Places, func(p wording.Place) bool { return p.City != "" }); i >= 0 {
		t.Note(chat.Say("words.city", "City", w.Places[i].City, "Datacenter", centreName(t.Dialogue.Draft.Datacenter)))
	}
}

// refuse says why what the person asked for is asked again.
func refuse(t *conversation.Turn, step conversation.Place, why chat.Phrase) {
	t.Note(why)
	t.Dialogue.Draft.Refused = append(t.Dialogue.Draft.Refused, step)
}

// centresFound returns the indices of the datacenters that any word of a search names.
func centresFound(centres []zomro.Datacenter, search string) []int {
	var found []int
	places := wording.Read(search).Places
	for i, centre := range centres {
		at := func(p wording.Place) bool { return isAt(p, centre) }
		named := func(word string) bool { return names(word, centre) }
		if slices.ContainsFunc(places, at) || slices.ContainsFunc(strings.Fields(search), named) {
			found = append(found, i)
		}
	}
	return found
}

// centreWords are those of some words that name a datacenter by the vendor's name of it.
func centreWords(centres []zomro.Datacenter, words []string) []string {
	return slices.DeleteFunc(slices.Clone(words), func(word string) bool {
		return !slices.ContainsFunc(centres, func(c zomro.Datacenter) bool { return names(word, c) })
	})
}

// wordsPlan chooses the cheapest plan that fits the person's words, and says so.
func wordsPlan(t *conversation.Turn) {
	dr := t.Dialogue.Draft
	w, ok := said(dr)
	if !ok || dr.Datacenter.ID != "" && dr.Datacenter.ID != dr.Catalogue.Datacenter {
		return
	}
	named := planWords(dr.Catalogue.Plans, w)
	if _, line := dr.Wanted[paramPlan]; dr.Datacenter.ID != "" && dr.Plan == nil && !line && (len(w.About(wording.Plan, wording.Cheap)) > 0 || len(named) > 0) {
		choosePlan(t, w, named)
	}
	if system := wishedSystem(dr); dr.Plan == nil && dr.Datacenter.ID != "" && system != "" && !hasSystem(dr, system) && len(dr.Catalogue.Plans) > 0 && !slices.Contains(dr.Refused, PlacePlan) {
		refuse(t, PlacePlan, chat.Say("words.no_plan", "Words", system, "Datacenter", centreName(dr.Datacenter)))
	}
	if dr.Plan == nil && dr.Wanted[paramPlan] == "" {
		tellLeft(t, dr.Wanted, w, slices.Concat(named, centreWords(dr.Catalogue.Datacenters, w.Words(wording.Left))))
	}
}

// wishedSystem is the system that is wished for, as it was written, and not chosen yet; "":
// none is.
func wishedSystem(dr *conversation.Draft) string {
	if image := dr.Wanted[paramImage]; wording.Read(image).System.Family != "" { // else it is an id
		return image
	}
	w, _ := said(dr)
	return conversation.Clip(strings.Join(w.About(wording.What), " "))
}

// hasSystem reports whether any plan of the catalogue takes a system.
func hasSystem(dr *conversation.Draft, system string) bool {
	wished := wording.Read(system).System
	return slices.ContainsFunc(dr.Catalogue.Plans, func(p zomro.Plan) bool { return fitsSystem(p, wished) })
}

// planWords are the words that were not understood and that name a plan: its id, or a
// word that it is called by. A number counts beside another word of the title: "series 4".
func planWords(plans []zomro.Plan, w wording.Wish) []string {
	var found []string
	for _, word := range w.Words(wording.Left) {
		isNumber := !strings.ContainsFunc(word, unicode.IsLetter)
		if isNumber && len(found) == 0 {
			if slices.ContainsFunc(plans, func(p zomro.Plan) bool { return p.ID == word }) {
				found = append(found, word)
			}
			continue
		}
		if slices.ContainsFunc(plans, func(p zomro.Plan) bool { return slices.Contains(planNames(p), chat.Fold(word)) }) {
			found = append(found, word)
		}
	}
	return found
}

// planNames are the words that a plan is called by: those of its title, and its type.
func planNames(p zomro.Plan) []string {
	words := strings.Fields(chat.Fold(p.Title))
	for _, label := range p.Labels {
		if kind, ok := strings.CutPrefix(chat.Fold(label), "type:"); ok {
			words = append(words, kind)
		}
	}
	return words
}

// choosePlan chooses the cheapest plan that fits, before those that are sold out.
func choosePlan(t *conversation.Turn, w wording.Wish, named []string) {
	dr := t.Dialogue.Draft
	plans := dr.Catalogue.Plans
	found := fitting(plans, w, slices.Concat(named, w.Features))
	asked := conversation.Clip(strings.Join(slices.Concat(named, w.About(wording.Plan)), ", "))
	if len(found) == 0 {
		asked := cmp.Or(asked, strings.Join(w.About(wording.Cheap), ", "))
		refuse(t, PlacePlan, chat.Say("words.no_plan", "Words", asked, "Datacenter", centreName(dr.Datacenter)))
		return
	}
	slices.SortStableFunc(found, func(a, b int) int { return costFor(plans[a], w.Period).Cmp(costFor(plans[b], w.Period)) })
	first := slices.IndexFunc(found, func(i int) bool { return !plans[i].SoldOut })
	plan := plans[found[max(first, 0)]]
	dr.Plan = &plan
	switch {
	case len(found) < 2:
	case asked == "":
		t.Note(chat.Say("words.cheapest_of", "Plan", plan.Title, "Count", len(found)))
	default:
		t.Note(chat.Say("words.cheapest", "Plan", plan.Title, "Count", len(found), "Words", asked))
	}
	switch {
	case plan.SoldOut:
		t.Note(chat.Say("words.sold_out", "Plan", plan.Title))
	case first > 0:
		t.Note(chat.Say("words.cheaper_sold_out", "Plan", plans[found[0]].Title))
	}
	if currency := w.Price.Currency; currency != "" && len(plan.Prices) > 0 && plan.Prices[0].Cost.Currency != currency {
		t.Note(chat.Say("words.currency", "Currency", plan.Prices[0].Cost.Currency))
	}
}

// costFor is what a plan costs for a period, or for a month when none was named.
func costFor(p zomro.Plan, period zomro.Period) decimal.Decimal {
	if cost, ok := p.Price(period); ok {
		return cost.Amount
	}
	return monthly(p)
}

// wordsForm chooses the system and the SSH key of the person's words.
func wordsForm(t *conversation.Turn, wanted map[string]string) {
	text, ok := wanted[wantedWords]
	if !ok {
		return
	}
	dr := t.Dialogue.Draft
	w := wording.Read(text)
	taken := slices.Concat(planWords([]zomro.Plan{*dr.Plan}, w), centreWords(dr.Catalogue.Datacenters, w.Words(wording.Left)))
	if dr.Image == nil {
		taken = append(taken, chooseSystem(t, w)...)
	}
	switch {
	case dr.Access.Kind != "":
	case w.Access == wording.AccessKey:
		taken = append(taken, chooseKey(t, w)...)
	case w.Access == wording.AccessPassword:
		choosePassword(t)
	}
	tellLeft(t, wanted, w, taken)
}

// anyNumber is a version in the label of a system.
var anyNumber = regexp.MustCompile(`\d+(?:\.\d+)*`)

// chooseSystem chooses the newest system of the vendor's that fits, and returns the words
// that were not understood before and are in its label.
func chooseSystem(t *conversation.Turn, w wording.Wish) []string {
	dr := t.Dialogue.Draft
	if w.System.Family == "" || w.System.Family == "linux" {
		return nil
	}
	var found []zomro.Image
	for _, im := range dr.Form.Images {
		if !strings.HasPrefix(familyOf(im), "@") && isSystem(im.Label, w.System) {
			found = append(found, im)
		}
	}
	var taken []string
	for _, word := range w.Words(wording.Left) {
		if of := labelled(found, word); len(of) > 0 {
			found, taken = of, append(taken, word)
		}
	}
	asked := conversation.Clip(strings.Join(w.About(wording.What), " "))
	if len(found) == 0 {
		refuse(t, PlaceSystem, chat.Say("words.no_system", "Words", asked))
		return nil
	}
	// A label that says less is what is meant by fewer words.
	words := func(im zomro.Image) int { return len(strings.Fields(im.Label)) }
	least := words(slices.MinFunc(found, func(a, b zomro.Image) int { return cmp.Compare(words(a), words(b)) }))
	found = slices.DeleteFunc(found, func(im zomro.Image) bool { return words(im) > least })
	image := slices.MaxFunc(found, func(a, b zomro.Image) int { return compareVersions(a.Label, b.Label) })
	if usual, ok := usualImage(found); ok && w.System.Version == "" {
		image = usual
	}
	dr.Image = &image
	if len(found) > 1 {
		dr.Assumed = append(dr.Assumed, PlaceSystem)
	}
	if conversation.Windows(dr.Image.Label) && dr.Access.Kind == conversation.AccessKey {
		t.Note(chat.Say("note.windows_key"))
		dr.Access = conversation.Access{}
	}
	return taken
}

// isSystem reports whether a label is that of a system.
func isSystem(label string, s wording.System) bool {
	label = chat.Fold(label)
	if !strings.HasPrefix(label, s.Family) {
		return false
	}
	return s.Version == "" || slices.ContainsFunc(anyNumber.FindAllString(label, -1), func(n string) bool {
		return n == s.Version || strings.HasPrefix(n, s.Version+".")
	})
}

// labelled are those of some images in whose label a word is.
func labelled(images []zomro.Image, word string) []zomro.Image {
	return slices.DeleteFunc(slices.Clone(images), func(im zomro.Image) bool {
		return !slices.Contains(strings.Fields(chat.Fold(im.Label)), chat.Fold(word))
	})
}

// compareVersions compares the first versions in two labels.
func compareVersions(a, b string) int {
	parts := func(label string) []int {
		var numbers []int
		for part := range strings.SplitSeq(anyNumber.FindString(label), ".") {
			n, err := strconv.Atoi(part)
			if err != nil {
				break
			}
			numbers = append(numbers, n)
		}
		return numbers
	}
	return slices.Compare(parts(a), parts(b))
}

// chooseKey chooses the SSH key that is named, or the only one, and returns the words
// that name it.
func chooseKey(t *conversation.Turn, w wording.Wish) []string {
	dr := t.Dialogue.Draft
	if dr.Image != nil && conversation.Windows(dr.Image.Label) {
		t.Note(chat.Say("note.windows_key"))
		return nil
	}
	for _, word := range w.Words(wording.Left) {
		if key, found := findKey(dr.Form.Keys, word); found {
			dr.Access = conversation.Access{Kind: conversation.AccessKey, Key: key}
			return []string{word}
		}
	}
	switch len(dr.Form.Keys) {
	case 0:
		refuse(t, PlaceAccess, chat.Say("words.no_key"))
	case 1:
		dr.Access = conversation.Access{Kind: conversation.AccessKey, Key: dr.Form.Keys[0]}
	default:
		refuse(t, PlaceAccess, chat.Say("words.keys"))
	}
	return nil
}

// choosePassword has a root password made; a group leaves it to the private chat.
func choosePassword(t *conversation.Turn) {
	dr := t.Dialogue.Draft
	if !t.Dialogue.Key.Private() {
		dr.Refused = append(dr.Refused, PlaceAccess)
		return
	}
	dr.Access = conversation.Access{Kind: conversation.AccessMaking}
	t.Do(MakePassword{Draft: dr.ID})
}

// tellLeft names what was not understood, once.
func tellLeft(t *conversation.Turn, wanted map[string]string, w wording.Wish, taken []string) {
	const told = "told"
	if wanted[told] != "" {
		return
	}
	wanted[told] = "on"
	left := w.About(wording.Left, wording.Beside)
	if len(taken) > 0 {
		left = slices.DeleteFunc(w.Words(wording.Left, wording.Beside), func(word string) bool { return slices.Contains(taken, word) })
	}
	if len(left) > 0 {
		t.Note(chat.Say("words.left", "Words", conversation.Clip(strings.Join(left, ", "))))
	}
}
