package storage_test

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"zomrobot/storage"
	"zomrobot/storage/storagetest"
)

func TestGenerateKey(t *testing.T) {
	first, second := storagetest.Key(t, "2026-11-23"), storagetest.Key(t, "2026-11-23")
	if first == second {
		t.Error("two keys are the same")
	}
	if !strings.HasPrefix(first, "2026-11-23:") {
		t.Error("the key does not begin with its id")
	}
	if _, err := storage.ParseKeys(first); err != nil {
		t.Errorf("the key cannot be read: %v", err)
	}
	for _, id := range []string{"", "a:b", "a,b", "a b", "ключ", strings.Repeat("a", 25), "a\n"} {
		if _, err := storage.GenerateKey(id); err == nil {
			t.Errorf("id %q is no error", id)
		}
	}
}

func TestParseKeys(t *testing.T) {
	material := func(fill byte, n int) string {
		return base64.StdEncoding.EncodeToString(bytes.Repeat([]byte{fill}, n))
	}
	a, b := material(1, 32), material(2, 32)
	for _, text := range []string{"a:" + a, "a:" + a + ",b:" + b, " a:" + a + " ,\n b:" + b + "\n", "2026-11-23.x_Y:" + b} {
		if _, err := storage.ParseKeys(text); err != nil {
			t.Errorf("%q: %v", text, err)
		}
	}
	for name, test := range map[string]struct{ text, names string }{
		"empty":           {"", "key 1 of 1"},
		"space":           {"  ", "key 1 of 1"},
		"no id":           {a, "key 1 of 1"},
		"empty id":        {":" + a, "key 1 of 1"},
		"swapped":         {a + ":id", "key 1 of 1"},
		"trailing comma":  {"a:" + a + ",", "key 2 of 2"},
		"short key":       {"a:" + material(1, 31), `"a"`},
		"long key":        {"a:" + material(1, 33), `"a"`},
		"no key":          {"a:", `"a"`},
		"not base64":      {"a:" + strings.Repeat("!", 44), `"a"`},
		"URL base64":      {"a:" + strings.ReplaceAll(material(0xff, 32), "/", "_"), `"a"`},
		"no padding":      {"a:" + strings.TrimRight(a, "="), `"a"`},
		"loose last bits": {"a:" + a[:42] + "F=", `"a"`},
		"line break":      {"a:" + a[:20] + "\n" + a[20:], `"a"`},
		"line break, 44":  {"a:" + a[:20] + "\n" + a[20:43], `"a"`},
		"passphrase":      {"a:correct horse battery staple", `"a"`},
		"second bad":      {"a:" + a + ",b:oops", `"b"`},
		"id twice":        {"a:" + a + ",a:" + b, `"a"`},
		"key twice":       {"a:" + a + ",b:" + a, `"b"`},
	} {
		_, err := storage.ParseKeys(test.text)
		if err == nil || !strings.Contains(err.Error(), test.names) {
			t.Errorf("%s: %v, want an error naming %s", name, err, test.names)
			continue
		}
		for _, word := range strings.FieldsFunc(test.text, func(r rune) bool { return strings.ContainsRune(":, \n", r) }) {
			if len(word) > 6 && strings.Contains(err.Error(), word) {
				t.Errorf("%s: the error shows what was given for a key", name)
			}
		}
	}
}

func TestKeyringIsNotPrinted(t *testing.T) {
	material := bytes.Repeat([]byte("K"), 32)
	ring, err := storage.ParseKeys("new:" + base64.StdEncoding.EncodeToString(material) + "," + storagetest.Key(t, "old"))
	if err != nil {
		t.Fatal(err)
	}
	type config struct {
		keys storage.Keyring
		Keys storage.Keyring
	}
	var out bytes.Buffer
	for _, v := range []any{ring, &ring, config{ring, ring}, &config{ring, ring}, []storage.Keyring{ring}} {
		for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%q", "%x", "%d"} {
			fmt.Fprintf(&out, verb+"\n", v)
		}
		if err := json.NewEncoder(&out).Encode(v); err != nil {
			t.Fatal(err)
		}
	}
	slog.New(slog.NewTextHandler(&out, nil)).Info("", "ring", ring, "config", config{ring, ring})
	slog.New(slog.NewJSONHandler(&out, nil)).Info("", "ring", ring, "config", config{ring, ring})
	for _, form := range []string{
		string(material[:8]), base64.StdEncoding.EncodeToString(material)[:8],
		fmt.Sprintf("%x", material[:4]), strings.TrimSuffix(strings.Repeat("75 ", 4), " "),
	} {
		if strings.Contains(out.String(), form) {
			t.Errorf("a key is printed, as %s", form)
		}
	}
	if got := ring.String(); got != "keyring[new old]" {
		t.Errorf("a keyring prints as %s", got)
	}
}

func TestSealProperties(t *testing.T) {
	ring := storagetest.Keys(t, storagetest.Key(t, "a"))
	rapid.Check(t, func(t *rapid.T) {
		key := rapid.String().Draw(t, "key")
		value := rapid.SliceOfN(rapid.Byte(), 0, 100).Draw(t, "value")
		sealed, err := ring.Seal(key, value)
		if err != nil {
			t.Fatal(err)
		}
		if opened, err := ring.Unseal(key, sealed); err != nil || !bytes.Equal(opened, value) {
			t.Fatalf("opened: %x, %v; want %x", opened, err, value)
		}
		if again, err := ring.Seal(key, value); err != nil || bytes.Equal(again, sealed) {
			t.Fatalf("sealed twice: the same bytes, %v", err)
		}
		if _, err := ring.Unseal(key+"x", sealed); !errors.Is(err, storage.ErrSealed) {
			t.Fatalf("opened for another key: %v", err)
		}
		at := rapid.IntRange(0, len(sealed)-1).Draw(t, "at")
		sealed[at] ^= 1 << rapid.IntRange(0, 7).Draw(t, "bit")
		if _, err := ring.Unseal(key, sealed); !errors.Is(err, storage.ErrSealed) {
			t.Fatalf("opened with byte %d flipped: %v", at, err)
		}
		if _, err := ring.Unseal(key, sealed[:at]); !errors.Is(err, storage.ErrSealed) {
			t.Fatalf("opened when cut to %d bytes: %v", at, err)
		}
	})
}

func FuzzParseKeys(f *testing.F) {
	key, err := storage.GenerateKey("a")
	if err != nil {
		f.Fatal(err)
	}
	f.Add(key)
	f.Add("a:,b:c")
	f.Add(key + "," + key)
	f.Fuzz(func(t *testing.T, text string) {
		ring, err := storage.ParseKeys(text)
		if err != nil {
			return
		}
		sealed, err := ring.Seal("k", []byte("v"))
		if err != nil {
			t.Fatalf("a ring that was read does not seal: %v", err)
		}
		if opened, err := ring.Unseal("k", sealed); err != nil || string(opened) != "v" {
			t.Fatalf("a ring that was read opens %q, %v", opened, err)
		}
	})
}

func FuzzUnseal(f *testing.F) {
	ring, err := storage.ParseKeys("a:" + base64.StdEncoding.EncodeToString(make([]byte, 32)))
	if err != nil {
		f.Fatal(err)
	}
	sealed, err := ring.Seal("k", []byte("v"))
	if err != nil {
		f.Fatal(err)
	}
	f.Add(sealed)
	f.Add(sealed[:5])
	f.Add([]byte{1, 255, 'a'})
	f.Fuzz(func(t *testing.T, data []byte) {
		value, err := ring.Unseal("k", data)
		if err != nil && (!errors.Is(err, storage.ErrSealed) || value != nil) {
			t.Fatalf("%q, %v", value, err)
		}
	})
}
