package zomro

import (
	"crypto/rand"
	"crypto/sha256"
	"crypto/subtle"
	"slices"
)

// Trace recognises a secret that is no longer kept: the vendor may quote a root
// password long after it was sent. It holds only salted hashes of the spellings that
// [Client] takes out of an answer; it must be kept sealed even so, for a short password
// can be guessed from them. The zero value recognises nothing.
type Trace struct {
	Salt  []byte `json:"salt,omitempty"`
	Marks []Mark `json:"marks,omitempty"` // the longest first
}

// Mark is one spelling of a secret.
type Mark struct {
	Bytes int    `json:"bytes"` // its length
	Hash  []byte `json:"hash"`
}

// NewTrace returns the trace of a secret.
func NewTrace(secret Secret) Trace {
	t := Trace{Salt: make([]byte, sha256.Size)}
	_, _ = rand.Read(t.Salt) // it never fails
	for _, spelling := range spellingsOf(secret) {
		if spelling != "" {
			t.Marks = append(t.Marks, Mark{len(spelling), t.hash(spelling)})
		}
	}
	slices.SortStableFunc(t.Marks, func(a, b Mark) int { return b.Bytes - a.Bytes })
	return t
}

func (t Trace) hash(text string) []byte {
	sum := sha256.Sum256(append(slices.Clone(t.Salt), text...))
	return sum[:]
}

// Hide returns the text with the secret taken out wherever it is quoted.
func (t Trace) Hide(text string) string {
	for _, m := range t.Marks {
		for at := 0; at+m.Bytes <= len(text); {
			if subtle.ConstantTimeCompare(t.hash(text[at:at+m.Bytes]), m.Hash) == 0 {
				at++
				continue
			}
			text = text[:at] + redacted + text[at+m.Bytes:]
			at += len(redacted)
		}
	}
	return text
}
