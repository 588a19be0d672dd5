package engine

import (
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"fmt"
	"time"

	"zomrobot/chat"
	"zomrobot/conversation"
	orderflow "zomrobot/conversation/order"
	"zomrobot/engine/journal"
	"zomrobot/storage"
)

// link is a link into the private chat, as it is kept under the digest of its code: who
// reads the store cannot use it.
type link struct {
	Purpose conversation.LinkPurpose `json:"purpose"`
	From    chat.Key                 `json:"from"` // whose it is; it is for this person alone, unless it leads to an order
	Draft   string                   `json:"draft,omitempty"`
	Order   *sharedOrder             `json:"order,omitempty"` // with LinkOrder
	Until   time.Time                `json:"until"`
}

// makeLink makes a link for the person of this dialogue.
func (t *transaction) makeLink(make conversation.MakeLink) ([]chat.Event, error) {
	l := link{Purpose: make.Purpose, From: t.key, Draft: make.Draft, Until: t.engine.now().Add(conversation.LinkLives)}
	code, err := t.putLink(l)
	if err != nil {
		return nil, err
	}
	return []chat.Event{conversation.LinkMade{Purpose: make.Purpose, Draft: make.Draft, Code: code}}, nil
}

// putLink keeps a link until its time is over, and returns its code.
func (t *transaction) putLink(l link) (code string, err error) {
	var random [16]byte
	if _, err := rand.Read(random[:]); err != nil {
		return "", fmt.Errorf("make a link: %w", err)
	}
	code = base64.RawURLEncoding.EncodeToString(random[:])
	name := linkName(code)
	if err := storage.Put(t.tx, linkKey(name), l); err != nil {
		return "", err
	}
	t.dueAt(l.Until)
	return code, moveDue(t.tx, time.Time{}, l.Until, dueLink, name)
}

// openLink uses up a link; one to an order can be followed again. One that is not for
// this person stays as it is.
func (t *transaction) openLink(open conversation.OpenLink) ([]chat.Event, error) {
	refused := []chat.Event{conversation.LinkOpened{Refused: true}}
	name := linkName(open.Code)
	l, found, err := storage.Get[link](t.tx, linkKey(name))
	if err != nil {
		return nil, err
	}
	if found && l.Order != nil && t.key.Private() && t.engine.now().Before(l.Until) {
		return []chat.Event{l.Order.opened(open.Unique)}, nil
	}
	if !found || l.Order != nil || l.From.User != t.key.User || !t.key.Private() || !t.engine.now().Before(l.Until) {
		return refused, nil
	}
	if err := t.tx.Delete(linkKey(name)); err != nil {
		return nil, err
	}
	opened := conversation.LinkOpened{Purpose: l.Purpose, From: l.From, Draft: l.Draft}
	team, found, err := t.teamAt(l.From)
	if err != nil {
		return nil, err
	}
	if !found {
		return refused, nil
	}
	opened.Team, opened.Title = team.ID, team.Title
	return []chat.Event{opened}, nil
}

// linkName is the digest of a link's code.
func linkName(code string) string {
	sum := sha256.Sum256([]byte(code))
	return hex.EncodeToString(sum[:])
}

// handPassword keeps a root password for a draft in a group.
func (t *transaction) handPassword(hand orderflow.HandPassword) ([]chat.Event, error) {
	kept, found, err := t.engine.dialogues.get(t.tx, hand.To)
	if err != nil {
		return nil, err
	}
	d := kept.dialogue
	if !found || hand.To.User != t.key.User || d.Draft == nil || d.Draft.ID != hand.Draft || d.Draft.Access.Kind != conversation.AccessLinked {
		return []chat.Event{orderflow.PasswordHanded{Refused: true}}, nil
	}
	handed := orderflow.PasswordHanded{}
	if hand.Value.IsZero() {
		hand.Value = conversation.MakePasswordFrom(rand.Reader)
		handed.Made = hand.Value
	}
	if err := storage.Put(t.tx, journal.SecretKey(hand.To, conversation.SlotPassword), journal.Secret{Text: hand.Value.Reveal()}); err != nil {
		return nil, err
	}
	given := orderflow.PasswordGiven{Draft: hand.Draft, Generated: !handed.Made.IsZero()}
	return []chat.Event{handed}, t.post(post{To: hand.To, Told: &told{PasswordGiven: &given}})
}
