package storage

import (
	"bytes"
	"compress/flate"
	_ "embed"
	"fmt"
	"io"
	"sync"
)

// words is what values mostly consist of, the most frequent last. Values that were packed
// with it need it: a change of it is another layout of sealed values.
//
//go:embed words.txt
var words []byte

const (
	// leastPacked is how many bytes a value has at least that is packed: less is gained
	// with a shorter one than it takes time.
	leastPacked = 96
	// packLevel is where more time gains hardly anything.
	packLevel = flate.DefaultCompression
)

// Packers hold half a megabyte each, and have read the words.
var (
	packers = sync.Pool{New: func() any {
		w, err := flate.NewWriterDict(io.Discard, packLevel, words)
		if err != nil {
			panic(err) // of the level
		}
		return w
	}}
	unpackers = sync.Pool{New: func() any { return flate.NewReaderDict(bytes.NewReader(nil), words) }}
)

// pack makes a value shorter; false: it would not be.
func pack(value []byte) ([]byte, bool) {
	if len(value) < leastPacked {
		return nil, false
	}
	w := packers.Get().(*flate.Writer)
	defer packers.Put(w)
	packed := bytes.NewBuffer(make([]byte, 0, len(value)/2))
	w.Reset(packed)
	if _, err := w.Write(value); err != nil {
		return nil, false
	}
	if err := w.Close(); err != nil {
		return nil, false
	}
	return packed.Bytes(), packed.Len() < len(value)
}

// unpack returns what was packed.
func unpack(packed []byte) ([]byte, error) {
	r := unpackers.Get().(io.Reader)
	defer unpackers.Put(r)
	if err := r.(flate.Resetter).Reset(bytes.NewReader(packed), words); err != nil {
		return nil, fmt.Errorf("unpack: %w", err)
	}
	value := bytes.NewBuffer(make([]byte, 0, 4*len(packed)))
	if _, err := value.ReadFrom(r); err != nil {
		return nil, fmt.Errorf("unpack: %w", err)
	}
	return value.Bytes(), nil
}
