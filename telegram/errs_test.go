package telegram

import (
	"context"
	"errors"
	"fmt"
	"testing"
	"time"

	"github.com/go-telegram/bot"
)

// TestClassify: the descriptions are those of the Bot API server.
func TestClassify(t *testing.T) {
	bad := func(text string) error { return fmt.Errorf("%w, Bad Request: %s", bot.ErrorBadRequest, text) }
	kinds := []error{ErrGone, ErrNoMessage, errNotModified, errDeleted, errTooOld, errNoThread, errUnlisted, ErrToken, ErrConflict, ErrUnsent, ErrUncertain}
	for _, tt := range []struct {
		err  error
		want error
	}{
		{bad("message is not modified: specified new message content and reply markup are exactly the same"), errNotModified},
		{bad("message to edit not found"), ErrNoMessage},
		{bad("message can't be edited"), ErrNoMessage},
		{bad("MESSAGE_ID_INVALID"), ErrNoMessage},
		{bad("message to delete not found"), errDeleted},
		{bad("message can't be deleted for everyone"), ErrNoMessage},
		{bad("query is too old and response timeout expired or query ID is invalid"), errTooOld},
		{bad("chat not found"), ErrGone},
		{bad("bot was blocked by the user"), ErrGone}, // whatever the code is
		{bad("user is deactivated"), ErrGone},
		{bad("INPUT_USER_DEACTIVATED"), ErrGone},
		{bad("USER_IS_BLOCKED"), ErrGone},
		{bad("message thread not found"), errNoThread},
		{bad("TOPIC_DELETED"), errNoThread},
		{bad("TOPIC_CLOSED"), ErrGone},
		{bad("not enough rights to send text messages to the chat"), ErrGone},
		{bad("PEER_ID_INVALID"), ErrGone},
		{bad("can't parse entities: Unsupported start tag"), errUnlisted},
		{bad("BUTTON_DATA_INVALID"), errUnlisted},
		{bad("message text is empty"), errUnlisted},
		{fmt.Errorf("%w, Forbidden: bot was blocked by the user", bot.ErrorForbidden), ErrGone},
		{fmt.Errorf("%w, Forbidden: bot was kicked from the supergroup chat", bot.ErrorForbidden), ErrGone},
		{fmt.Errorf("%w, Forbidden: user is deactivated", bot.ErrorForbidden), ErrGone},
		{fmt.Errorf("%w, Forbidden: bot can't initiate conversation with a user", bot.ErrorForbidden), ErrGone},
		{fmt.Errorf("%w, Forbidden: bots of a new kind may not", bot.ErrorForbidden), errUnlisted},
		{fmt.Errorf("%w, Conflict: terminated by other getUpdates request", bot.ErrorConflict), ErrConflict},
		{fmt.Errorf("%w, Unauthorized", bot.ErrorUnauthorized), ErrToken},
		{fmt.Errorf("%w, Not Found", bot.ErrorNotFound), ErrToken},
		{fmt.Errorf("error do request: %w", fmt.Errorf("%w: dial", ErrUnsent)), ErrUnsent},
		{fmt.Errorf("error do request: %w", fmt.Errorf("%w: %w", ErrUncertain, context.Canceled)), ErrUncertain},
		{errors.New("error decode response result for method sendMessage"), ErrUncertain},
	} {
		got := classify(tt.err)
		if !errors.Is(got, tt.want) || !errors.Is(got, tt.err) {
			t.Errorf("%v is %v, want %v", tt.err, got, tt.want)
		}
		for _, kind := range kinds {
			if !errors.Is(tt.want, kind) && errors.Is(got, kind) {
				t.Errorf("%v is %v too", tt.err, kind)
			}
		}
		refused := errors.Is(tt.want, ErrRefused)
		if errors.Is(got, ErrRefused) != refused {
			t.Errorf("%v is refused: %v", tt.err, !refused)
		}
	}
	if classify(nil) != nil {
		t.Error("nil is an error")
	}
	var tooMany *TooManyError
	if err := classify(fmt.Errorf("wrapped: %w", &bot.TooManyRequestsError{RetryAfter: 3})); !errors.As(err, &tooMany) || tooMany.After != 3*time.Second {
		t.Errorf("429 is %v", err)
	}
	var migrated *MigratedError
	if err := classify(&bot.MigrateError{MigrateToChatID: -1005}); !errors.As(err, &migrated) || migrated.Chat != -1005 {
		t.Errorf("migration is %v", err)
	}
}
