package zomro

import (
	"crypto/rand"
	"crypto/rsa"
	"errors"
	"slices"
	"strings"
	"testing"

	"golang.org/x/crypto/ssh"

	"github.com/google/go-cmp/cmp"
)

// testPublicKey is a key for the tests. Nobody has its private half.
const testPublicKey = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIGRlbW8gZGVtbyBkZW1vIGRlbW8gZGVtbyBkZW1vIGRl"

func TestSSHKeys(t *testing.T) {
	answer := `{"doc":{"p_elems":{"$":"2"},"elem":[
		{"elid":{"$":"490"},"comment":{"$":"laptop "},"publicKey":{"$":"` + testPublicKey + `"},"fingerprint":{"$":"aa:bb"}},
		{"elid":{"$":"491"},"comment":{"$":"work"}}]}}`
	v, c := newVendor(t, ok(answer))
	got, err := c.SSHKeys(t.Context(), testAuth)
	if err != nil {
		t.Fatal(err)
	}
	want := []SSHKey{
		{ID: "490", Name: "laptop", Public: testPublicKey, Fingerprint: "aa:bb"},
		{ID: "491", Name: "work"},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	if sent := v.seen(); len(sent) != 1 || sent[0][0].value != "sshkeys" {
		t.Errorf("sent %v", sent)
	}
}

func TestSSHKeysShapes(t *testing.T) {
	for name, test := range map[string]struct {
		answer string
		want   int
		kind   Kind
	}{
		"none":              {`{"doc":{"p_elems":{"$":"0"}}}`, 0, ""},
		"only its frame":    {`{"doc":{"$func":"sshkeys"}}`, 0, ""},
		"one as an object":  {`{"doc":{"p_elems":{"$":"1"},"elem":{"elid":{"$":"490"}}}}`, 1, ""},
		"no list":           {`{"doc":{}}`, 0, Unreadable},
		"without an id":     {`{"doc":{"elem":[{"comment":{"$":"laptop"}}]}}`, 0, Unreadable},
		"fewer than listed": {`{"doc":{"p_elems":{"$":"2"},"elem":[{"elid":{"$":"490"}}]}}`, 0, Unreadable},
	} {
		t.Run(name, func(t *testing.T) {
			_, c := newVendor(t, ok(test.answer), ok(test.answer))
			got, err := c.SSHKeys(t.Context(), testAuth)
			if len(got) != test.want || KindOf(err) != test.kind {
				t.Errorf("%d keys, %v", len(got), err)
			}
		})
	}
}

func TestAddSSHKey(t *testing.T) {
	v, c := newVendor(t, ok(`{"doc":{"ok":{"$":""}}}`))
	if err := c.AddSSHKey(t.Context(), testAuth, "laptop", testPublicKey); err != nil {
		t.Fatal(err)
	}
	sent := []field{
		{"func", "sshkeys.edit"},
		{"auth", testSession},
		{"out", "json"},
		{"lang", "en"},
		{"sok", "ok"},
		{"clicked_button", "ok"},
		{"processingmodulegroup", "1"},
		{"comment", "laptop"},
		{"publicKey", testPublicKey},
	}
	if diff := cmp.Diff([][]field{sent}, v.seen(), cmp.AllowUnexported(field{})); diff != "" {
		t.Error(diff)
	}
	for _, name := range []string{"", "a/b", "имя", "0123456789012345678901234567890123"} {
		if err := c.AddSSHKey(t.Context(), testAuth, name, testPublicKey); KindOf(err) != Refused {
			t.Errorf("name %q: %v", name, err)
		}
	}
	if err := c.AddSSHKey(t.Context(), testAuth, "laptop", "two\nlines"); KindOf(err) != Refused {
		t.Errorf("two lines: %v", err)
	}
	if n := len(v.seen()); n != 1 {
		t.Errorf("%d calls were sent", n)
	}
}

// TestChangedSSHKeys: a key is renamed with all that the cabinet sends, and nothing is sent
// of one that is not known.
func TestChangedSSHKeys(t *testing.T) {
	v, c := newVendor(t, ok(`{"doc":{"ok":{"$":""}}}`), ok(`{"doc":{"ok":{"$":""}}}`))
	key := SSHKey{ID: "490", Name: "laptop", Public: testPublicKey}
	if err := c.RenameSSHKey(t.Context(), testAuth, key, "home"); err != nil {
		t.Fatal(err)
	}
	if err := c.DeleteSSHKey(t.Context(), testAuth, "490"); err != nil {
		t.Fatal(err)
	}
	common := []field{{"auth", testSession}, {"out", "json"}, {"lang", "en"}}
	sent := [][]field{
		slices.Concat([]field{{"func", "sshkeys.edit"}}, common, []field{
			{"sok", "ok"}, {"clicked_button", "ok"}, {"processingmodulegroup", "1"}, {"comment", "home"}, {"publicKey", testPublicKey}, {"elid", "490"},
		}),
		slices.Concat([]field{{"func", "sshkeys.delete"}}, common, []field{{"elid", "490"}}),
	}
	if diff := cmp.Diff(sent, v.seen(), cmp.AllowUnexported(field{})); diff != "" {
		t.Error(diff)
	}
	for _, bad := range []error{
		c.RenameSSHKey(t.Context(), testAuth, key, "a/b"),
		c.RenameSSHKey(t.Context(), testAuth, SSHKey{ID: "490"}, "home"),
		c.RenameSSHKey(t.Context(), testAuth, SSHKey{Public: testPublicKey}, "home"),
		c.DeleteSSHKey(t.Context(), testAuth, ""),
	} {
		if KindOf(bad) != Refused {
			t.Errorf("%v, want a refusal", bad)
		}
	}
	if n := len(v.seen()); n != 2 {
		t.Errorf("%d calls were sent", n)
	}
}

// TestChangedSSHKeysAreNotBelieved: only what is documented counts as not done.
func TestChangedSSHKeysAreNotBelieved(t *testing.T) {
	taken := `{"doc":{"error":{"$type":"value","$object":"{\"name\":[\"A key already exists with the same name\"]}","msg":{"$":"x"}}}}`
	missed := `{"doc":{"error":{"$type":"missed","$object":"sshkeys","msg":{"$":"x"}}}}`
	_, c := newVendor(t, ok(taken), ok(missed), ok(missed), ok(taken))
	key := SSHKey{ID: "490", Name: "laptop", Public: testPublicKey}
	for i, want := range []Kind{Refused, Unknown} {
		if err := c.RenameSSHKey(t.Context(), testAuth, key, "home"); KindOf(err) != want {
			t.Errorf("renaming %d: %v, want it %s", i, err, want)
		}
	}
	for range 2 {
		if err := c.DeleteSSHKey(t.Context(), testAuth, "490"); KindOf(err) != Unknown {
			t.Errorf("deletion: %v", err)
		}
	}
}

func TestAddSSHKeyAnsweredWithAPage(t *testing.T) {
	_, c := newVendor(t, ok(`<html>https://api.zomro.com/long/billmgr/1</html>`))
	if err := c.AddSSHKey(t.Context(), testAuth, "laptop", testPublicKey); KindOf(err) != Unknown {
		t.Errorf("a page: %v", err)
	}
}

func TestParsePublicKey(t *testing.T) {
	got, err := ParsePublicKey("  " + testPublicKey + "  anna@laptop \n")
	want := PublicKey{
		Line: testPublicKey, Comment: "anna@laptop", Type: "ssh-ed25519",
		Fingerprint: "SHA256:wKBok8NPqfa9Kv/6fJiGL7XTi57dEJ1c9W+oIJxzGj8",
	}
	if err != nil || got != want {
		t.Errorf("%+v, %v", got, err)
	}
	for text, want := range map[string]error{
		"":                 ErrNoKey,
		"ssh-ed25519 AAAA": ErrNoKey,
		testPublicKey + "\nssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIAABAgMEBQYHCAkKCwwNDg8QERITFBUWFxgZGhscHR4f": ErrManyKeys,
		"no-pty " + testPublicKey:                               ErrKeyOptions,
		"-----BEGIN PRIVATE KEY-----\nMIIEvQ":                   ErrPrivateKey,
		testPublicKey + "\n-----BEGIN OPENSSH PRIVATE KEY-----": ErrPrivateKey,
	} {
		if _, err := ParsePublicKey(text); !errors.Is(err, want) {
			t.Errorf("%q: %v", text, err)
		}
	}
}

func FuzzParsePublicKey(f *testing.F) {
	f.Add(testPublicKey)
	f.Add("-----BEGIN OPENSSH PRIVATE KEY-----")
	f.Fuzz(func(t *testing.T, text string) {
		key, err := ParsePublicKey(text)
		if err != nil {
			return
		}
		if again, err := ParsePublicKey(key.Line); err != nil || again.Fingerprint != key.Fingerprint || !isLine(key.Line) {
			t.Errorf("%q is read as %+v, %v", key.Line, again, err)
		}
	})
}

// TestPastedKeys: a key is found however it was pasted.
func TestPastedKeys(t *testing.T) {
	kind, data, _ := strings.Cut(testPublicKey, " ")
	data, _, _ = strings.Cut(data, " ")
	wrapped := func(width int, end string) string {
		var lines []string
		for rest := data; rest != ""; {
			n := min(width, len(rest))
			lines, rest = append(lines, rest[:n]), rest[n:]
		}
		return strings.Join(lines, end)
	}
	ssh2 := "---- BEGIN SSH2 PUBLIC KEY ----\nComment: \"anna@laptop\"\n" + wrapped(64, "\n") + "\n---- END SSH2 PUBLIC KEY ----\n"
	for name, c := range map[string]struct {
		text    string
		comment string
		want    error
	}{
		"plain":               {text: testPublicKey + " anna@laptop", comment: "anna@laptop"},
		"wrapped":             {text: kind + " " + wrapped(40, "\n") + " anna@laptop", comment: "anna@laptop"},
		"wrapped, indented":   {text: kind + "\n  " + wrapped(30, "\r\n  ")},
		"a list":              {text: "- " + testPublicKey + " anna@laptop", comment: "anna@laptop"},
		"a numbered list":     {text: "1. " + testPublicKey},
		"a bullet":            {text: "• " + testPublicKey},
		"quotes":              {text: `"` + kind + " " + data + ` anna@laptop"`, comment: "anna@laptop"},
		"curly quotes":        {text: "«" + kind + " " + data + "»"},
		"code":                {text: "```\n" + testPublicKey + "\n```"},
		"comments around":     {text: "# my key\n# made today\n" + testPublicKey + " anna@laptop\n\n# end\n", comment: "anna@laptop"},
		"words around":        {text: "Вот мой ключ:\n" + testPublicKey + "\nспасибо"},
		"a byte-order mark":   {text: "\ufeff" + testPublicKey},
		"no-break spaces":     {text: kind + "\u00a0" + data},
		"a hyphen of a phone": {text: strings.Replace(testPublicKey, "-", "‑", 1)},
		"PuTTYgen":            {text: ssh2, comment: "anna@laptop"},
		"PuTTYgen, CRLF":      {text: strings.ReplaceAll(ssh2, "\n", "\r\n"), comment: "anna@laptop"},
		"PuTTYgen, dashes":    {text: strings.ReplaceAll(ssh2, "----", "———")},
		"twice the same":      {text: testPublicKey + "\n" + testPublicKey},
		"two":                 {text: testPublicKey + "\nssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIAABAgMEBQYHCAkKCwwNDg8QERITFBUWFxgZGhscHR4f", want: ErrManyKeys},
		"options":             {text: `command="ls" ` + testPublicKey, want: ErrKeyOptions},
		"options in a list":   {text: "- no-pty " + testPublicKey, want: ErrKeyOptions},
		"cut":                 {text: testPublicKey[:len(kind)+20], want: ErrNoKey},
		"another type":        {text: "ssh-rsa " + data, want: ErrNoKey},
		"nothing":             {text: "ssh-ed25519 ", want: ErrNoKey},
		"a certificate":       {text: "ssh-ed25519-cert-v01@openssh.com AAAA", want: ErrNoKey},
	} {
		t.Run(name, func(t *testing.T) {
			got, err := ParsePublicKey(c.text)
			if !errors.Is(err, c.want) {
				t.Fatalf("%v, want %v", err, c.want)
			}
			if c.want == nil && (got.Line != kind+" "+data || c.comment != "" && got.Comment != c.comment) {
				t.Errorf("%q, comment %q", got.Line, got.Comment)
			}
		})
	}
}

// TestShortRSA: how long an RSA key is can be told.
func TestShortRSA(t *testing.T) {
	for _, bits := range []int{1024, 2048} {
		private, err := rsa.GenerateKey(rand.Reader, bits)
		if err != nil {
			t.Fatal(err)
		}
		public, err := ssh.NewPublicKey(&private.PublicKey)
		if err != nil {
			t.Fatal(err)
		}
		key, err := ParsePublicKey(string(ssh.MarshalAuthorizedKey(public)))
		if err != nil || key.Bits != bits {
			t.Errorf("%d bits, want %d (%v)", key.Bits, bits, err)
		}
	}
}
