package main

import (
	"strings"
	"testing"

	"zomrobot/telegram/emulator"
	"zomrobot/zomro/sandbox"
)

// TestKeyFromAFile: a public key is taken from the file that ssh-keygen has made; a
// private one goes, and nothing of it is said.
func TestKeyFromAFile(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		content []byte
		says    string
		gone    bool
	}{
		"a public key":  {[]byte("# made today\n" + demoKey + " anna@laptop\n"), "SHA256:", false},
		"a private key": {[]byte("-----BEGIN OPENSSH PRIVATE KEY-----\nb3BlbnNzaC1rZXktdjEAAAAA\n"), "private", true},
		"no text":       {[]byte("\xff\xfd\x00"), "couldn't read this file", false},
		"no key":        {[]byte("hello"), "not a public SSH key", false},
		"of Windows":    {append([]byte{0xff, 0xfe}, wide(demoKey)...), "SHA256:", false},
		"private, wide": {append([]byte{0xff, 0xfe}, wide("-----BEGIN OPENSSH PRIVATE KEY-----")...), "private", true},
		"a large file":  {[]byte(strings.Repeat("x", 17<<10)), "send it as text", true},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t, sandbox.Config{})
			w.login(anna)
			w.say(anna, "/keys")
			w.tap(anna, "➕ Add a key")
			id, err := w.chats.SendFile(anna, anna, emulator.Document{Name: "id_ed25519.pub", Content: c.content}, "")
			if err != nil {
				t.Fatal(err)
			}
			w.settle()
			w.wantSaid(anna, c.says)
			m, _ := w.chats.Message(anna, id)
			if m.Deleted != c.gone {
				t.Errorf("the message is gone: %v", m.Deleted)
			}
			if strings.Contains(w.logs.String(), worldToken) {
				t.Error("the log holds the token")
			}
		})
	}
}

// TestFileThatCannotBeFetched: no error holds the address of a file, in which the token
// is.
func TestFileThatCannotBeFetched(t *testing.T) {
	t.Parallel()
	w := newWorld(t, sandbox.Config{})
	w.login(anna)
	w.say(anna, "/keys")
	w.tap(anna, "➕ Add a key")
	if err := w.chats.Break(emulator.Fault{Method: "getFile", Kind: emulator.Refused, Description: "wrong file_id", Times: 1}); err != nil {
		t.Fatal(err)
	}
	if _, err := w.chats.SendFile(anna, anna, emulator.Document{Name: "id.pub", Content: []byte(demoKey)}, ""); err != nil {
		t.Fatal(err)
	}
	w.settle()
	w.wantSaid(anna, "couldn't read this file")
	if !strings.Contains(w.logs.String(), "a file could not be read") || strings.Contains(w.logs.String(), worldToken) {
		t.Error("the log does not tell, or holds the token")
	}
}

// TestPrivateKeyThatNobodyAskedFor: a private key in a file goes from wherever it was
// sent, and what is none stays.
func TestPrivateKeyThatNobodyAskedFor(t *testing.T) {
	t.Parallel()
	key := emulator.Document{Name: "id_rsa", Content: []byte("-----BEGIN OPENSSH PRIVATE KEY-----\nb3BlbnNzaC1rZXktdjEAAAAA\n")}
	token := emulator.Document{Name: "notes.txt", Content: []byte("token 211a9ac6309a9f0c340bdebf")}
	photo := emulator.Document{Name: "notes.txt", Content: []byte("milk, bread")}
	w := newWorld(t, sandbox.Config{})
	for _, at := range []string{"/help", "/login"} {
		w.say(anna, at)
		for file, gone := range map[*emulator.Document]bool{&key: true, &token: true, &photo: at == "/login"} {
			id, err := w.chats.SendFile(anna, anna, *file, "")
			if err != nil {
				t.Fatal(err)
			}
			w.settle()
			if m, _ := w.chats.Message(anna, id); m.Deleted != gone {
				t.Errorf("after %s, %s: gone %v, want %v\n%s", at, file.Content, m.Deleted, gone, w.chats.Transcript(anna))
			}
		}
	}
	w.wantSaid(anna, "private")
	w.wantSaid(anna, "session token")
}

// wide is a text with two bytes for each sign.
func wide(text string) []byte {
	var out []byte
	for _, b := range []byte(text) {
		out = append(out, b, 0)
	}
	return out
}
