package telegram

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"

	"github.com/go-telegram/bot"
	"github.com/go-telegram/bot/models"

	"zomrobot/chat"
)

// captionLimit is Telegram's, counted as [textLimit] is.
const captionLimit = 1024

// mostRead is how much is read of a file that somebody has sent.
const mostRead = 64 << 10

// errLarge: a file is larger than what is read.
var errLarge = errors.New("the file is too large")

// ReadFile returns a file that a person has sent, by its id. It is at most 64 KiB. An
// error names neither the address, which holds the token, nor what is in the file.
func (b *Bot) ReadFile(ctx context.Context, id string) ([]byte, error) {
	var file *models.File
	err := b.pace.ask(ctx, 0, func() (err error) {
		file, err = b.api.GetFile(ctx, &bot.GetFileParams{FileID: id})
		return err
	})
	switch {
	case err != nil:
		return nil, fmt.Errorf("find a file: %w", err)
	case file.FileSize > mostRead:
		return nil, fmt.Errorf("read a file: %w", errLarge)
	}
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, b.api.FileDownloadLink(file), nil)
	if err != nil {
		return nil, errors.New("read a file: Telegram names no address of it")
	}
	resp, err := b.files.Do(req)
	if err != nil {
		return nil, fmt.Errorf("read a file: %w", nameless(err))
	}
	defer func() { _ = resp.Body.Close() }() // it is read, or given up
	content, err := io.ReadAll(io.LimitReader(resp.Body, mostRead+1))
	switch {
	case err != nil:
		return nil, fmt.Errorf("read a file: %w", nameless(err))
	case resp.StatusCode != http.StatusOK:
		return nil, fmt.Errorf("read a file: HTTP status %d", resp.StatusCode)
	case len(content) > mostRead:
		return nil, fmt.Errorf("read a file: %w", errLarge)
	}
	return content, nil
}

// SendFile sends a document to the dialogue's chat and topic, at most 50 MB. Its
// caption is in lang, "en" or "ru". It fails as [Bot.Send] does, and comes to the chat
// itself when the topic is gone.
func (b *Bot) SendFile(ctx context.Context, key chat.Key, lang string, file chat.File) error {
	caption := cut(b.render.plain(lang, file.Caption), captionLimit)
	err := b.deliver(ctx, "send document", key.Chat, newMessage, false, func() error {
		_, err := b.api.SendDocument(ctx, &bot.SendDocumentParams{
			ChatID:          key.Chat,
			MessageThreadID: key.Thread,
			Document:        &models.InputFileUpload{Filename: file.Name, Data: bytes.NewReader(file.Content)},
			Caption:         caption,
		})
		return err
	})
	if key.Thread != 0 && errors.Is(err, errNoThread) {
		key.Thread = 0
		return b.SendFile(ctx, key, lang, file)
	}
	return err
}
