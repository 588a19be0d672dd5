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
	pictureHeight = 1240 // of a phone on which all of a review fits
	pictureGap    = 24   // pixels between two phones
	pictureMax    = 300 << 10
)

// TestPictures draws the READMEs' pictures from real orders in the demo's page. make
// pictures runs it. It needs Chromium, and fonts with emoji.
func TestPictures(t *testing.T) {
	for lang, person := range map[string]int64{"en": anna, "ru": boris} {
		t.Run("order/"+lang, func(t *testing.T) { orderPicture(t, lang, person) })
		for _, tour := range []string{"promo", "crash", "team"} {
			t.Run(tour+"/"+lang, func(t *testing.T) { tourPicture(t, tour, lang) })
		}
		t.Run("animation/"+lang, func(t *testing.T) { animation(t, lang) })
	}
}

// orderPicture draws an order on a phone: the review and the purchase side by side.
func orderPicture(t *testing.T, lang string, person int64) {
	t.Helper()
	word := func(w string) string { return words[w][person] }
	d := startDemo(t)
	d.loginAs(person)
	d.say(person, "/order")
	d.await(person, "Cedar AMD")
	d.tap(person, map[int64]string{anna: "🔥 2 CPU · 4 GB · €9.60/month", boris: "🔥 2 CPU · 4 ГБ · 9,60\u00a0€/месяц"}[person])
	d.await(person, map[int64]string{anna: "Balance:", boris: "На балансе"}[person])
	on := phone
	on.height = pictureHeight
	address := fmt.Sprintf("/?as=%d&chat=%d&lang=%s", person, person, lang)
	review := d.openTab(address, on).picture()
	d.tap(person, map[int64]string{anna: "✅ Order for €9.60", boris: "✅ Заказать за 9,60\u00a0€"}[person])
	d.await(person, word("active"))
	purchase := d.openTab(address, on).picture()
	d.stop()
	savePicture(t, "order."+lang+".png", review, purchase)
}

// tourPicture draws the end of a guided tour, with the vendor's side.
func tourPicture(t *testing.T, tour, lang string) {
	t.Helper()
	d := startDemo(t)
	w := d.openTab(fmt.Sprintf("/?lang=%s&tour=%s&speed=1000", lang, tour), screen{width: 1280, height: 860})
	w.until("the end of the tour", `document.querySelector('#tour[data-over=well]')`)
	w.click("#tour-stop", "")
	w.click("#only-order", "")
	w.until("rest", `document.getElementById('toast').innerText === ''`)
	picture := w.picture()
	d.stop()
	savePicture(t, tour+"."+lang+".png", picture)
}

// picture photographs what is in a tab.
func (w *tab) picture() image.Image {
	w.t.Helper()
	file, err := chromedp.Run(w.ctx, chromedp.CaptureScreenshot())
	if err != nil {
		w.t.Fatalf("take a picture: %v", err)
	}
	seen, err := png.Decode(bytes.NewReader(file))
	if err != nil {
		w.t.Fatal(err)
	}
	return seen
}

// savePicture puts pictures side by side into a file of the docs.
func savePicture(t *testing.T, name string, parts ...image.Image) {
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
	saveImage(t, name, out.Bytes(), pictureMax)
}

// saveImage writes a file of the docs, which may have so many bytes at most.
func saveImage(t *testing.T, name string, file []byte, most int) {
	t.Helper()
	if len(file) > most {
		t.Errorf("%s has %d bytes, want %d at most", name, len(file), most)
	}
	folder := filepath.Join("..", "..", "docs", "images")
	if err := os.MkdirAll(folder, 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(folder, name), file, 0o644); err != nil {
		t.Fatal(err)
	}
	t.Logf("%s: %d bytes", name, len(file))
}
