package storage

import (
	"bytes"
	"compress/flate"
	_ "embed"
	"fmt"
	"io"
	"slices"
	"sync"
)

// words is what values mostly consist of, the most frequent last, and moreWords what they
// came to consist of later. Values that were packed with them need them: a change of
// either is another layout of sealed values.
var (
	//go:embed words.txt
	words []byte
	//go:embed more.txt
	moreWords []byte
)

const (
	// leastPacked is how many bytes a value has at least that is packed: less is gained
	// with a shorter one than it takes time.
	leastPacked = 96
	// packLevel is where more time gains hardly anything.
	packLevel = flate.DefaultCompression
)

// packings are how values are packed, by the layout that a sealed value has then.
var packings = map[byte]*packing{
	sealPacked:     {words: slices.Concat(words, moreWords)},
	sealPackedOnce: {words: words},
}

// packing makes values shorter that consist of words.
type packing struct {
	words              []byte
	packers, unpackers sync.Pool // that have read the words; a packer holds half a megabyte
}

// pack makes a value shorter; false: it would not be.
func (p *packing) pack(value []byte) ([]byte, bool) {
	if len(value) < leastPacked {
		return nil, false
	}
	packed := bytes.NewBuffer(make([]byte, 0, len(value)/2))
	w, known := p.packers.Get().(*flate.Writer)
	if known {
		w.Reset(packed)
	} else {
		var err error
		if w, err = flate.NewWriterDict(packed, packLevel, p.words); err != nil {
			panic(err) // of the level
		}
	}
	defer p.packers.Put(w)
	if _, err := w.Write(value); err != nil {
		return nil, false
	}
	if err := w.Close(); err != nil {
		return nil, false
	}
	return packed.Bytes(), packed.Len() < len(value)
}

// unpack returns what was packed.
func (p *packing) unpack(packed []byte) ([]byte, error) {
	r, known := p.unpackers.Get().(io.Reader)
	if !known {
		r = flate.NewReaderDict(bytes.NewReader(nil), p.words)
	}
	defer p.unpackers.Put(r)
	if err := r.(flate.Resetter).Reset(bytes.NewReader(packed), p.words); err != nil {
		return nil, fmt.Errorf("unpack: %w", err)
	}
	value := bytes.NewBuffer(make([]byte, 0, 4*len(packed)))
	if _, err := value.ReadFrom(r); err != nil {
		return nil, fmt.Errorf("unpack: %w", err)
	}
	return value.Bytes(), nil
}
