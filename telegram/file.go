package telegram

import (
	"bytes"
	"context"
	"errors"

	"github.com/go-telegram/bot"
	"github.com/go-telegram/bot/models"

	"zomrobot/conversation"
)

// captionLimit is Telegram's, counted as [textLimit] is.
const captionLimit = 1024

// SendFile sends a document to the dialogue's chat and topic, at most 50 MB. Its
// caption is in lang, "en" or "ru". It fails as [Bot.Send] does, and comes to the chat
// itself when the topic is gone.
func (b *Bot) SendFile(ctx context.Context, key conversation.Key, lang string, file conversation.File) error {
	caption := cut(b.render.plain(lang, file.Caption), captionLimit)
	err := b.deliver(ctx, "send document", key.Chat, true, false, func() error {
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
