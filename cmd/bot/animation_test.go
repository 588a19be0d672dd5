//go:build pictures

package main

import (
	"bytes"
	"cmp"
	"fmt"
	"image"
	"image/color"
	"image/gif"
	"maps"
	"slices"
	"testing"
	"time"
)

// What the animation looks like.
const (
	animationTick = 500 * time.Millisecond // between two frames
	animationRest = 250                    // hundredths of a second of the last frame
	animationMax  = 1500 << 10
)

// animation draws the tour of a first order as it goes.
func animation(t *testing.T, lang string) {
	t.Helper()
	d := startDemo(t)
	w := d.openTab(fmt.Sprintf("/?lang=%s&tour=order&speed=3", lang), screen{width: 1120, height: 700})
	tick := time.NewTicker(animationTick)
	defer tick.Stop()
	var frames []image.Image
	for {
		frames = append(frames, w.picture())
		if value[bool](w, `Boolean(document.querySelector('#tour[data-over=well]'))`) {
			break
		}
		<-tick.C
	}
	frames = append(frames, w.picture())
	d.stop()
	var out bytes.Buffer
	if err := gif.EncodeAll(&out, animate(frames)); err != nil {
		t.Fatal(err)
	}
	saveImage(t, "first-order."+lang+".gif", out.Bytes(), animationMax)
}

// animate makes an animation of frames: each one has only what changed, and one
// that changed nothing makes the one before it longer.
func animate(frames []image.Image) *gif.GIF {
	colors := palette(frames)
	index := map[uint32]uint8{}
	near := func(c color.Color) uint8 {
		key := coarse(c)
		i, known := index[key]
		if !known {
			i = uint8(colors.Index(fine(key)))
			index[key] = i
		}
		return i
	}
	movie := &gif.GIF{}
	tick := int(animationTick / (10 * time.Millisecond))
	var before *image.Paletted
	for _, frame := range frames {
		now := image.NewPaletted(frame.Bounds(), colors)
		for y := range now.Rect.Max.Y {
			for x := range now.Rect.Max.X {
				now.Pix[now.PixOffset(x, y)] = near(frame.At(x, y))
			}
		}
		changed := difference(before, now)
		if changed.Empty() {
			movie.Delay[len(movie.Delay)-1] += tick
			continue
		}
		movie.Image = append(movie.Image, now.SubImage(changed).(*image.Paletted))
		movie.Delay = append(movie.Delay, tick)
		movie.Disposal = append(movie.Disposal, gif.DisposalNone)
		before = now
	}
	movie.Delay[len(movie.Delay)-1] = animationRest
	return movie
}

// difference is the part of a frame that is not as it was before.
func difference(before, now *image.Paletted) image.Rectangle {
	if before == nil {
		return now.Rect
	}
	var changed image.Rectangle
	for y := range now.Rect.Max.Y {
		row := now.Stride * y
		for x := range now.Rect.Max.X {
			if now.Pix[row+x] != before.Pix[row+x] {
				changed = changed.Union(image.Rect(x, y, x+1, y+1))
			}
		}
	}
	return changed
}

// palette picks the colors that the frames have most of.
func palette(frames []image.Image) color.Palette {
	count := map[uint32]int{}
	for _, frame := range frames {
		for y := range frame.Bounds().Max.Y {
			for x := range frame.Bounds().Max.X {
				count[coarse(frame.At(x, y))]++
			}
		}
	}
	keys := slices.SortedFunc(maps.Keys(count), func(a, b uint32) int {
		return cmp.Or(cmp.Compare(count[b], count[a]), cmp.Compare(a, b))
	})
	var colors color.Palette
	for _, key := range keys[:min(len(keys), 256)] {
		colors = append(colors, fine(key))
	}
	return colors
}

// coarse is a color with five bits for each part.
func coarse(c color.Color) uint32 {
	r, g, b, _ := c.RGBA()
	return r>>11<<10 | g>>11<<5 | b>>11
}

// fine is a color of coarse.
func fine(key uint32) color.RGBA {
	part := func(bits uint32) uint8 { return uint8(bits<<3 | bits>>2) }
	return color.RGBA{part(key >> 10 & 31), part(key >> 5 & 31), part(key & 31), 255}
}
