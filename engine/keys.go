package engine

import (
	"fmt"
	"strconv"
	"strings"
	"time"

	"zomrobot/chat"
	"zomrobot/engine/journal"
	"zomrobot/zomro/profile"
)

// The keys of the store that the engine alone uses. A number that orders is written
// with 20 digits, so that the byte order of the keys is its order.
const (
	inboxPrefix  = "inbox/"
	seenPrefix   = "seen/"
	outboxPrefix = "outbox/"
	duePrefix    = "due/"
	movedPrefix  = "moved/"
	missedPrefix = "missed/"
	groupPrefix  = "group/"
	cardPrefix   = "card/"
	endedPrefix  = "ended/"
	shownPrefix  = "shown/"

	promptPrefix  = "prompt/"
	requestPrefix = "request/"

	jobPrefix     = "action/"
	jobOpenPrefix = "action-open/"

	dueJob        = "action"
	dueTrial      = "trial"
	dueDialogue   = "dialogue"
	dueLink       = "link"
	dueMessage    = "message"
	duePurchase   = "purchase"
	orderedDigits = 20
)

func ordered(n int64) string { return fmt.Sprintf("%0*d", orderedDigits, n) }

func inboxKey(update int64) string { return inboxPrefix + ordered(update) }

func dialogueKey(k chat.Key) string { return journal.DialoguePrefix + k.String() }

// cardKey names a dialogue's card: see [getCard] for where it is kept.
func cardKey(k chat.Key) string { return cardPrefix + k.String() }

func outboxKey(k chat.Key, n int64) string {
	return outboxPrefix + k.String() + "/" + ordered(n)
}

func templatesKey(user int64) string { return "templates/" + strconv.FormatInt(user, 10) }

func movedKey(chat int64) string { return movedPrefix + strconv.FormatInt(chat, 10) }

func groupKey(chat int64) string { return groupPrefix + strconv.FormatInt(chat, 10) }

func refusedKey(user int64) string { return "refused/" + strconv.FormatInt(user, 10) }

func jobKey(id string) string { return jobPrefix + id }

func jobSecretKey(id string) string { return "action-secret/" + id }

// shownKey is where the message stands that shows a secret of a dialogue.
func shownKey(k chat.Key, slot string) string { return shownPrefix + k.String() + "/" + slot }

func jobCardKey(id string) string { return "action-card/" + id }

func jobOpenKey(id string) string { return jobOpenPrefix + id }

func jobServerKey(account, server string) string {
	return "action-server/" + account + "/" + server
}

// resizedKey holds the job of a resize whose new size is to be decided.
func resizedKey(account, server string) string {
	return "action-resized/" + account + "/" + server
}

func batchKey(id string) string { return "batch/" + id }

func batchCardKey(id string) string { return "batch-card/" + id }

// trialSessionKey is where the session is kept that a trial lets lie idle.
func trialSessionKey(id string) string { return "trial-session/" + id }

// trialRepliesKey begins the keys of what the answers to the calls of an experiment were like.
func trialRepliesKey(id string, source profile.Source) string {
	return "trial-replies/" + id + "/" + string(source) + "/"
}

func purchaseSecretKey(id string) string { return "purchase-secret/" + id }

func purchaseCardKey(id string) string { return "purchase-card/" + id }

// alarmingKey lists the news of a purchase that have to say once that they are over.
func alarmingKey(id string) string { return "alarming/" + id }

func askedKey(id string) string { return "asked/" + id }

func requestKey(id string, user int64) string {
	return requestPrefix + id + "/" + strconv.FormatInt(user, 10)
}

func draftKey(k chat.Key, draft string) string {
	return "draft/" + k.String() + "/" + draft
}

func queueKey(account string) string { return "queue/" + account }

func linkKey(name string) string { return "link/" + name }

func sharesKey(user int64) string { return "shared/" + strconv.FormatInt(user, 10) }

func promptKey(k chat.Key) string { return promptPrefix + k.String() }

func dueKey(at time.Time, kind, name string) string {
	return duePrefix + ordered(at.UnixNano()) + "/" + kind + "/" + name
}

// due is when something wants a tick.
type due struct {
	key, kind, name string
	at              time.Time
}

// parseDue reads what dueKey wrote.
func parseDue(key string) (due, error) {
	parts := strings.SplitN(strings.TrimPrefix(key, duePrefix), "/", 3)
	if len(parts) != 3 {
		return due{}, fmt.Errorf("due key %q: want time/kind/name", key)
	}
	nanos, err := strconv.ParseInt(parts[0], 10, 64)
	if err != nil {
		return due{}, fmt.Errorf("due key %q: %w", key, err)
	}
	return due{key: key, kind: parts[1], name: parts[2], at: time.Unix(0, nanos)}, nil
}
