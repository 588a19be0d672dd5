package journal

import (
	"strconv"

	"zomrobot/chat"
)

// The keys of what both the engine and its handlers read.
const (
	openPrefix = "purchase-open/"

	PurchasePrefix = "purchase/" // of entries, before the purchase's id
	DialoguePrefix = "dialogue/" // before the dialogue's key
	TrialPrefix    = "trial/"    // of trials, before the trial's id
)

// SecretKey is where a dialogue keeps a secret, by its slot.
func SecretKey(k chat.Key, slot string) string {
	return "secret/" + k.String() + "/" + slot
}

// PurchaseKey is where an [Entry] is kept.
func PurchaseKey(id string) string { return PurchasePrefix + id }

// OpenKey marks a purchase that is not at its end.
func OpenKey(id string) string { return openPrefix + id }

// TrialKey is where a trial is kept, by its [TrialID].
func TrialKey(id string) string { return TrialPrefix + id }

// TrialID names the trial of an account of a person. No purchase has such an id, so that
// both can wait in one queue.
func TrialID(holder int64, account string) string {
	return "trial-" + strconv.FormatInt(holder, 10) + "-" + account
}

// TeamKey is where a team is kept, by its [TeamID].
func TeamKey(id string) string { return "team/" + id }

// What reminders are made from and nothing else lists by person: purchases that
// ended with an item in the cart, and drafts in groups.
const (
	LeftPrefix       = "item-left/"
	groupDraftPrefix = "group-draft/"
)

// LeftOf begins the keys of a person's purchases that ended with an item in the cart.
func LeftOf(user int64) string { return LeftPrefix + strconv.FormatInt(user, 10) + "/" }

// LeftKey marks one of them.
func LeftKey(user int64, id string) string { return LeftOf(user) + id }

// GroupDraftsOf begins the keys that mark the groups in which a person has a draft.
func GroupDraftsOf(user int64) string { return groupDraftPrefix + strconv.FormatInt(user, 10) + "/" }

// WatchedKey is where a [watch.Record] is kept, by the person and their account.
func WatchedKey(user int64, account string) string {
	return "watched/" + strconv.FormatInt(user, 10) + "/" + account
}

// TeamID names the team of a dialogue's place: a group, or one topic of a forum.
func TeamID(key chat.Key) string {
	id := strconv.FormatInt(key.Chat, 10)
	if key.Thread != 0 {
		id += ":" + strconv.Itoa(key.Thread)
	}
	return id
}
