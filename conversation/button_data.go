package conversation

import (
	"crypto/sha256"
	"encoding/base32"
	"strconv"
	"strings"

	"zomrobot/chat"
	"zomrobot/purchase"
)

// What a button's data begins with. The number is the version of the form.
const (
	kindCard     = "w1" // w1:<card>:<rev>:<verb>[.<n>][:<owner>]: a button of the card
	kindPurchase = "p1" // p1:<purchase>:<rev>:<choice>[:<owner>]: a button of a purchase
	kindCommand  = "c1" // c1:<name>: the same as the command
	kindLanguage = "g1" // g1:<language>
	kindServer   = "s1" // s1:<server>: to the card of a server
	kindReminder = "r1" // r1:<matter>: no more reminders of it
	kindTeam     = "t1" // t1:<verb>:<team>: whether an account goes on paying for a team
	kindDelete   = "x1" // removes the message that it stands under
)

// The verbs that every place of an order understands where they are shown.
const (
	verbBack   = "back"
	verbCancel = "cancel"
	verbSkip   = "skip"
	verbPage   = "page"  // to page n
	verbAll    = "all"   // ends the search
	verbAgain  = "again" // loads what was not loaded
)

// The verbs of single places.
const (
	verbPick     = "pick" // row n of the list
	verbDone     = "done"
	verbDay      = "day"  // toggles day n
	verbDays     = "days" // all of them
	verbOn       = "on"
	verbOff      = "off"
	verbKey      = "key"
	verbPassword = "password"
	verbMake     = "make"
	verbConfirm  = "confirm"
	verbEdit     = "edit"
	verbPromo    = "promo"
	verbUnpromo  = "unpromo"
	verbGo       = "go" // to step n
	verbToken    = "token"
	verbLogin    = "login"
	verbYes      = "yes"
	verbContinue = "continue"
	verbAnew     = "anew"
	verbDo       = "do"      // deed n with the server
	verbRepeat   = "repeat"  // orders the same as in row n
	verbGroup    = "group"   // lists the plans of group n
	verbSort     = "sort"    // 1: by price
	verbCompare  = "compare" // marks plans to be compared
	verbMark     = "mark"    // toggles the mark of row n
	verbReload   = "reload"  // looks at the catalogue again
	verbCentre   = "centre"  // goes to datacenter n
	verbAddKey   = "addkey"
	verbSave     = "save"    // keeps the order as a template
	verbImport   = "import"  // takes a template that a colleague has sent
	verbDrop     = "drop"    // forgets the template
	verbAccount  = "account" // to the choice of an account, or the next one
	verbRename   = "rename"
	verbLogout   = "logout"
	verbDefault  = "default"
	verbHour     = "hour"
	verbZone     = "zone"
	verbOlder    = "older"  // turns the page of a book
	verbNewer    = "newer"  // and back
	verbTable    = "table"  // sends the book as CSV
	verbLines    = "lines"  // and as JSON lines
	verbRule     = "rule"   // to the rule of the team
	verbLimits   = "limits" // to its limits
	verbRoles    = "roles"  // to its people
	verbOwn      = "own"    // makes somebody the owner
	verbAbove    = "above"
	verbBy       = "by"
	verbSelf     = "self"
	verbHours    = "hours"
	verbKeep     = "keep" // an account goes on paying for a team
)

// choiceStatus is a purchase's button that only asks for its present state.
const choiceStatus = "status"

// noCard stands for the card of a dialogue without a draft.
const noCard = "-"

// data is a button's data, taken apart.
type data struct {
	kind string
	id   string // kindCard: the card; kindPurchase: the purchase
	rev  int    // of it
	verb string // or command, language, choice, server, matter
	n    int    // -1: none

	owner int64 // in a group: whom alone the button is for; 0: not only one person
}

// parseData takes a button's data apart; false: it is none of ours.
func parseData(s string) (data, bool) {
	parts := strings.Split(s, ":")
	d := data{kind: parts[0], n: -1}
	switch {
	case d.kind == kindDelete && len(parts) == 1:
		return d, true
	case (d.kind == kindCommand || d.kind == kindLanguage || d.kind == kindServer || d.kind == kindReminder) && len(parts) == 2:
		d.verb = parts[1]
		return d, true
	case d.kind == kindTeam && len(parts) == 3:
		d.verb, d.id = parts[1], parts[2]
		return d, true
	case (d.kind == kindCard || d.kind == kindPurchase) && (len(parts) == 4 || len(parts) == 5):
		rev, err := strconv.Atoi(parts[2])
		if err != nil {
			return data{}, false
		}
		d.id, d.rev = parts[1], rev
		verb, n, numbered := strings.Cut(parts[3], ".")
		d.verb = verb
		if numbered {
			if d.n, err = strconv.Atoi(n); err != nil {
				return data{}, false
			}
		}
		if len(parts) == 5 {
			if d.owner, err = strconv.ParseInt(parts[4], ownerBase, 64); err != nil {
				return data{}, false
			}
		}
		return d, true
	default:
		return data{}, false
	}
}

// cardID names the card in the data of its buttons.
func (d Dialogue) cardID() string {
	if d.Draft != nil {
		return d.Draft.ID
	}
	return noCard
}

// cardData is the data of a button of the card.
func (d Dialogue) cardData(verb string, n ...int) string {
	s := kindCard + ":" + d.cardID() + ":" + strconv.Itoa(d.Rev) + ":" + verb
	if len(n) > 0 {
		s += "." + strconv.Itoa(n[0])
	}
	return s + ownerSuffix(d.Key)
}

// ownerBase is the base in which a person's id is written into the data of
// buttons: it is short there.
const ownerBase = 36

// ownerSuffix ends the data of a button in a group that is for one person.
func ownerSuffix(key chat.Key) string {
	if key.Private() {
		return ""
	}
	return ":" + strconv.FormatInt(key.User, ownerBase)
}

// purchaseData is the data of a button of a purchase.
func purchaseData(p Purchase, choice string) string {
	return kindPurchase + ":" + p.ID + ":" + strconv.Itoa(p.Revision) + ":" + choice + ownerSuffix(p.Owner)
}

// approvalData is the data of a button that approves or rejects the terms of a
// purchase, and no others.
func approvalData(p Purchase, choice purchase.Choice) string {
	return kindPurchase + ":" + p.ID + ":" + strconv.Itoa(p.Approval.Terms) + ":" + string(choice)
}

// draftID makes the id of a draft: short, for the data of buttons has 64
// bytes, and the same when a turn is made again.
func draftID(key chat.Key, unique string) string {
	sum := sha256.Sum256([]byte(key.String() + "\n" + unique))
	const letters = 12
	return strings.ToLower(base32.StdEncoding.EncodeToString(sum[:])[:letters])
}

// forOthers reports whether a button in a group may be pressed by others than whose it
// is.
func (d data) forOthers() bool { return d.kind == kindPurchase && d.n == 0 }

// NotYours tells a person that what they have pressed is for somebody else.
func NotYours() chat.Phrase { return chat.Say("toast.not_yours") }
