package account

import (
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strings"

	"zomrobot/chat"
	"zomrobot/conversation"
	"zomrobot/zomro"
)

// SSHKeys is what the card of the account's SSH keys is made from.
type SSHKeys struct {
	List    []KeyRow              `json:"list,omitempty"`
	Loaded  bool                  `json:"loaded,omitempty"`
	Trouble *conversation.Problem `json:"trouble,omitempty"`
	Page    int                   `json:"page,omitempty"`
	Account string                `json:"account,omitempty"` // whose keys; "": the default one's
	Order   bool                  `json:"order,omitempty"`   // asked for from within an order, which goes on with the new key

	New    *NewKey `json:"new,omitempty"`    // given, to be added
	Adding bool    `json:"adding,omitempty"` // it is being added

	Chosen   string `json:"chosen,omitempty"`   // the id of the key whose card it is
	Changing bool   `json:"changing,omitempty"` // that one is being renamed or deleted
}

// KeyRow is an SSH key in the list of the account's keys.
type KeyRow struct {
	ID          string   `json:"id,omitempty"` // empty: in a list that an earlier version has kept
	Name        string   `json:"name"`
	Type        string   `json:"type,omitempty"`        // "ssh-ed25519"; empty: not known
	Fingerprint string   `json:"fingerprint,omitempty"` // empty: not known
	Told        bool     `json:"told,omitempty"`        // the vendor tells the key itself
	Servers     []string `json:"servers,omitempty"`     // those that were ordered with it here
}

// RowOf is how a key is listed.
func RowOf(key zomro.SSHKey) KeyRow {
	row := KeyRow{ID: key.ID, Name: key.Name, Fingerprint: key.Fingerprint, Told: key.Public != ""}
	if public, err := zomro.ParsePublicKey(key.Public); err == nil {
		row.Type, row.Fingerprint = public.Type, public.Fingerprint
	}
	return row
}

// Is reports whether a key is still as this row shows it.
func (r KeyRow) Is(now KeyRow) bool {
	return r.ID == now.ID && r.Name == now.Name && r.Fingerprint == now.Fingerprint
}

// NewKey is an SSH key that a person gave.
type NewKey struct {
	Name        string `json:"name"`
	Line        string `json:"line"`
	Type        string `json:"type"`
	Fingerprint string `json:"fingerprint"`
	Weak        bool   `json:"weak,omitempty"` // it is shorter than what is safe
}

// leastBits is how long an RSA key must be to be safe today (NIST SP 800-57).
const leastBits = 2048

// Stored names the form of its state in the store.
func (k *SSHKeys) Stored() string { return "keys" }

// Clone returns a copy.
func (k *SSHKeys) Clone() conversation.State {
	is := *k
	if k.New != nil {
		given := *k.New
		is.New = &given
	}
	return &is
}

// Lists are the lists that are kept apart.
func (k *SSHKeys) Lists() map[string]any { return map[string]any{"keys": &k.List} }

// Meaning is what the meaning of the card's buttons depends on.
func (k *SSHKeys) Meaning() string {
	given := ""
	if k.New != nil {
		given = k.New.Name + k.New.Fingerprint
	}
	return fmt.Sprint(k.Account, k.Page, k.Adding, given, k.Chosen, k.Changing, k.Loaded)
}

// chosen is the key whose card it is; without an id: it is not in the list.
func (k *SSHKeys) chosen() KeyRow {
	for _, key := range k.List {
		if key.ID == k.Chosen && key.ID != "" {
			return key
		}
	}
	return KeyRow{}
}

// keys shows the account's SSH keys; a key that stands in the command is taken
// like one that was asked for.
func keys(t *conversation.Turn, args string, message int) {
	switch {
	case !t.Dialogue.Key.Private():
		t.Hint(chat.Say("keys.private"))
		return
	case t.Dialogue.Account == "":
		t.Tell(chat.Say("keys.login_first"), "login")
		return
	}
	openKeys(t, PlaceKeys, false)
	if args != "" {
		t.Dialogue.Aside.Place = PlaceKeyNew
		secretKey(t, args, message)
	}
}

// openKeys goes to the account's keys.
func openKeys(t *conversation.Turn, p conversation.Place, order bool) {
	k := SSHKeys{Order: order}
	if order && t.Dialogue.Draft != nil {
		k.Account = t.Dialogue.Draft.Account
	}
	t.Ask(p, &k)
	t.Do(LoadKeys{Account: k.Account})
	t.AsNew = true
}

// keysLoaded takes the keys that the card waits for.
func keysLoaded(t *conversation.Turn, e KeysLoaded) {
	if keysOf(t.Dialogue) == nil || keysOf(t.Dialogue).Loaded || keysOf(t.Dialogue).Account != e.Account {
		return
	}
	k := keysOf(t.Dialogue)
	k.List, k.Loaded, k.Trouble = nil, e.Problem == nil, e.Problem
	for _, key := range e.Keys {
		row := RowOf(key)
		row.Servers = e.Servers[key.ID]
		k.List = append(k.List, row)
	}
	t.Show = true
}

func askKeys(v *conversation.View) {
	k := keysOf(v.Dialogue)
	v.Line(chat.Say("keys.title"))
	if v.Waiting(k.Loaded, k.Trouble) {
		return
	}
	if len(k.List) == 0 {
		v.Line(chat.Say("keys.none"))
	}
	from, to := conversation.PageOf(k.Page, len(k.List))
	var picks []chat.Button
	for i, key := range k.List[from:to] {
		sayKey(v, key)
		if key.ID != "" && !k.Order {
			picks = append(picks, v.Button(chat.Say("button.of_key", "Key", conversation.Short(key.Name)), conversation.VerbPick, from+i))
		}
	}
	v.Grid(2, picks)
	v.Pages(k.Page, len(k.List), false)
	v.Row(v.Button(chat.Say("button.add_key"), conversation.VerbAddKey))
	if !k.Order {
		v.AccountSwitch(k.Account)
	}
}

// sayKey says what is known of a key.
func sayKey(v *conversation.View, key KeyRow) {
	v.Line(chat.Say("keys.line", "Name", key.Name, "Type", key.Type))
	if key.Fingerprint != "" {
		v.Line(chat.Say("keys.fingerprint", "Fingerprint", chat.Arg{Code: key.Fingerprint}))
	}
}

func pressKeys(t *conversation.Turn, verb string, n int) bool {
	k := keysOf(t.Dialogue)
	if id, ok := t.Switched(verb, n); ok && !k.Order {
		t.Dialogue.Aside.Flow = &SSHKeys{Account: id}
		t.Do(LoadKeys{Account: id})
		return true
	}
	switch verb {
	case conversation.VerbAgain:
		k.Loaded, k.Trouble = false, nil
		t.Do(LoadKeys{Account: k.Account})
	case conversation.VerbPage:
		k.Page = n
	case conversation.VerbAddKey:
		t.Dialogue.Aside.Place = PlaceKeyNew
	case conversation.VerbPick:
		if n < 0 || n >= len(k.List) || k.List[n].ID == "" || k.Order {
			return false
		}
		k.Chosen = k.List[n].ID
		t.Dialogue.Aside.Place = PlaceKeyCard
	default:
		return false
	}
	return true
}

func askKeyNew(v *conversation.View) {
	v.Line(chat.Say("ask.key_new"), chat.Say("keys.private_never"), chat.Say("keys.make_own"))
}

// secretKey takes a public key. What may be a piece of a private one does not
// stay in the chat.
func secretKey(t *conversation.Turn, text string, message int) {
	public, err := zomro.ParsePublicKey(text)
	const piece = 60 // more characters in a row than any ordinary word has
	switch {
	case errors.Is(err, zomro.ErrManyKeys):
		t.Note(chat.Say("wrong.key_many"))
	case errors.Is(err, zomro.ErrKeyOptions):
		t.Note(chat.Say("wrong.key_options"))
	case err != nil:
		long := func(word string) bool { return len(word) > piece }
		if message != 0 && slices.ContainsFunc(strings.Fields(text), long) {
			t.Do(conversation.Delete{Message: message})
		}
		t.Note(chat.Say("wrong.key_new"))
	default:
		keysOf(t.Dialogue).New = &NewKey{
			Name: keyNameOf(public.Comment), Line: public.Line, Type: public.Type, Fingerprint: public.Fingerprint,
			Weak: public.Bits > 0 && public.Bits < leastBits,
		}
		t.Dialogue.Aside.Place = PlaceKeyAsk
	}
}

var notInKeyNames = regexp.MustCompile(`[^A-Za-z0-9_]+`)

// keyNameOf makes a name that the vendor accepts from the comment of a key.
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

func askKeyAsk(v *conversation.View) {
	k := keysOf(v.Dialogue)
	if k.Adding {
		v.Line(chat.Say("keys.adding", "Name", k.New.Name))
		return
	}
	v.Line(chat.Say("ask.key_add"))
	v.Line(chat.Say("keys.line", "Name", k.New.Name, "Type", k.New.Type))
	v.Line(chat.Say("keys.fingerprint", "Fingerprint", chat.Arg{Code: k.New.Fingerprint}))
	if k.New.Weak {
		v.Line(chat.Say("keys.weak"))
	}
	v.Line(chat.Say("keys.compare"))
	add := v.Button(chat.Say("button.add_this_key"), conversation.VerbYes)
	add.Style = chat.Primary
	v.Row(add, v.Button(chat.Say("button.other_name"), conversation.VerbEdit))
}

func pressKeyAsk(t *conversation.Turn, verb string, _ int) bool {
	k := keysOf(t.Dialogue)
	switch {
	case k.Adding:
		return false
	case verb == conversation.VerbYes:
		k.Adding = true
		t.Do(AddKey{Account: k.Account, Name: k.New.Name, Line: k.New.Line})
	case verb == conversation.VerbEdit:
		t.Dialogue.Aside.Place = PlaceKeyName
	default:
		return false
	}
	return true
}

func askKeyName(v *conversation.View) { v.Line(chat.Say("ask.key_name")) }

func textKeyName(t *conversation.Turn, text string) {
	name := strings.TrimSpace(text)
	if !zomro.ValidKeyName(name) {
		t.Note(chat.Say("wrong.key_name"))
		return
	}
	keysOf(t.Dialogue).New.Name = name
	t.Dialogue.Aside.Place = PlaceKeyAsk
}

// keyAdded takes what came of adding a key. An order that is being put together
// looks at the account's keys again, and goes on with the new one if it was added
// from there.
func keyAdded(t *conversation.Turn, e KeyAdded) {
	waited := keysOf(t.Dialogue) != nil && keysOf(t.Dialogue).Adding
	t.Show = true
	if e.Problem != nil {
		if !waited {
			t.Tell(conversation.ProblemText(*e.Problem))
			return
		}
		keysOf(t.Dialogue).Adding = false
		t.Dialogue.Aside.Place = PlaceKeyAsk
		t.Note(conversation.ProblemText(*e.Problem))
		return
	}
	done := chat.Say("keys.added", "Name", e.Name)
	if e.Known {
		done = chat.Say("keys.known", "Name", e.Name)
	}
	order := waited && keysOf(t.Dialogue).Order
	t.Raise(conversation.AccountChanged{Key: e.Name, Order: order})
	switch {
	case order && t.Dialogue.Draft != nil:
		t.Dialogue.Aside = nil
		t.Note(done)
	case waited:
		openKeys(t, PlaceKeys, false)
		t.AsNew = false
		t.Note(done)
	default:
		t.Tell(done)
	}
}

// keysOf returns the state of the cards of this kind; nil: the card is about something else.
func keysOf(d conversation.Dialogue) *SSHKeys {
	state, _ := conversation.StateOf[SSHKeys](d)
	return state
}
