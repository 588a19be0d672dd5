package conversation

import (
	"slices"
	"strings"

	"zomrobot/chat"
	"zomrobot/zomro"
)

// keysFit reports whether an SSH key of the account can be used.
func (dr *Draft) keysFit() bool {
	return len(dr.Form.Keys) > 0 && (dr.Image == nil || !windows(dr.Image.Label))
}

func askAccess(v *view) {
	dr := v.dr
	v.line(chat.Say("ask.access"))
	switch {
	case dr.Image != nil && windows(dr.Image.Label):
		v.line(chat.Say("access.windows"))
	case len(dr.Form.Keys) == 0:
		v.line(chat.Say("access.no_keys"))
	}
	if dr.keysFit() {
		v.row(v.option(chat.Say("button.key"), dr.Access.Kind == AccessKey, verbKey))
	}
	v.addKeyRow()
	if !v.d.Key.Private() {
		v.askAccessInGroup()
		return
	}
	switch {
	case dr.Access.Kind == AccessMaking:
		v.line(chat.Say("access.making"))
	case dr.Access.Gone:
		v.line(chat.Say("access.gone"))
	}
	given := dr.Access.Kind == AccessPassword && !dr.Access.Gone
	v.row(v.option(chat.Say("button.password_make"), given && dr.Access.Generated, verbMake))
	v.row(v.option(chat.Say("button.password_type"), given && !dr.Access.Generated, verbPassword))
}

// askAccessInGroup leads out of the group to give a password.
func (v *view) askAccessInGroup() {
	dr := v.dr
	v.line(chat.Say("access.group"))
	if dr.Access.Gone {
		v.line(chat.Say("access.gone"))
	}
	given := dr.Access.Kind == AccessPassword && !dr.Access.Gone
	v.row(v.option(chat.Say("button.password_private"), given, verbPassword))
	if dr.Access.Link != "" {
		v.line(chat.Say("access.linked"))
		v.row(chat.Button{Label: chat.Say("button.open_private"), Start: dr.Access.Link, Style: chat.Primary})
	}
}

func pressAccess(t *turn, verb string, _ int) bool {
	dr := t.d.Draft
	switch {
	case verb == verbKey && dr.keysFit():
		t.goTo(PlaceKey)
	case verb == verbAddKey:
		return t.addKeyInOrder()
	case verb == verbPassword && t.d.Key.Private():
		t.goTo(PlacePassword)
	case verb == verbPassword:
		t.dropAccess()
		dr.Access = Access{Kind: AccessLinked}
		t.do(MakeLink{Purpose: LinkPassword, Draft: dr.ID})
	case verb == verbMake && t.d.Key.Private():
		t.dropAccess()
		dr.Access = Access{Kind: AccessMaking}
		t.do(MakePassword{Draft: dr.ID})
	default:
		return false
	}
	return true
}

// passwordMade takes the password that the bot made. It is kept already, so
// one that nobody waits for any more is dropped.
func (t *turn) passwordMade(e PasswordMade) {
	dr := t.d.Draft
	if dr == nil || dr.ID != e.Draft || dr.Access.Kind == AccessKey || dr.Access.Kind == "" {
		t.do(Drop{Slot: SlotPassword})
		return
	}
	waited := dr.Access.Kind == AccessMaking
	dr.Access = Access{Kind: AccessPassword, Since: t.now, Generated: true}
	t.do(Notify{Protect: true, Screen: passwordScreen(e.Password)})
	if waited && dr.Place == PlaceAccess {
		t.forward()
	}
	t.anew = true // below the message with the password
}

func askKey(v *view) {
	v.line(chat.Say("ask.key"))
	keys := v.dr.Form.Keys
	found := filter(v.dr.Search, len(keys), func(i int) string { return keys[i].Name })
	v.found(len(found))
	from, to := v.page(len(found))
	for _, i := range found[from:to] {
		chosen := v.dr.Access.Kind == AccessKey && v.dr.Access.Key.ID == keys[i].ID
		v.row(v.option(plain(keys[i].Name), chosen, verbPick, i))
	}
	v.pager(len(found))
	v.addKeyRow()
}

func pressKey(t *turn, verb string, n int) bool {
	keys := t.d.Draft.Form.Keys
	if verb == verbAddKey {
		return t.addKeyInOrder()
	}
	if verb != verbPick || n < 0 || n >= len(keys) {
		return false
	}
	t.pickKey(keys[n])
	return true
}

// pickKey chooses an SSH key of the account.
func (t *turn) pickKey(key zomro.Key) {
	t.dropAccess()
	t.d.Draft.Access = Access{Kind: AccessKey, Key: key}
	t.forward()
}

func askPassword(v *view) {
	v.line(chat.Say("ask.password"), chat.Say("access.rules"), chat.Say("secret.deleted"))
	v.row(v.button(chat.Say("button.password_make"), verbMake))
}

func pressPassword(t *turn, verb string, n int) bool {
	if verb != verbMake {
		return false
	}
	t.goTo(PlaceAccess)
	return pressAccess(t, verb, n)
}

// secretAccess takes a word that names a key of the account. A password is taken where
// it was asked for; here it only goes.
func secretAccess(t *turn, text string, message int) {
	if key, found := findKey(t.d.Draft.Form.Keys, strings.TrimSpace(text)); found && t.d.Draft.keysFit() {
		t.pickKey(key)
		return
	}
	if !t.d.Key.Private() {
		secretPassword(t, text, message)
		return
	}
	t.do(Delete{Message: message})
	t.note(chat.Say("access.press_first"))
}

// secretPassword takes a typed root password. Its message goes in any case; in
// a group, where none is asked for, only when it looks like one.
func secretPassword(t *turn, text string, message int) {
	wrong := CheckPassword(text)
	if !t.d.Key.Private() && wrong != nil {
		t.note(chat.Say("hint.text"))
		return
	}
	t.do(Delete{Message: message})
	if !t.d.Key.Private() {
		t.note(chat.Say("secret.in_group"))
		return
	}
	if wrong != nil {
		t.note(*wrong)
		return
	}
	t.keepPassword(text)
	t.forward()
}

// keepPassword keeps a good root password.
func (t *turn) keepPassword(text string) {
	t.do(Keep{Slot: SlotPassword, Value: zomro.NewSecret(text)})
	t.d.Draft.Access = Access{Kind: AccessPassword, Since: t.now}
	t.note(chat.Say("note.password_kept"))
}

// findKey finds a key of the account by its id or its name.
func findKey(keys []zomro.Key, asked string) (zomro.Key, bool) {
	i := slices.IndexFunc(keys, func(k zomro.Key) bool { return k.ID == asked || strings.EqualFold(k.Name, asked) })
	if i < 0 {
		return zomro.Key{}, false
	}
	return keys[i], true
}

// takeNewKey chooses the key that was added out of the order.
func (t *turn) takeNewKey() {
	dr := t.d.Draft
	name := dr.NewKey
	dr.NewKey = ""
	if name == "" || !dr.keysFit() {
		return
	}
	i := slices.IndexFunc(dr.Form.Keys, func(k zomro.Key) bool { return k.Name == name })
	if i >= 0 {
		t.dropAccess()
		dr.Access = Access{Kind: AccessKey, Key: dr.Form.Keys[i]}
	}
}

// addKeyRow adds the button that leads to the account's keys and back.
func (v *view) addKeyRow() {
	if v.d.Key.Private() && (v.dr.Image == nil || !windows(v.dr.Image.Label)) {
		v.row(v.button(chat.Say("button.add_key"), verbAddKey))
	}
}

// addKeyInOrder goes to the account's keys and comes back with a new one; false:
// there is no such button.
func (t *turn) addKeyInOrder() bool {
	dr := t.d.Draft
	if !t.d.Key.Private() || dr.Image != nil && windows(dr.Image.Label) {
		return false
	}
	if t.d.Account == "" {
		t.tell(chat.Say("keys.login_first"), "login")
		return true
	}
	t.raise(KeyWanted{})
	return true
}
