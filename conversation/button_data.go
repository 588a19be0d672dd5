package conversation

import (
	"crypto/sha256"
	"encoding/base32"
	"strconv"
	"strings"

	"zomrobot/chat"
)

// What a button's data begins with. The number is the version of the form.
const (
	kindCard     = "w1" // w1:<card>:<rev>:<verb>[.<n>][:<owner>]: a button of the card
	KindPurchase = "p1" // p1:<purchase>:<rev>:<choice>[:<owner>]: a button of a purchase
	KindCommand  = "c1" // c1:<name>: the same as the command
	kindLanguage = "g1" // g1:<language>
	KindServer   = "s1" // s1:<server>[:<op>]: to the card of a server, or to the question whether to do that
	KindPlace    = "d1" // d1:<server>:<place>: to a place behind the card of a server
	KindBatch    = "b1" // b1:<batch>: asks whether to do again what was not done with several servers
	KindJob      = "j1" // j1:<job or batch>[:<owner>]: waits no longer for another operation on the server
	KindReminder = "r1" // r1:<matter>: no more reminders of it
	KindTeam     = "t1" // t1:<verb>:<team>: whether an account goes on paying for a team
	KindShare    = "l1" // l1:<code>[:<owner>]: has a link to an order hand on the promo code
	KindSaid     = "o1" // o1:<text>: orders with the words that may be an order, by their name
	kindDelete   = "x1" // removes the message that it stands under
)

// The verbs that every place of an order understands where they are shown.
const (
	verbBack   = "back"
	verbCancel = "cancel"
	verbSkip   = "skip"
	VerbPage   = "page"  // to page n
	VerbAll    = "all"   // ends the search
	VerbAgain  = "again" // loads what was not loaded
)

// The verbs of single places.
const (
	VerbPick     = "pick" // row n of the list
	VerbDone     = "done"
	VerbDay      = "day"  // toggles day n
	VerbDays     = "days" // all of them
	VerbOn       = "on"
	VerbOff      = "off"
	VerbKey      = "key"
	VerbPassword = "password"
	VerbMake     = "make"
	VerbConfirm  = "confirm"
	VerbEdit     = "edit"
	VerbPromo    = "promo"
	VerbUnpromo  = "unpromo"
	VerbGo       = "go" // to step n
	VerbToken    = "token"
	VerbLogin    = "login"
	VerbYes      = "yes"
	VerbContinue = "continue"
	VerbAnew     = "anew"
	VerbDo       = "do"      // deed n with the server
	VerbDoor     = "door"    // to what another flow knows of the server, the nth of them
	VerbMore     = "more"    // to what is done less often
	VerbSeveral  = "several" // to the choice of several servers
	VerbEach     = "each"    // chooses all rows
	VerbNone     = "none"    // and none
	VerbConsole  = "console" // asks for the way to the server's screen
	VerbNetwork  = "network" // to the addresses of the server
	VerbRepeat   = "repeat"  // orders the same as in row n
	VerbGroup    = "group"   // lists the plans of group n
	VerbSort     = "sort"    // 1: by price
	VerbCompare  = "compare" // marks plans to be compared
	VerbMark     = "mark"    // toggles the mark of row n
	VerbReload   = "reload"  // looks at the catalogue again
	VerbCentre   = "centre"  // goes to datacenter n
	VerbAddKey   = "addkey"
	VerbShare    = "share"   // makes a link to the order
	VerbSave     = "save"    // keeps the order as a template
	VerbImport   = "import"  // takes a template that a colleague has sent
	VerbDrop     = "drop"    // forgets the template
	VerbAccount  = "account" // to the choice of an account, or the next one
	VerbRename   = "rename"
	VerbLogout   = "logout"
	VerbDefault  = "default"
	VerbHour     = "hour"
	VerbZone     = "zone"
	VerbOlder    = "older"  // turns the page of a book
	VerbNewer    = "newer"  // and back
	VerbTable    = "table"  // sends the book as CSV
	VerbLines    = "lines"  // and as JSON lines
	VerbChart    = "chart"  // draws what the card says
	VerbRule     = "rule"   // to the rule of the team
	VerbLimits   = "limits" // to its limits
	VerbRoles    = "roles"  // to its people
	VerbOwn      = "own"    // makes somebody the owner
	VerbAbove    = "above"
	VerbBy       = "by"
	VerbSelf     = "self"
	VerbHours    = "hours"
	VerbTheme    = "theme"    // has pictures drawn dark, or light again
	VerbSchedule = "schedule" // to the schedules of backups
	VerbKept     = "kept"     // to how many of them are kept
	VerbKeep     = "keep"     // an account goes on paying for a team
)

// A purchase's buttons that decide nothing about it.
const (
	ChoiceStatus = "status" // asks for its current state
	ChoiceRepeat = "repeat" // has the same ordered once more
	ChoiceShare  = "share"  // makes a link to what was ordered
)

// ChoiceRework is a rejected purchase's button that begins a new order like it.
const ChoiceRework = "rework"

// NoCard stands for the card of a dialogue without a draft.
const NoCard = "-"

// Data is a button's data, taken apart.
type Data struct {
	Kind string
	ID   string // kindCard: the card; KindPurchase: the purchase; KindServer: what to do with it; KindPlace: the place
	Rev  int    // of it
	Verb string // or command, language, choice, server, matter
	N    int    // -1: none

	Owner int64 // in a group: whom alone the button is for; 0: not only one person
}

// ParseData takes a button's data apart; false: it is none of ours.
func ParseData(s string) (Data, bool) {
	parts := strings.Split(s, ":")
	d := Data{Kind: parts[0], N: -1}
	switch {
	case d.Kind == kindDelete && len(parts) == 1:
		return d, true
	case (d.Kind == KindCommand || d.Kind == kindLanguage || d.Kind == KindServer || d.Kind == KindBatch || d.Kind == KindReminder || d.Kind == KindSaid) && len(parts) == 2:
		d.Verb = parts[1]
		return d, true
	case d.Kind == KindServer && len(parts) == 3:
		d.Verb, d.ID = parts[1], parts[2]
		return d, true
	case (d.Kind == KindShare || d.Kind == KindJob) && (len(parts) == 2 || len(parts) == 3):
		d.Verb = parts[1]
		if len(parts) == 3 {
			return d.of(parts[2])
		}
		return d, true
	case (d.Kind == KindPlace || d.Kind == KindTeam) && len(parts) == 3:
		d.Verb, d.ID = parts[1], parts[2]
		return d, true
	case (d.Kind == kindCard || d.Kind == KindPurchase) && (len(parts) == 4 || len(parts) == 5):
		rev, err := strconv.Atoi(parts[2])
		if err != nil {
			return Data{}, false
		}
		d.ID, d.Rev = parts[1], rev
		verb, n, numbered := strings.Cut(parts[3], ".")
		d.Verb = verb
		if numbered {
			if d.N, err = strconv.Atoi(n); err != nil {
				return Data{}, false
			}
		}
		if len(parts) == 5 {
			return d.of(parts[4])
		}
		return d, true
	default:
		return Data{}, false
	}
}

// of is the data of a button that is for one person, as OwnerSuffix wrote it.
func (d Data) of(owner string) (Data, bool) {
	id, err := strconv.ParseInt(owner, ownerBase, 64)
	if err != nil {
		return Data{}, false
	}
	d.Owner = id
	return d, true
}

// cardID names the card in the data of its buttons.
func (d Dialogue) cardID() string {
	if d.Draft != nil {
		return d.Draft.ID
	}
	return NoCard
}

// cardData is the data of a button of the card.
func (d Dialogue) cardData(verb string, n ...int) string {
	s := kindCard + ":" + d.cardID() + ":" + strconv.Itoa(d.Rev) + ":" + verb
	if len(n) > 0 {
		s += "." + strconv.Itoa(n[0])
	}
	return s + OwnerSuffix(d.Key)
}

// ownerBase is the base in which a person's id is written into the data of
// buttons: it is short there.
const ownerBase = 36

// OwnerSuffix ends the data of a button in a group that is for one person.
func OwnerSuffix(key chat.Key) string {
	if key.Private() {
		return ""
	}
	return ":" + strconv.FormatInt(key.User, ownerBase)
}

// DraftID makes the id of a draft: short, for the data of a button has only 64
// bytes, and the same when a turn is repeated.
func DraftID(key chat.Key, unique string) string {
	sum := sha256.Sum256([]byte(key.String() + "\n" + unique))
	const letters = 12
	return strings.ToLower(base32.StdEncoding.EncodeToString(sum[:])[:letters])
}

// forOthers reports whether a button in a group may be pressed by others than the one
// whose it is.
func (d Data) forOthers() bool { return d.Kind == KindPurchase && d.N == 0 }

// NotYours tells a person that the button they have pressed is for somebody else.
func NotYours() chat.Phrase { return chat.Say("toast.not_yours") }
