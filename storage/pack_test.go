package storage_test

import (
	"bytes"
	"compress/flate"
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"fmt"
	"os"
	"testing"

	"golang.org/x/crypto/chacha20poly1305"

	"zomrobot/storage"
	"zomrobot/storage/storagetest"
)

// aDialogue is a value such as most are.
const aDialogue = `{"version":1,"key":{"chat":7312345678,"user":7312345678},"heard":"en","name":"Anna","account":"anna@example.com","wake":"2026-11-23T10:11:00Z","rev":9,"draft":{"id":"tovxtjpkjvtp","touched":"2026-11-23T09:00:00Z","place":"plan","loads":1,"catalogueAt":"2026-11-23T09:00:00Z","looked":"2026-11-23T09:00:00Z","datacenter":{"id":"17","name":"Netherlands-3 [Cloud]"},"access":{}},"accounts":[{"id":"70001","nick":"anna@example.com","login":"anna@example.com","renews":true,"default":true}],"logins":1,"reminders":{"next":"2026-11-23T10:11:00Z"},"lists":{"catalogue":"mTrtYsq_xQWz0GDo"}}`

// TestPacked: a value is short where it is kept, and what it was when it is read; one that
// would not be shorter is left as it is. Nobody can have one taken for the other.
func TestPacked(t *testing.T) {
	t.Parallel()
	keys := storagetest.Keys(t, storagetest.Key(t, "test"))
	const sealing = 2 + len("test") + chacha20poly1305.NonceSizeX + chacha20poly1305.Overhead
	for name, tt := range map[string]struct {
		value  []byte
		most   int // bytes
		packed bool
	}{
		"a dialogue":           {[]byte(aDialogue), len(aDialogue) / 3, true},
		"zeroes":               {make([]byte, 200_000), 1000, true},
		"short":                {[]byte("true"), 4, false},
		"as short as dialogue": {[]byte(aDialogue[:90]), 90, false},
		"noise":                {noise(1000), 1000, false},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			sealed, err := keys.Seal("k", tt.value)
			if err != nil {
				t.Fatal(err)
			}
			if n := len(sealed) - sealing; n > tt.most || (sealed[0] == 3) != tt.packed {
				t.Errorf("it has layout %d and %d bytes, want at most %d", sealed[0], n, tt.most)
			}
			if value, err := keys.Unseal("k", sealed); err != nil || !bytes.Equal(value, tt.value) {
				t.Errorf("it is read as %.100q, %v", value, err)
			}
			for layout, is := byte(0), sealed[0]; layout < 5; layout++ {
				if sealed[0] = layout; layout == is {
					continue
				}
				if value, err := keys.Unseal("k", sealed); !errors.Is(err, storage.ErrSealed) {
					t.Errorf("with layout %d it is read as %.100q, %v", layout, value, err)
				}
			}
		})
	}
}

// TestValuesOfBefore: a long value that was sealed before there was packing is read, and one
// that was packed by fewer words.
func TestValuesOfBefore(t *testing.T) {
	t.Parallel()
	words, err := os.ReadFile("words.txt")
	if err != nil {
		t.Fatal(err)
	}
	var packed bytes.Buffer
	w, err := flate.NewWriterDict(&packed, flate.DefaultCompression, words)
	if err != nil {
		t.Fatal(err)
	}
	_, err = w.Write([]byte(aDialogue))
	if err := errors.Join(err, w.Close()); err != nil {
		t.Fatal(err)
	}
	material := bytes.Repeat([]byte{7}, chacha20poly1305.KeySize)
	keys := storagetest.Keys(t, "old:"+base64.StdEncoding.EncodeToString(material))
	aead, err := chacha20poly1305.NewX(material)
	if err != nil {
		t.Fatal(err)
	}
	for layout, kept := range map[byte]struct {
		value []byte
		bound string
	}{
		1: {[]byte(aDialogue), "dialogue/1"},
		2: {packed.Bytes(), "dialogue/1\x00\x02"},
	} {
		nonce := noise(aead.NonceSize())
		sealed := append(append([]byte{layout, 3}, "old"...), nonce...)
		sealed = aead.Seal(sealed, nonce, kept.value, []byte(kept.bound))
		if value, err := keys.Unseal("dialogue/1", sealed); err != nil || string(value) != aDialogue {
			t.Errorf("of layout %d it is read as %.100q, %v", layout, value, err)
		}
	}
}

// TestWordsStay: what was packed with the words needs them as they were.
func TestWordsStay(t *testing.T) {
	t.Parallel()
	for file, want := range map[string]string{
		"words.txt": "e93ad1b5dde9b5f39145a44650f9b3f8187c0cce4ea2f4df77ee5173a3bd9f2e",
		"more.txt":  "0cd18c0a69074775749fec6a82c4b0c0316bf1ee41298cd7e824844c399d83a3",
	} {
		words, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		if sum := fmt.Sprintf("%x", sha256.Sum256(words)); sum != want {
			t.Errorf("%s has changed, its hash is %s: values that are packed with it cannot be read any more; other words are another layout", file, sum)
		}
	}
}

// BenchmarkSeal seals and opens a dialogue.
func BenchmarkSeal(b *testing.B) {
	keys := storagetest.Keys(b, storagetest.Key(b, "test"))
	b.ReportAllocs()
	for b.Loop() {
		sealed, err := keys.Seal("k", []byte(aDialogue))
		if err != nil {
			b.Fatal(err)
		}
		if _, err := keys.Unseal("k", sealed); err != nil {
			b.Fatal(err)
		}
	}
}
