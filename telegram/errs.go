package telegram

import (
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/go-telegram/bot"
)

// What an error of a call to Telegram means. Two errors say more and have types of
// their own: [TooManyError] and [MigratedError].
var (
	// ErrRefused: Telegram read the call and said no. Nothing was done, and
	// the same call will be refused again. ErrGone and ErrNoMessage are kinds
	// of it: errors.Is(err, ErrRefused) holds for them too.
	ErrRefused = errors.New("telegram: refused")
	// ErrGone: nobody can read what is written there. The bot was blocked or
	// removed or may not write, the account or the group is gone.
	ErrGone = fmt.Errorf("%w: chat is gone", ErrRefused)
	// ErrNoMessage: the message to change cannot be changed. It is not there,
	// is not the bot's, or is too old.
	ErrNoMessage = fmt.Errorf("%w: no such message", ErrRefused)
	// ErrUncertain: the call was made and its answer was lost. It may have
	// been carried out.
	ErrUncertain = errors.New("telegram: outcome is not known")
	// ErrUnsent: Telegram was not reached. Nothing was done.
	ErrUnsent = errors.New("telegram: not reached")
	// ErrToken: the server does not accept the bot's token.
	ErrToken = errors.New("telegram: token is not accepted")
	// ErrConflict: updates go to somebody else who has the token, or to a webhook.
	ErrConflict = errors.New("telegram: updates go elsewhere")
)

// Refusals that are a success to their callers.
var (
	errNotModified = fmt.Errorf("%w: nothing to change", ErrRefused)
	errDeleted     = fmt.Errorf("%w: already deleted", ErrRefused)
	errTooOld      = fmt.Errorf("%w: press is too old", ErrRefused)
)

// Refusals after which a message is tried another way.
var (
	errNoThread = fmt.Errorf("%w: topic is gone", ErrRefused)
	errUnlisted = fmt.Errorf("%w: for a reason that is not known", ErrRefused)
)

// TooManyError says that Telegram wants to be left alone for a while, longer than a
// call would wait by itself. Nothing was done.
type TooManyError struct {
	After time.Duration // how long to wait
}

func (e *TooManyError) Error() string {
	return fmt.Sprintf("telegram: too many requests, wait %s", e.After)
}

// MigratedError says that a group has become a supergroup, with another id.
// Nothing was done, and messages of the old chat can no longer be changed.
type MigratedError struct {
	Chat int64 // the new id
}

func (e *MigratedError) Error() string {
	return fmt.Sprintf("telegram: chat has moved to %d", e.Chat)
}

// refusals are parts of the descriptions that come with "400 Bad Request" and "403
// Forbidden", in lower case, and what they mean, with either of them. The first that
// fits counts.
var refusals = []struct {
	text string
	kind error
}{
	{"message is not modified", errNotModified},
	{"message to edit not found", ErrNoMessage},
	{"message can't be edited", ErrNoMessage},
	{"message to delete not found", errDeleted},
	{"message can't be deleted", ErrNoMessage},
	{"message_id_invalid", ErrNoMessage},
	{"query is too old", errTooOld},
	{"query id is invalid", errTooOld},
	{"query_id_invalid", errTooOld},
	{"chat not found", ErrGone},
	{"bot was blocked", ErrGone},
	{"bot was kicked", ErrGone},
	{"user is deactivated", ErrGone},
	{"group chat was deleted", ErrGone},
	{"group chat was deactivated", ErrGone},
	{"peer_id_invalid", ErrGone},
	{"user_deactivated", ErrGone}, // and INPUT_USER_DEACTIVATED
	{"user_is_blocked", ErrGone},
	{"can't initiate conversation", ErrGone},
	{"can't send messages to", ErrGone}, // bots, the user
	{"bot is not a member", ErrGone},
	{"message thread not found", errNoThread},
	{"topic_deleted", errNoThread},
	{"topic_id_invalid", errNoThread},
	{"topic_closed", ErrGone},
	{"not enough rights", ErrGone},
	{"have no rights", ErrGone},
	{"chat_write_forbidden", ErrGone},
	{"chat_restricted", ErrGone},
}

// classify says what an error of the library means. The library gives no codes
// for most of it, only words.
func classify(err error) error {
	var tooMany *bot.TooManyRequestsError
	var migrated *bot.MigrateError
	var undrawn drawError
	switch {
	case err == nil:
		return nil
	case errors.As(err, &undrawn):
		return err
	case errors.As(err, &tooMany):
		return &TooManyError{After: time.Duration(max(tooMany.RetryAfter, 1)) * time.Second}
	case errors.As(err, &migrated):
		return &MigratedError{Chat: int64(migrated.MigrateToChatID)}
	case errors.Is(err, bot.ErrorUnauthorized), errors.Is(err, bot.ErrorNotFound):
		return fmt.Errorf("%w: %w", ErrToken, err)
	case errors.Is(err, bot.ErrorConflict):
		return fmt.Errorf("%w: %w", ErrConflict, err)
	case errors.Is(err, bot.ErrorBadRequest), errors.Is(err, bot.ErrorForbidden):
		text := strings.ToLower(err.Error())
		for _, r := range refusals {
			if strings.Contains(text, r.text) {
				return fmt.Errorf("%w: %w", r.kind, err)
			}
		}
		return fmt.Errorf("%w: %w", errUnlisted, err)
	case errors.Is(err, ErrUnsent), errors.Is(err, ErrUncertain):
		return err
	default:
		return fmt.Errorf("%w: %w", ErrUncertain, err)
	}
}
