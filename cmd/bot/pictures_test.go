//go:build pictures

package main

import (
	"bytes"
	"fmt"
	"image"
	"image/draw"
	"image/png"
	"os"
	"path/filepath"
	"testing"

	"github.com/chromedp/chromedp"
)

// What the pictures look like.
const (
	pictureScale = 1.5
	pictureGap   = 24 // pixels between the two phones
	pictureMax   = 300 << 10
)

// TestPictures draws the READMEs' pictures: an order in the demo's page, the
// review and the purchase side by side. make pictures runs it. It needs
// Chromium, and fonts with emoji.
func TestPictures(t *testing.T) {
	for lang, person := range map[string]int64{"en": anna, "ru": boris} {
		t.Run(lang, func(t *testing.T) {
			word := func(w string) string { return words[w][person] }
			d := startDemo(t)
			d.loginAs(person)
			d.say(person, "/order")
			d.tap(person, "🇳🇱 Netherlands-3")
			d.tap(person, word("plan"))
			d.tap(person, word("skip"))
			d.tap(person, "Ubuntu")
			d.tap(person, "Ubuntu 22.04")
			d.tap(person, map[int64]string{anna: "🔑 SSH key", boris: "🔑 SSH-ключ"}[person])
			d.tap(person, "laptop")
			d.await(person, map[int64]string{anna: "Name", boris: "Имя"}[person])
			d.say(person, "web-1")
			d.tap(person, word("no backups"))
			d.tap(person, word("month"))
			d.tap(person, "1")
			d.await(person, map[int64]string{anna: "On the balance", boris: "На балансе"}[person])
			review := d.picture(person, lang)
			d.tap(person, word("confirm"))
			d.await(person, word("active"))
			purchase := d.picture(person, lang)
			d.stop()
			savePicture(t, filepath.Join("..", "..", "docs", "images", "order."+lang+".png"), review, purchase)
		})
	}
}

// picture photographs a person's chat as a phone shows it.
func (d *demoProcess) picture(person int64, lang string) image.Image {
	d.t.Helper()
	on := phone
	on.scale = pictureScale
	w := d.openTab(fmt.Sprintf("/?as=%d&chat=%d&lang=%s", person, person, lang), on)
	file, err := chromedp.Run(w.ctx, chromedp.CaptureScreenshot())
	if err != nil {
		d.t.Fatalf("take a picture: %v", err)
	}
	seen, err := png.Decode(bytes.NewReader(file))
	if err != nil {
		d.t.Fatal(err)
	}
	return seen
}

// savePicture puts pictures side by side into a file.
func savePicture(t *testing.T, path string, parts ...image.Image) {
	t.Helper()
	var whole image.Rectangle
	for i, p := range parts {
		whole.Max.X += p.Bounds().Dx()
		if i > 0 {
			whole.Max.X += pictureGap
		}
		whole.Max.Y = max(whole.Max.Y, p.Bounds().Dy())
	}
	picture := image.NewNRGBA(whole)
	at := image.Point{}
	for _, p := range parts {
		draw.Draw(picture, p.Bounds().Add(at), p, p.Bounds().Min, draw.Src)
		at.X += p.Bounds().Dx() + pictureGap
	}
	var out bytes.Buffer
	if err := (&png.Encoder{CompressionLevel: png.BestCompression}).Encode(&out, picture); err != nil {
		t.Fatal(err)
	}
	if out.Len() > pictureMax {
		t.Errorf("%s has %d bytes, want %d at most", path, out.Len(), pictureMax)
	}
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, out.Bytes(), 0o644); err != nil {
		t.Fatal(err)
	}
}
