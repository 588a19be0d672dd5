package telegram

import (
	"bytes"
	"errors"
	"io"
	"log/slog"
	"net/http"
	"strings"
	"testing"

	"github.com/go-telegram/bot"

	"zomrobot/chat"
	"zomrobot/locales"
)

// answers is a server that answers every call alike, in no time.
type answers struct {
	status int
	body   string
}

func (a answers) RoundTrip(r *http.Request) (*http.Response, error) {
	if _, err := io.Copy(io.Discard, r.Body); err != nil {
		return nil, err
	}
	return &http.Response{
		StatusCode: a.status, Header: http.Header{}, Request: r, Body: io.NopCloser(strings.NewReader(a.body)),
	}, r.Body.Close()
}

// answered is a bot whose calls are answered so.
func answered(tb testing.TB, by answers) *Bot {
	tb.Helper()
	catalog, err := locales.Load()
	if err != nil {
		tb.Fatal(err)
	}
	b, err := New(Config{Token: NewToken("1:hunter2"), Transport: by, Log: slog.New(slog.DiscardHandler)}, noInbox{}, catalog, nil)
	if err != nil {
		tb.Fatal(err)
	}
	return b
}

type noInbox struct{ Inbox }

// TestCallsFailAsTheLibrarysDo: an answer means the same whoever reads it.
func TestCallsFailAsTheLibrarysDo(t *testing.T) {
	for name, answer := range map[string]answers{
		"done":          {200, `{"ok":true,"result":true}`},
		"refused":       {400, `{"ok":false,"error_code":400,"description":"Bad Request: message to delete not found"}`},
		"unknown":       {400, `{"ok":false,"error_code":400,"description":"Bad Request: not today"}`},
		"blocked":       {403, `{"ok":false,"error_code":403,"description":"Forbidden: bot was blocked by the user"}`},
		"token":         {401, `{"ok":false,"error_code":401,"description":"Unauthorized"}`},
		"no method":     {404, `{"ok":false,"error_code":404,"description":"Not Found"}`},
		"conflict":      {409, `{"ok":false,"error_code":409,"description":"Conflict"}`},
		"too many":      {429, `{"ok":false,"error_code":429,"description":"Too Many Requests","parameters":{"retry_after":7}}`},
		"migrated":      {400, `{"ok":false,"error_code":400,"description":"Bad Request: upgraded","parameters":{"migrate_to_chat_id":-1005}}`},
		"another code":  {418, `{"ok":false,"error_code":418,"description":"I'm a teapot"}`},
		"server":        {500, `{"ok":false,"error_code":500,"description":"Internal Server Error"}`},
		"gateway":       {502, `<html>`},
		"not JSON":      {200, `<html>`},
		"no result":     {200, `{"ok":true}`},
		"other result":  {200, `{"ok":true,"result":"yes"}`},
		"nothing":       {200, ``},
		"another shape": {200, `[]`},
	} {
		b := answered(t, answer)
		params := &bot.DeleteMessageParams{ChatID: 1, MessageID: 2}
		_, err := b.api.DeleteMessage(t.Context(), params)
		want := classify(err)
		var done bool
		got := classify(b.caller.call(t.Context(), "deleteMessage", params, &done))
		for _, kind := range []error{
			ErrRefused, ErrGone, ErrNoMessage, ErrUncertain, ErrUnsent, ErrToken, ErrConflict, errDeleted, errUnlisted,
		} {
			if errors.Is(got, kind) != errors.Is(want, kind) {
				t.Errorf("%s: %v, the library's is %v", name, got, want)
			}
		}
		var tooMany, libraryTooMany TooManyError
		var migrated, libraryMigrated MigratedError
		if as(got, &tooMany) != as(want, &libraryTooMany) || tooMany != libraryTooMany ||
			as(got, &migrated) != as(want, &libraryMigrated) || migrated != libraryMigrated {
			t.Errorf("%s: %v, the library's is %v", name, got, want)
		}
		if (got == nil) != (want == nil) || done != (want == nil) || got != nil && strings.Contains(got.Error(), "hunter2") {
			t.Errorf("%s: done %v, %v, the library's is %v", name, done, got, want)
		}
	}
}

// as copies the error of a type out of err.
func as[T any, P interface {
	*T
	error
}](err error, to P) bool {
	var found P
	ok := errors.As(err, &found)
	if ok {
		*to = *found
	}
	return ok
}

// BenchmarkEdit is what the edit of a card costs without the network.
func BenchmarkEdit(b *testing.B) {
	var keys bytes.Buffer
	s := chat.Screen{Lines: []chat.Phrase{chat.Say("command.bot_description")}}
	for _, label := range []string{"A", "B", "C", "D", "E"} {
		s.Rows = append(s.Rows, []chat.Button{{Label: chat.Say(label), Data: label}})
		keys.WriteString(`[{"text":"` + label + `","callback_data":"` + label + `"}],`)
	}
	edited := answered(b, answers{http.StatusOK, `{"ok":true,"result":{"message_id":7,"from":{"id":1,"is_bot":true,"first_name":"Zomro"},` +
		`"chat":{"id":1001,"type":"private","first_name":"Anna"},"date":1790000000,"edit_date":1790000001,"text":"` + strings.Repeat("text of a card ", 10) + `",` +
		`"entities":[{"type":"bold","offset":0,"length":4}],"reply_markup":{"inline_keyboard":[` + strings.TrimSuffix(keys.String(), ",") + `]}}}`})
	b.ReportAllocs()
	for b.Loop() {
		if err := edited.Edit(b.Context(), chat.Key{Chat: 1001, User: 1001}, "en", 7, Still(s)); err != nil {
			b.Fatal(err)
		}
	}
}
