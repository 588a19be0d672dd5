package conversation

import (
	"zomrobot/chat"
	"zomrobot/zomro"
)

// refuseSecret removes a message that holds a secret which nobody has asked for; what
// was to be done with it is not done.
func (t *turn) refuseSecret(text string, message int) {
	if zomro.HoldsPrivateKey(text) {
		t.refusePrivateKey(message)
		return
	}
	if message != 0 {
		t.do(Delete{Message: message})
	}
	said := chat.Say("secret.unasked")
	if text != "" && !chat.HoldsSession(text) {
		said = chat.Say("secret.unasked_password")
	}
	if !t.d.Key.Private() {
		said = chat.Say("secret.in_group")
	}
	if t.d.Key.Private() && (t.d.Aside != nil || t.d.Draft != nil) {
		t.note(said)
		t.anew = true
		return
	}
	if t.d.Key.Private() {
		t.tell(said, "login")
		return
	}
	t.tell(said)
}

// refusePrivateKey removes a private key from the chat; nothing of it is kept.
func (t *turn) refusePrivateKey(message int) {
	if message != 0 {
		t.do(Delete{Message: message})
	}
	if t.d.Aside != nil || t.d.Draft != nil {
		t.note(chat.Say("wrong.private_key"))
		t.anew = true
		return
	}
	t.tell(chat.Say("wrong.private_key"))
}
