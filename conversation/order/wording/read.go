package wording

import (
	"slices"
	"strconv"
	"strings"
	"unicode"

	"zomrobot/chat"
	"zomrobot/zomro"
)

// rules are the grammar: what can stand in a text, in the order in which it is tried.
// Each reads what begins at a word, and says how many words that are; 0: nothing does.
var rules = []struct {
	of   Kind
	read func(*reader, int) int
}{
	{Copies, (*reader).backups},
	{Code, (*reader).promo},
	{Called, (*reader).name},
	{Plan, (*reader).price},
	{Long, (*reader).period},
	{Many, (*reader).count},
	{Plan, (*reader).amount},
	{What, (*reader).system},
	{Where, (*reader).place},
	{Login, (*reader).access},
	{Plan, (*reader).feature},
	{Beside, (*reader).beside},
	{Nothing, (*reader).nothing},
}

// reader reads a text word by word.
type reader struct {
	Wish
	words []word
	of    Kind // what is being read, where the rule cannot tell beforehand
}

// Read reads what a text says about an order.
func Read(text string) Wish {
	r := &reader{Wish: Wish{text: chat.Typed(text)}}
	r.words = wordsOf(r.text)
	for at := 0; at < len(r.words); {
		at += r.next(at)
	}
	return r.Wish
}

// next reads what begins at a word, and notes it.
func (r *reader) next(at int) int {
	if n := r.secret(at); n > 0 {
		r.note(at, n, Hidden)
		return n
	}
	n, of := r.match(at)
	switch {
	case n > 0:
		r.note(at, n, of)
	case r.words[at].is.class == without && at+1 < len(r.words):
		// What is taken back is not wanted, and what is wanted then nobody knows.
		aside := &reader{Wish: Wish{text: r.text}, words: r.words}
		i := r.over(at+1, filler)
		if n, of = aside.match(i); i == len(r.words) || n == 0 || of == Nothing {
			i, n = at+1, 0
		}
		n += i - at
		r.note(at, n, Left)
	default:
		n = 1
		of = Left
		if r.is(at) == unknown && r.besidePassword(at) {
			of = Hidden
		}
		r.another = r.another || r.words[at].is.class == another
		r.note(at, n, of)
	}
	return n
}

// secret returns how many words a secret has that begins at a word; 0: none does. Where a
// password is said, what looks like one is none of the things that it also could be: letters
// with digits that are no size, a long number, signs.
func (r *reader) secret(at int) int {
	if !r.besidePassword(at) {
		return 0
	}
	from := r.words[at].from
	text, _, _ := strings.Cut(r.text[from:], " ")
	n := 0
	for n < len(r.words)-at && r.words[at+n].from < from+len(text) {
		n++
	}
	sized := n == 2 && r.is(at) == number && r.is(at+1) != unknown
	text = strings.TrimRight(text, ".,;:!?\"'()«»“”")
	letters := strings.IndexFunc(text, unicode.IsLetter) >= 0
	digits := strings.IndexFunc(text, unicode.IsDigit) >= 0
	signs := strings.IndexFunc(text, func(c rune) bool {
		return !unicode.IsLetter(c) && !unicode.IsDigit(c) && c != '-' && c != ',' && c != '.'
	}) >= 0
	const longNumber = 4
	if signs || letters && digits && !sized || !letters && len(text) >= longNumber {
		return n
	}
	return 0
}

// besidePassword reports whether a word stands where a password is said.
func (r *reader) besidePassword(at int) bool {
	for at--; at >= 0 && slices.Contains([]class{filler, making, copies}, r.is(at)); at-- {
	}
	return r.is(at) == password || r.is(at) == confided || r.rootsAt(at) || at >= 0 && len(r.parts) > at && r.parts[at].of == Hidden
}

// rootsAt reports whether a word is a name to log in with, and a password is written to it:
// "root/…", "root:…".
func (r *reader) rootsAt(at int) bool {
	if at < 0 || at+1 >= len(r.words) || r.words[at].fold != "root" {
		return false
	}
	return strings.ContainsAny(r.text[r.words[at].to:r.words[at+1].from], "/:")
}

// match finds the rule that reads what begins at a word.
func (r *reader) match(at int) (int, Kind) {
	for _, rule := range rules {
		r.of = rule.of
		if n := rule.read(r, at); n > 0 {
			return n, r.of
		}
	}
	return 0, Left
}

// note keeps what some words are about.
func (r *reader) note(at, n int, of Kind) {
	for _, w := range r.words[at : at+n] {
		r.parts = append(r.parts, part{w.from, w.to, of})
	}
}

// is is the class of a word; unknown: there is none.
func (r *reader) is(at int) class { return r.at(at).is.class }

// at is a word; an empty one: there is none.
func (r *reader) at(at int) word {
	if at < 0 || at >= len(r.words) {
		return word{}
	}
	return r.words[at]
}

// over passes words of some classes, and returns the first that is of none.
func (r *reader) over(at int, classes ...class) int {
	for at < len(r.words) && slices.Contains(classes, r.is(at)) {
		at++
	}
	return at
}

// backups reads "no backups", "with daily backups", "бекапы не нужны".
func (r *reader) backups(at int) int {
	i := at
	said := BackupsOn
	switch r.is(i) {
	case without, off:
		said = BackupsOff
		i++
	case with, on:
		i++
	default:
	}
	if w := r.at(i); w.is.class == term && w.is.value == string(zomro.Day) {
		i++
		if said == BackupsOn {
			said = BackupsDaily
		}
	}
	if r.is(i) != copies || r.Backups != "" {
		return 0
	}
	i++
	switch r.is(i) {
	case off:
		said = BackupsOff
		i++
	case on:
		i++
	case term:
		if r.at(i).is.value == string(zomro.Day) {
			said = BackupsDaily
			i++
		}
	default:
	}
	r.Backups = said
	return i - at
}

// promo reads "promo X", "с промокодом X".
func (r *reader) promo(at int) int {
	switch {
	case r.is(at) == without && r.is(at+1) == promo:
		r.of = Nothing
		return 2
	case r.is(at) != promo || r.Promo != "":
		return 0
	}
	i := r.over(at+1, promo)
	code, n := r.given(i)
	if n == 0 || r.is(i) != unknown && code == strings.ToLower(code) {
		return 0
	}
	r.Promo = code
	return i + n - at
}

// name reads "name web-1", "назови его web-1".
func (r *reader) name(at int) int {
	if r.is(at) != name || r.Name != "" {
		return 0
	}
	i := r.over(at+1, filler, server, servers, either, name)
	if i >= len(r.words) {
		i = at + 1
	}
	for at+1 < i && r.joined(i-1) {
		i--
	}
	text, n := r.given(i)
	if !strings.ContainsFunc(text, unicode.IsLetter) {
		return 0
	}
	r.Name = text
	return i + n - at
}

// joined reports whether a word and the next one are one to a person: "a" of "a<b" is no
// article.
func (r *reader) joined(at int) bool {
	return at+1 < len(r.words) && !strings.ContainsAny(r.text[r.words[at].to:r.words[at+1].from], " \n,.:;!?")
}

// given is what stands at a word up to the next space, whatever it is, and how many
// words that are.
func (r *reader) given(at int) (string, int) {
	if at >= len(r.words) {
		return "", 0
	}
	from := r.words[at].from
	text, _, _ := strings.Cut(strings.ReplaceAll(r.text[from:], "\n", " "), " ")
	text = strings.TrimRight(text, `.,;:!?"')`)
	n := 1
	for at+n < len(r.words) && r.words[at+n].from < from+len(text) {
		n++
	}
	return r.text[from:max(from+len(text), r.words[at+n-1].to)], n
}

// price reads "up to 10 eur a month", "не дороже 10", "за 10 евро".
func (r *reader) price(at int) int {
	i := r.over(at, spend, filler)
	bound := r.is(i)
	if slices.Contains([]class{most, least, cheaper, dearer}, bound) {
		i = r.over(i+1, filler)
	}
	p := Price{Period: zomro.Month}
	money := bound == cheaper || bound == dearer || r.is(at) == spend && r.is(i+1) != size
	if r.is(i) == currency {
		p.Currency, money = r.at(i).is.value, true
		i++
	}
	if r.is(i) != number || r.at(i).is.amount <= 0 {
		return 0
	}
	p.Most = r.at(i).is.amount
	i++
	if r.is(i) == currency && p.Currency == "" {
		p.Currency, money = r.at(i).is.value, true
		i++
	}
	if !money || p.Currency == "" && slices.Contains([]class{size, thing, unit, units, server, servers, either}, r.is(i)) {
		return 0
	}
	j := i
	if slices.Contains(perWords, r.at(i).fold) {
		j++
	}
	if r.is(j) == unit {
		if period, ok := spans["1 "+r.at(j).is.value]; ok {
			p.Period = period
			i = j + 1
		}
	}
	if r.is(i) == most {
		i++
	}
	if bound == least || bound == dearer || r.Price != (Price{}) {
		r.of = Left
		return i - at
	}
	r.Price = p
	return i - at
}

// period reads "month", "на 3 месяца", "полгода", "посуточно".
func (r *reader) period(at int) int {
	amount, i := 1.0, at
	if r.is(i) == number {
		amount = r.at(i).is.amount
		i++
	}
	var found zomro.Period
	switch w := r.at(i); {
	case w.is.class == term && i == at:
		found = zomro.Period(w.is.value)
	case w.is.class == unit, w.is.class == units && i > at:
		found = spans[strconv.FormatFloat(amount, 'g', -1, 64)+" "+w.is.value]
	default:
		return 0
	}
	i++
	switch {
	case r.Period != "" && r.Period != found, found == "" && r.Never != "":
		r.of = Left
		return i - at
	case found == "":
		r.Never = r.text[r.at(at).from:r.at(i-1).to]
		return i - at
	}
	r.Period = found
	return i - at
}

// count reads "2 servers", "две штуки", "x2", "количество 2". Words that say what kind of
// servers it is may stand between.
func (r *reader) count(at int) int {
	w := r.at(at)
	n, i := w.is.amount, at+1
	switch {
	case w.is.class == times && w.number != "" && r.is(at-1) != number:
		n, _ = strconv.ParseFloat(w.number, 64) // it is digits
	case w.is.class == times && r.is(i) == number && r.is(at-1) != number && !r.measured(i+1):
		n = r.at(i).is.amount
		i++
	case w.is.class == quantity && r.is(r.over(i, filler)) == number:
		i = r.over(i, filler)
		n = r.at(i).is.amount
		i++
	case w.is.class == number && r.is(i) == times && r.at(i).number == "" && !r.measured(i+1) && (r.is(i+1) != number || r.at(i+1).from > r.at(i).to):
		i++
	case w.is.class == number && r.counted(i):
	default:
		return 0
	}
	if n != float64(int(n)) || n < 1 || r.Count != 0 && r.Count != int(n) {
		r.of = Left
		return i - at
	}
	r.Count = int(n)
	return i - at
}

// counted reports whether what stands at a word are servers, of whatever kind.
func (r *reader) counted(at int) bool {
	i := r.over(at, system, feature, cheap, filler, place)
	switch r.is(i) {
	case servers, either:
		return true
	case server:
		return i == at
	default:
		return false
	}
}

// measured reports whether a word says what the number before it is an amount of.
func (r *reader) measured(at int) bool {
	return slices.Contains([]class{size, thing, unit, units, currency, servers, either, server, times}, r.is(at))
}

// sized is an amount: of what, how much, and where it ends.
type sized struct {
	of    string
	low   float64
	high  float64 // of a range; else 0
	bound class
	unit  float64 // 0: none was written
	end   int
}

// amount reads "2 cpu", "4 gb", "озу не меньше 8", "от 2 до 4 ядер", "до 4 гб". A number
// is an amount if its unit, or a word before it, says what it is an amount of.
func (r *reader) amount(at int) int {
	a, ok := r.sized(at)
	if !ok {
		return 0
	}
	bounds := map[string]*Bounds{ofCPU: &r.CPU, ofMemory: &r.Memory, ofDisk: &r.Disk}[a.of]
	if bounds == nil {
		r.of = Beside
		return a.end - at
	}
	scale := a.unit
	if scale == 0 {
		scale = 1
	}
	set := bounds.with(a, scale)
	if *bounds != (Bounds{}) && (bounds.Least != 0 && set.Least != bounds.Least || bounds.Most != 0 && set.Most != bounds.Most) {
		r.of = Left
		return a.end - at
	}
	*bounds = set
	return a.end - at
}

// with adds an amount to bounds.
func (b Bounds) with(a sized, scale float64) Bounds {
	switch {
	case a.high != 0:
		return Bounds{a.low * scale, a.high * scale}
	case a.bound == most:
		b.Most = a.low * scale
	case a.bound == exact:
		return Bounds{a.low * scale, a.low * scale}
	default:
		b.Least = a.low * scale
	}
	return b
}

// sized reads an amount.
func (r *reader) sized(at int) (sized, bool) {
	a := sized{bound: least}
	i := at
	said := false // the text begins with what makes it an amount
	for ; i < len(r.words); i++ {
		w := r.at(i)
		switch {
		case w.is.class == thing && a.of == "":
			a.of, said = w.is.value, true
			continue
		case w.is.class == most || w.is.class == least || w.is.class == exact:
			a.bound, said = w.is.class, true
			continue
		case said && (w.is.class == filler || w.is.class == with):
			continue
		}
		break
	}
	if r.is(i) != number {
		return a, false
	}
	a.low = r.at(i).is.amount
	i++
	if high, end := r.upTo(i); end > 0 {
		a.high, i = high, end
	}
	if r.is(i) == size {
		a.unit = r.at(i).is.amount
		i++
		if high, end := r.upTo(i); end > 0 && a.high == 0 && r.is(end) == size {
			a.high, i = high, end+1
		}
	}
	if r.is(i) == times && r.is(i+1) == thing {
		i++
	}
	i = r.behind(&a, i)
	if a.of == "" {
		switch {
		case a.unit == 0:
			return a, false
		case a.unit > 1, r.Memory != (Bounds{}):
			a.of = ofDisk
		default:
			a.of = ofMemory
		}
	}
	if bound := r.is(i); (bound == most || bound == least) && a.high == 0 && r.is(i+1) != number && r.is(i+1) != currency {
		a.bound = bound
		i++
	}
	a.end = i
	return a, true
}

// upTo reads the upper end of a range: "-4", "до 4"; 0: there is none.
func (r *reader) upTo(at int) (float64, int) {
	dash := r.is(at) == number && strings.TrimSpace(r.text[r.at(at-1).to:r.at(at).from]) == "-"
	if r.is(at) == most || r.is(at) == filler && r.at(at).fold == "to" {
		at++
	} else if !dash {
		return 0, 0
	}
	if r.is(at) != number {
		return 0, 0
	}
	return r.at(at).is.amount, at + 1
}

// behind reads the word after a number that says what it is an amount of, and returns
// where that ends. If a word before the number has said it, a word after it that is
// followed by a number of its own belongs to that one: "ram 8 cpu 2".
func (r *reader) behind(a *sized, at int) int {
	i := r.over(at, filler, feature)
	w := r.at(i)
	if w.is.class != thing || a.unit != 0 && (w.is.value == ofCPU || w.is.value == ofAddress) {
		return at
	}
	if (w.is.value == ofOther || w.is.value == ofAddress) && i > at {
		return at
	}
	next := r.over(i+1, filler, most, least, exact)
	switch follows := r.is(next) == number; {
	case follows && a.of != "":
		return at
	case follows && a.unit != 0 && w.is.value == ofDisk && a.low < r.at(next).is.amount && r.is(r.over(next+1, size)) != thing:
		return at // "4 gb disk 40 gb": a disk is the larger of the two
	}
	a.of = w.is.value
	for _, between := range r.words[at:i] {
		if between.is.class == feature {
			r.Wish.feature(between.is.value)
		}
	}
	return i + 1
}

// system reads "ubuntu", "debian 12", "windows server 2022".
func (r *reader) system(at int) int {
	w := r.at(at)
	if w.is.class != system {
		return 0
	}
	family, version, _ := strings.Cut(w.is.value, " ")
	i := at + 1
	if w.number != "" {
		version = w.number
	}
	if j := r.over(i, server); version == "" && r.is(j) == number && r.version(j) {
		version = strings.ReplaceAll(r.at(j).fold, ",", ".")
		i = j + 1
	}
	has := r.System
	switch {
	case has.Family == "" || has.Family == "linux" && family != "windows":
		r.System = System{family, version}
	case family == "linux" && has.Family != "windows" && version == "":
	case has.Family == family && (has.Version == version || has.Version == "" || version == ""):
		r.System.Version = has.Version + strings.TrimPrefix(version, has.Version)
	default:
		r.of = Left
	}
	return i - at
}

// version reports whether the number after a system is its version, and not the amount
// of what follows: "debian 12 month".
func (r *reader) version(at int) bool {
	const leastVersion = 7 // of those that are sold, but for what is said by "month" alone
	w, next := r.at(at), r.is(at+1)
	if _, worded := numbers[w.fold]; worded {
		return false
	}
	sign := strings.ContainsAny(w.fold, ".,")
	switch next {
	case size, thing, units, currency, servers:
		return sign && next != size && next != thing
	case unit, either, server, times:
		return sign || w.is.amount >= leastVersion
	default:
		return true
	}
}

// place reads "germany", "nl-3", "во франкфурте".
func (r *reader) place(at int) int {
	w := r.at(at)
	if w.is.class != place && w.is.class != city {
		return 0
	}
	wanted := Place{Code: w.is.value, Number: w.number}
	if w.is.class == city {
		wanted.City = r.text[w.from:w.to]
	}
	if !slices.ContainsFunc(r.Places, func(p Place) bool { return p.Code == wanted.Code && (p.Number == wanted.Number || wanted.Number == "") }) {
		r.Places = slices.DeleteFunc(r.Places, func(p Place) bool { return p.Code == wanted.Code && p.Number == "" })
		r.Places = append(r.Places, wanted)
	}
	return 1
}

// access reads "ssh key", "по паролю", "generate a password".
func (r *reader) access(at int) int {
	i := r.over(at, making, filler)
	if i > at && r.is(at) != making {
		return 0
	}
	said := AccessKey
	switch r.is(i) {
	case key:
	case password:
		said = AccessPassword
	default:
		return 0
	}
	i = r.over(i+1, making)
	if r.Access != "" && r.Access != said {
		r.of = Left
		return i - at
	}
	r.Access = said
	return i - at
}

// feature reads "amd", "выделенный", "самый дешевый".
func (r *reader) feature(at int) int {
	switch w := r.at(at); w.is.class {
	case feature:
		r.Wish.feature(w.is.value)
	case cheap, cheaper:
		r.Cheapest, r.of = true, Cheap
	default:
		return 0
	}
	return 1
}

// beside reads what no order asks for by a word alone: "nvme", "ipv6".
func (r *reader) beside(at int) int {
	w := r.at(at)
	if w.is.class != thing {
		return 0
	}
	if w.is.value == ofCPU || w.is.value == ofMemory || slices.Contains(plainDisk, w.fold) {
		r.of = Nothing
	}
	return 1
}

// nothing reads what asks for nothing.
func (r *reader) nothing(at int) int {
	if slices.Contains([]class{server, servers, either}, r.is(at)) {
		r.server = true
		return 1
	}
	if slices.Contains([]class{filler, with, on, spend, least}, r.is(at)) {
		return 1
	}
	return 0
}
