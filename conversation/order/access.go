package order

import (
	"slices"
	"strings"

	"zomrobot/chat"
	"zomrobot/conversation"
	"zomrobot/zomro"
)

// keysFit reports whether an SSH key of the account can be used.
func keysFit(dr *conversation.Draft) bool {
	return len(dr.Form.Keys) > 0 && (dr.Image == nil || !conversation.Windows(dr.Image.Label))
}

func askAccess(v *conversation.View) {
	dr := v.Draft
	v.Line(chat.Say("ask.access"))
	switch {
	case dr.Image != nil && conversation.Windows(dr.Image.Label):
		v.Line(chat.Say("access.windows"))
	case len(dr.Form.Keys) == 0 && v.Dialogue.Key.Private():
		v.Line(chat.Say("words.no_key"))
	case len(dr.Form.Keys) == 0:
		v.Line(chat.Say("access.no_keys"))
	}
	if keysFit(dr) {
		v.Row(v.Option(chat.Say("button.key"), dr.Access.Kind == conversation.AccessKey, conversation.VerbKey))
	}
	addKeyRow(v)
	if !v.Dialogue.Key.Private() {
		askAccessInGroup(v)
		return
	}
	switch {
	case dr.Access.Kind == conversation.AccessMaking:
		v.Line(chat.Say("access.making"))
	case dr.Access.Gone:
		v.Line(chat.Say("access.gone"))
	}
	given := dr.Access.Kind == conversation.AccessPassword && !dr.Access.Gone
	v.Row(v.Option(chat.Say("button.password_make"), given && dr.Access.Generated, conversation.VerbMake))
	v.Row(v.Option(chat.Say("button.password_type"), given && !dr.Access.Generated, conversation.VerbPassword))
}

// askAccessInGroup leads out of the group to give a password.
func askAccessInGroup(v *conversation.View) {
	dr := v.Draft
	v.Line(chat.Say("access.group"))
	if dr.Access.Gone {
		v.Line(chat.Say("access.gone"))
	}
	given := dr.Access.Kind == conversation.AccessPassword && !dr.Access.Gone
	v.Row(v.Option(chat.Say("button.password_private"), given, conversation.VerbPassword))
	if dr.Access.Link != "" {
		v.Line(chat.Say("access.linked"))
		v.Row(chat.Button{Label: chat.Say("button.open_private"), Start: dr.Access.Link, Style: chat.Primary})
	}
}

func pressAccess(t *conversation.Turn, verb string, _ int) bool {
	dr := t.Dialogue.Draft
	switch {
	case verb == conversation.VerbKey && keysFit(dr):
		t.GoTo(PlaceKey)
	case verb == conversation.VerbAddKey:
		return addKeyInOrder(t)
	case verb == conversation.VerbPassword && t.Dialogue.Key.Private():
		t.GoTo(PlacePassword)
	case verb == conversation.VerbPassword:
		dropAccess(t)
		dr.Access = conversation.Access{Kind: conversation.AccessLinked}
		t.Do(conversation.MakeLink{Purpose: conversation.LinkPassword, Draft: dr.ID})
	case verb == conversation.VerbMake && t.Dialogue.Key.Private():
		dropAccess(t)
		dr.Access = conversation.Access{Kind: conversation.AccessMaking}
		t.Do(MakePassword{Draft: dr.ID})
	default:
		return false
	}
	return true
}

// passwordMade takes the password that the bot made. It is kept already, so one
// that nobody waits for is dropped.
func passwordMade(t *conversation.Turn, e PasswordMade) {
	dr := t.Dialogue.Draft
	if dr == nil || dr.ID != e.Draft || dr.Access.Kind == conversation.AccessKey || dr.Access.Kind == "" {
		t.Do(conversation.Drop{Slot: conversation.SlotPassword})
		return
	}
	waited := dr.Access.Kind == conversation.AccessMaking
	dr.Access = conversation.Access{Kind: conversation.AccessPassword, Since: t.Now, Generated: true}
	t.Do(conversation.Notify{Protect: true, Screen: conversation.PasswordScreen(chat.Say("password.made"), e.Password)})
	if waited && dr.Place == PlaceAccess {
		t.Forward()
	}
	t.AsNew = true // below the message with the password
}

func askKey(v *conversation.View) {
	v.Line(chat.Say("ask.key"))
	keys := v.Draft.Form.Keys
	found := conversation.Filter(v.Draft.Search, len(keys), func(i int) string { return keys[i].Name })
	v.Found(len(found))
	from, to := v.Page(len(found))
	for _, i := range found[from:to] {
		chosen := v.Draft.Access.Kind == conversation.AccessKey && v.Draft.Access.Key.ID == keys[i].ID
		v.Row(v.Option(conversation.Plain(keys[i].Name), chosen, conversation.VerbPick, i))
	}
	v.Pager(len(found))
	addKeyRow(v)
}

func pressKey(t *conversation.Turn, verb string, n int) bool {
	keys := t.Dialogue.Draft.Form.Keys
	if verb == conversation.VerbAddKey {
		return addKeyInOrder(t)
	}
	if verb != conversation.VerbPick || n < 0 || n >= len(keys) {
		return false
	}
	pickKey(t, keys[n])
	return true
}

// pickKey chooses an SSH key of the account.
func pickKey(t *conversation.Turn, key zomro.Key) {
	dropAccess(t)
	t.Dialogue.Draft.Access = conversation.Access{Kind: conversation.AccessKey, Key: key}
	t.Forward()
}

func askPassword(v *conversation.View) {
	v.Line(chat.Say("ask.password"), chat.Say("access.rules"), chat.Say("secret.deleted"))
	v.Row(v.Button(chat.Say("button.password_make"), conversation.VerbMake))
}

func pressPassword(t *conversation.Turn, verb string, n int) bool {
	if verb != conversation.VerbMake {
		return false
	}
	t.GoTo(PlaceAccess)
	return pressAccess(t, verb, n)
}

// secretAccess takes a word that names a key of the account. A password is taken where
// it was asked for; here its message is only removed.
func secretAccess(t *conversation.Turn, text string, message int) {
	if dr := t.Dialogue.Draft; dr.Form != nil { // it may be on its way
		if key, found := findKey(dr.Form.Keys, strings.TrimSpace(text)); found && keysFit(dr) {
			pickKey(t, key)
			return
		}
	}
	if !t.Dialogue.Key.Private() {
		secretPassword(t, text, message)
		return
	}
	t.Do(conversation.Delete{Message: message})
	t.Note(chat.Say("access.press_first"))
}

// secretPassword takes a typed root password. Its message is removed in any case;
// in a group, where none is asked for, only when it looks like one.
func secretPassword(t *conversation.Turn, text string, message int) {
	wrong := conversation.CheckPassword(text)
	if !t.Dialogue.Key.Private() && wrong != nil {
		t.Note(chat.Say("hint.text"))
		return
	}
	t.Do(conversation.Delete{Message: message, Told: !t.Dialogue.Key.Private()})
	if !t.Dialogue.Key.Private() {
		t.Note(chat.Say("secret.in_group"))
		return
	}
	if wrong != nil {
		t.Note(*wrong)
		return
	}
	keepPassword(t, text)
	t.Forward()
}

// keepPassword keeps a good root password.
func keepPassword(t *conversation.Turn, text string) {
	t.Do(conversation.Keep{Slot: conversation.SlotPassword, Value: zomro.NewSecret(text)})
	t.Dialogue.Draft.Access = conversation.Access{Kind: conversation.AccessPassword, Since: t.Now}
	t.Note(chat.Say("note.password_kept"))
}

// findKey finds a key of the account by its id or its name.
func findKey(keys []zomro.Key, asked string) (zomro.Key, bool) {
	i := slices.IndexFunc(keys, func(k zomro.Key) bool { return k.ID == asked || strings.EqualFold(k.Name, asked) })
	if i < 0 {
		return zomro.Key{}, false
	}
	return keys[i], true
}

// takeNewKey chooses the key that was added from within the order.
func takeNewKey(t *conversation.Turn) {
	dr := t.Dialogue.Draft
	name := dr.NewKey
	dr.NewKey = ""
	if name == "" || !keysFit(dr) {
		return
	}
	i := slices.IndexFunc(dr.Form.Keys, func(k zomro.Key) bool { return k.Name == name })
	if i >= 0 {
		dropAccess(t)
		dr.Access = conversation.Access{Kind: conversation.AccessKey, Key: dr.Form.Keys[i]}
	}
}

// addKeyRow adds the button that leads to the account's keys and back.
func addKeyRow(v *conversation.View) {
	if v.Dialogue.Key.Private() && (v.Draft.Image == nil || !conversation.Windows(v.Draft.Image.Label)) {
		v.Row(v.Button(chat.Say("button.add_key"), conversation.VerbAddKey))
	}
}

// addKeyInOrder goes to the account's keys and comes back with a new one; false:
// there is no such button.
func addKeyInOrder(t *conversation.Turn) bool {
	dr := t.Dialogue.Draft
	if !t.Dialogue.Key.Private() || dr.Image != nil && conversation.Windows(dr.Image.Label) {
		return false
	}
	if t.Dialogue.Account == "" {
		t.Tell(chat.Say("keys.login_first"), "login")
		return true
	}
	t.Raise(conversation.KeyWanted{})
	return true
}
