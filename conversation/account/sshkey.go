package account

import (
	"slices"
	"strings"

	"zomrobot/chat"
	"zomrobot/conversation"
	"zomrobot/zomro"
)

// mostKeyServers is how many servers the card of a key names.
const mostKeyServers = 10

func askKeyCard(v *conversation.View) {
	key := keysOf(v.Dialogue).chosen()
	sayKey(v, key)
	drop := v.Button(chat.Say("button.drop_key"), conversation.VerbDrop)
	drop.Style = chat.Danger
	row := []chat.Button{drop}
	if key.Told { // the vendor wants it with the new name
		row = slices.Insert(row, 0, v.Button(chat.Say("button.rename_key"), conversation.VerbRename))
	}
	v.Row(row...)
}

// sayKeyServers says which servers are known to have been ordered with a key.
func sayKeyServers(v *conversation.View, key KeyRow) {
	if len(key.Servers) == 0 {
		v.Line(chat.Say("keys.ordered_none"))
		return
	}
	named := key.Servers[:min(len(key.Servers), mostKeyServers)]
	v.Line(chat.Say("keys.ordered", "Servers", strings.Join(named, ", ")))
	if more := len(key.Servers) - len(named); more > 0 {
		v.Line(chat.Say("keys.ordered_more", "Count", more))
	}
}

func pressKeyCard(t *conversation.Turn, verb string, _ int) bool {
	switch {
	case verb == conversation.VerbRename && keysOf(t.Dialogue).chosen().Told:
		t.Dialogue.Aside.Place = PlaceKeyRename
	case verb == conversation.VerbDrop:
		t.Dialogue.Aside.Place = PlaceKeyDrop
	default:
		return false
	}
	return true
}

func askKeyRename(v *conversation.View) {
	k := keysOf(v.Dialogue)
	if k.Changing {
		v.Line(chat.Say("keys.renaming", "Name", k.chosen().Name))
		return
	}
	v.Line(chat.Say("ask.key_rename", "Name", k.chosen().Name), chat.Say("ask.key_name"))
}

func textKeyRename(t *conversation.Turn, text string) {
	k := keysOf(t.Dialogue)
	name := strings.TrimSpace(text)
	switch {
	case k.Changing:
		t.Note(chat.Say("keys.wait"))
	case !zomro.ValidKeyName(name):
		t.Note(chat.Say("wrong.key_name"))
	case name == k.chosen().Name:
		t.Note(chat.Say("wrong.key_name_same"))
	case slices.ContainsFunc(k.List, func(key KeyRow) bool { return key.Name == name }):
		t.Note(chat.Say("problem.key_taken"))
	default:
		changeKey(t, name)
	}
}

func askKeyDrop(v *conversation.View) {
	k := keysOf(v.Dialogue)
	key := k.chosen()
	if k.Changing {
		v.Line(chat.Say("keys.dropping", "Name", key.Name))
		return
	}
	v.Line(chat.Say("ask.key_drop"))
	sayKey(v, key)
	sayKeyServers(v, key)
	v.Line(chat.Say("keys.drop_keeps"))
	drop := v.Button(chat.Say("button.drop_this_key"), conversation.VerbYes)
	drop.Style = chat.Danger
	v.Row(drop)
}

func pressKeyDrop(t *conversation.Turn, verb string, _ int) bool {
	if verb != conversation.VerbYes || keysOf(t.Dialogue).Changing {
		return false
	}
	changeKey(t, "")
	return true
}

// changeKey has the key renamed; "": deleted.
func changeKey(t *conversation.Turn, name string) {
	k := keysOf(t.Dialogue)
	k.Changing = true
	seen := k.chosen()
	seen.Servers = nil
	change := ChangeKey{Account: k.Account, Key: seen, Name: name}
	for _, key := range k.List {
		if key.ID != "" && key.ID != seen.ID {
			change.Others = append(change.Others, key.ID)
		}
	}
	t.Do(change)
}

// keyChanged takes what came of renaming or deleting a key. The list is loaded again: it
// is what says what the keys are now.
func keyChanged(t *conversation.Turn, e KeyChanged) {
	said := e.text()
	if e.Problem == nil && e.End == KeyDone {
		t.Raise(conversation.AccountChanged{Key: e.Change.Key.Name})
	}
	t.Show = true
	k := keysOf(t.Dialogue)
	switch {
	case k == nil || !k.Changing || k.Chosen != e.Change.Key.ID:
		t.Tell(said)
	case e.Problem != nil:
		k.Changing = false
		t.Note(said)
	default:
		openKeysOf(t, e.Change.Account)
		t.Note(said)
	}
}

// text says what came of it.
func (e KeyChanged) text() chat.Phrase {
	was, name := e.Change.Key.Name, e.Change.Name
	switch {
	case e.Problem != nil:
		return conversation.ProblemText(*e.Problem)
	case e.End == KeyDone && name == "":
		return chat.Say("keys.dropped", "Name", was)
	case e.End == KeyDone:
		return chat.Say("keys.renamed", "Was", was, "Name", name)
	case e.End == KeyGone:
		return chat.Say("keys.gone", "Name", was)
	case e.End == KeyOther:
		return chat.Say("keys.other", "Name", was)
	case e.End == KeyUndone:
		return chat.Say("keys.undone", "Name", was)
	case e.End == KeyUnsure:
		return chat.Say("keys.unsure", "Name", was)
	default:
		return chat.Say("keys.unseen", "Name", was)
	}
}

// openKeysOf shows the keys of an account, in the place of the card.
func openKeysOf(t *conversation.Turn, account string) {
	t.Ask(PlaceKeys, &SSHKeys{Account: account})
	t.Do(LoadKeys{Account: account})
}
