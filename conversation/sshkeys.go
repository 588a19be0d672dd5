package conversation

import (
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strings"

	"zomrobot/chat"
	"zomrobot/zomro"
)

// Keys is what the card of the account's SSH keys is made from.
type Keys struct {
	List    []KeyRow `json:"list,omitempty"`
	Loaded  bool     `json:"loaded,omitempty"`
	Trouble *Problem `json:"trouble,omitempty"`
	Page    int      `json:"page,omitempty"`
	Account string   `json:"account,omitempty"` // whose keys; "": the default one's
	Order   bool     `json:"order,omitempty"`   // asked for out of an order: it goes on with the new key

	New    *NewKey `json:"new,omitempty"`    // given, to be added
	Adding bool    `json:"adding,omitempty"` // it is being added
}

// KeyRow is an SSH key in the list of the account's keys.
type KeyRow struct {
	Name        string `json:"name"`
	Type        string `json:"type,omitempty"`        // "ssh-ed25519"; empty: not known
	Fingerprint string `json:"fingerprint,omitempty"` // empty: not known
}

// NewKey is an SSH key that a person gave.
type NewKey struct {
	Name        string `json:"name"`
	Line        string `json:"line"`
	Type        string `json:"type"`
	Fingerprint string `json:"fingerprint"`
	Weak        bool   `json:"weak,omitempty"` // it is shorter than is safe
}

// leastBits is how long an RSA key must be to be safe today (NIST SP 800-57).
const leastBits = 2048

// Stored names the form of its state in the store.
func (k *Keys) Stored() string { return "keys" }

// Clone returns a copy.
func (k *Keys) Clone() State {
	is := *k
	if k.New != nil {
		given := *k.New
		is.New = &given
	}
	return &is
}

// Meaning is what the meaning of the card's buttons hangs on.
func (k *Keys) Meaning() string {
	given := ""
	if k.New != nil {
		given = k.New.Name + k.New.Fingerprint
	}
	return fmt.Sprint(k.Account, k.Page, k.Adding, given)
}

// keys shows the account's SSH keys; a key that stands in the command is taken
// like one that was asked for.
func (t *turn) keys(args string, message int) {
	switch {
	case !t.d.Key.Private():
		t.tell(chat.Say("keys.private"))
		return
	case t.d.Account == "":
		t.tell(chat.Say("keys.login_first"), "login")
		return
	}
	t.openKeys(PlaceKeys, false)
	if args != "" {
		t.d.Aside.Place = PlaceKeyNew
		secretKey(t, args, message)
	}
}

// openKeys goes to the account's keys.
func (t *turn) openKeys(p Place, order bool) {
	k := Keys{Order: order}
	if order && t.d.Draft != nil {
		k.Account = t.d.Draft.Account
	}
	t.aside(p, &k)
	t.do(LoadKeys{Account: k.Account})
	t.anew = true
}

// keysLoaded takes the keys that the card waits for.
func (t *turn) keysLoaded(e KeysLoaded) {
	if keysOf(t.d) == nil || keysOf(t.d).Loaded || keysOf(t.d).Account != e.Account {
		return
	}
	k := keysOf(t.d)
	k.List, k.Loaded, k.Trouble = nil, e.Problem == nil, e.Problem
	for _, key := range e.Keys {
		row := KeyRow{Name: key.Name, Fingerprint: key.Fingerprint}
		if public, err := zomro.ParsePublicKey(key.Public); err == nil {
			row.Type, row.Fingerprint = public.Type, public.Fingerprint
		}
		k.List = append(k.List, row)
	}
	t.show = true
}

func askKeys(v *view) {
	k := keysOf(v.d)
	v.line(chat.Say("keys.title"))
	if v.waiting(k.Loaded, k.Trouble) {
		return
	}
	if len(k.List) == 0 {
		v.line(chat.Say("keys.none"))
	}
	from, to := pageOf(k.Page, len(k.List))
	for _, key := range k.List[from:to] {
		v.line(chat.Say("keys.line", "Name", key.Name, "Type", key.Type))
		if key.Fingerprint != "" {
			v.line(chat.Say("keys.fingerprint", "Fingerprint", chat.Arg{Code: key.Fingerprint}))
		}
	}
	v.pages(k.Page, len(k.List), false)
	v.row(v.button(chat.Say("button.add_key"), verbAddKey))
	if !k.Order {
		v.accountSwitch(k.Account)
	}
}

func pressKeys(t *turn, verb string, n int) bool {
	k := keysOf(t.d)
	if id, ok := t.switched(verb, n); ok && !k.Order {
		t.d.Aside.Flow = &Keys{Account: id}
		t.do(LoadKeys{Account: id})
		return true
	}
	switch verb {
	case verbAgain:
		k.Loaded, k.Trouble = false, nil
		t.do(LoadKeys{Account: k.Account})
	case verbPage:
		k.Page = n
	case verbAddKey:
		t.d.Aside.Place = PlaceKeyNew
	default:
		return false
	}
	return true
}

func askKeyNew(v *view) { v.line(chat.Say("ask.key_new"), chat.Say("keys.private_never")) }

// secretKey takes a public key. What may be a piece of a private one does not
// stay in the chat.
func secretKey(t *turn, text string, message int) {
	public, err := zomro.ParsePublicKey(text)
	const piece = 60 // characters in a row that no ordinary word has
	switch {
	case errors.Is(err, zomro.ErrManyKeys):
		t.note(chat.Say("wrong.key_many"))
	case errors.Is(err, zomro.ErrKeyOptions):
		t.note(chat.Say("wrong.key_options"))
	case err != nil:
		long := func(word string) bool { return len(word) > piece }
		if message != 0 && slices.ContainsFunc(strings.Fields(text), long) {
			t.do(Delete{Message: message})
		}
		t.note(chat.Say("wrong.key_new"))
	default:
		keysOf(t.d).New = &NewKey{
			Name: keyNameOf(public.Comment), Line: public.Line, Type: public.Type, Fingerprint: public.Fingerprint,
			Weak: public.Bits > 0 && public.Bits < leastBits,
		}
		t.d.Aside.Place = PlaceKeyAsk
	}
}

var notInKeyNames = regexp.MustCompile(`[^A-Za-z0-9_]+`)

// keyNameOf makes a name that the vendor takes of the comment of a key.
func keyNameOf(comment string) string {
	const most = 32
	name := strings.Trim(notInKeyNames.ReplaceAllString(comment, "-"), "-")
	if len(name) > most {
		name = strings.Trim(name[:most], "-")
	}
	if name == "" {
		return "key"
	}
	return name
}

func askKeyAsk(v *view) {
	k := keysOf(v.d)
	if k.Adding {
		v.line(chat.Say("keys.adding", "Name", k.New.Name))
		return
	}
	v.line(chat.Say("ask.key_add"))
	v.line(chat.Say("keys.line", "Name", k.New.Name, "Type", k.New.Type))
	v.line(chat.Say("keys.fingerprint", "Fingerprint", chat.Arg{Code: k.New.Fingerprint}))
	if k.New.Weak {
		v.line(chat.Say("keys.weak"))
	}
	v.line(chat.Say("keys.compare"))
	add := v.button(chat.Say("button.add_this_key"), verbYes)
	add.Style = chat.Primary
	v.row(add, v.button(chat.Say("button.other_name"), verbEdit))
}

func pressKeyAsk(t *turn, verb string, _ int) bool {
	k := keysOf(t.d)
	switch {
	case k.Adding:
		return false
	case verb == verbYes:
		k.Adding = true
		t.do(AddKey{Account: k.Account, Name: k.New.Name, Line: k.New.Line})
	case verb == verbEdit:
		t.d.Aside.Place = PlaceKeyName
	default:
		return false
	}
	return true
}

func askKeyName(v *view) { v.line(chat.Say("ask.key_name")) }

func textKeyName(t *turn, text string) {
	name := strings.TrimSpace(text)
	if !zomro.ValidKeyName(name) {
		t.note(chat.Say("wrong.key_name"))
		return
	}
	keysOf(t.d).New.Name = name
	t.d.Aside.Place = PlaceKeyAsk
}

// keyAdded takes what came of adding a key. An order that is being put together
// looks at the account's keys again, and goes on with the new one if it was
// added out of it.
func (t *turn) keyAdded(e KeyAdded) {
	waited := keysOf(t.d) != nil && keysOf(t.d).Adding
	t.show = true
	if e.Problem != nil {
		if !waited {
			t.tell(problemText(*e.Problem))
			return
		}
		keysOf(t.d).Adding = false
		t.d.Aside.Place = PlaceKeyAsk
		t.note(problemText(*e.Problem))
		return
	}
	done := chat.Say("keys.added", "Name", e.Name)
	if e.Known {
		done = chat.Say("keys.known", "Name", e.Name)
	}
	order := waited && keysOf(t.d).Order
	t.raise(AccountChanged{Key: e.Name, Order: order})
	switch {
	case order && t.d.Draft != nil:
		t.d.Aside = nil
		t.note(done)
	case waited:
		t.openKeys(PlaceKeys, false)
		t.anew = false
		t.note(done)
	default:
		t.tell(done)
	}
}

// keysOf returns the state of the cards of this kind; nil: the card is about something else.
func keysOf(d Dialogue) *Keys {
	state, _ := stateOf[Keys](d)
	return state
}
