package telegram

import (
	"bytes"
	"context"
	"time"

	"github.com/go-telegram/bot"
	"github.com/go-telegram/bot/models"
	"github.com/shopspring/decimal"

	"zomrobot/chart"
	"zomrobot/chat"
)

// pictureName is what the file of a picture is called.
const pictureName = "chart.png"

// picture draws a picture in a language.
func (r renderer) picture(lang string, p chat.Picture) ([]byte, error) {
	frame := chart.Frame{
		Title: r.plain(lang, p.Title), Note: r.field(lang, p.Note), NoData: r.field(lang, p.Empty),
		Dark: p.Dark, Least: p.Least,
		Value: func(value, top float64) string { return r.quantity(lang, value, top, p.Unit) },
	}
	if p.Bars != nil {
		return r.bars(lang, frame, *p.Bars).PNG()
	}
	var l chat.Lines
	if p.Lines != nil {
		l = *p.Lines
	}
	lines := chart.Lines{
		Frame: frame, From: l.From, To: l.To, Gap: l.Gap, Clock: r.catalog.Clock,
		Day: func(t time.Time) string { return r.catalog.Day(lang, t) },
	}
	for _, series := range l.Series {
		line := chart.Line{Name: r.field(lang, series.Name)}
		for _, point := range series.Curve.Points(l.From, l.To) {
			line.Points = append(line.Points, chart.Point{At: point.At, Value: point.Value})
		}
		lines.Lines = append(lines.Lines, line)
	}
	return lines.PNG()
}

// bars returns bars as they are drawn.
func (r renderer) bars(lang string, frame chart.Frame, b chat.Bars) chart.Bars {
	bars := chart.Bars{Frame: frame, Stacked: b.Stacked}
	for _, month := range b.Months {
		bars.Names = append(bars.Names, r.catalog.Month(lang, month))
	}
	for _, series := range b.Series {
		bars.Bars = append(bars.Bars, chart.Bar{Name: r.field(lang, series.Name), Values: series.Values})
	}
	return bars
}

// quantity writes a value in the unit that suits one of the size of like.
func (r renderer) quantity(lang string, value, like float64, unit chat.Unit) string {
	switch unit {
	case chat.Percent:
		return r.catalog.Percent(lang, value)
	case chat.Bytes:
		return r.catalog.Bytes(lang, value, like)
	default:
		return r.catalog.Money(lang, decimal.NewFromFloat(value).Round(2), string(unit))
	}
}

// sendPicture makes the call that shows a picture as a new message, and returns its id.
func (b *Bot) sendPicture(ctx context.Context, key chat.Key, shown drawn, protect bool) (int, error) {
	sent, err := b.api.SendPhoto(ctx, &bot.SendPhotoParams{
		ChatID:          key.Chat,
		MessageThreadID: key.Thread,
		Photo:           &models.InputFileUpload{Filename: pictureName, Data: bytes.NewReader(shown.picture)},
		Caption:         shown.text,
		ParseMode:       shown.mode,
		ProtectContent:  protect,
		ReplyMarkup:     shown.keyboard,
	})
	if err != nil {
		return 0, err
	}
	return sent.ID, nil
}

// editPicture makes the call by which a message shows a picture, whether it has shown one
// before or not.
func (b *Bot) editPicture(ctx context.Context, key chat.Key, message int, shown drawn) error {
	_, err := b.api.EditMessageMedia(ctx, &bot.EditMessageMediaParams{
		ChatID:    key.Chat,
		MessageID: message,
		Media: &models.InputMediaPhoto{
			Media: "attach://" + pictureName, MediaAttachment: bytes.NewReader(shown.picture),
			Caption: shown.text, ParseMode: shown.mode,
		},
		ReplyMarkup: shown.keyboard,
	})
	return err
}
