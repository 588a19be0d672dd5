package conversation

import (
	"zomrobot/chat"
	"zomrobot/zomro"
)

// RefuseTyped removes what the person has just written, for a secret is in it. In private
// it reports false: the rest of it is used.
func (t *Turn) RefuseTyped(text string) bool {
	if t.Dialogue.Key.Private() {
		t.Do(Delete{Message: t.typed})
		return false
	}
	t.RefuseSecret(text, t.typed)
	return true
}

// RefuseSecret removes a message that holds a secret nobody has asked for; whatever
// the message wanted is not done.
func (t *Turn) RefuseSecret(text string, message int) {
	if zomro.HoldsPrivateKey(text) {
		t.refusePrivateKey(message)
		return
	}
	if message != 0 {
		t.Do(Delete{Message: message, Told: !t.Dialogue.Key.Private()})
	}
	said := chat.Say("secret.unasked")
	if text != "" && !chat.HoldsSession(text) {
		said = chat.Say("secret.unasked_password")
	}
	if !t.Dialogue.Key.Private() {
		said = chat.Say("secret.in_group")
	}
	if t.Dialogue.Key.Private() && (t.Dialogue.Aside != nil || t.Dialogue.Draft != nil) {
		t.Note(said)
		t.AsNew = true
		return
	}
	if t.Dialogue.Key.Private() {
		t.Tell(said, "login")
		return
	}
	t.Tell(said)
}

// refusePrivateKey removes a private key from the chat; nothing of it is kept.
func (t *Turn) refusePrivateKey(message int) {
	if message != 0 {
		t.Do(Delete{Message: message})
	}
	if t.Dialogue.Aside != nil || t.Dialogue.Draft != nil {
		t.Note(chat.Say("wrong.private_key"))
		t.AsNew = true
		return
	}
	t.Tell(chat.Say("wrong.private_key"))
}
