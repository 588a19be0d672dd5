package zomro

import (
	"bytes"
	"crypto/rsa"
	"encoding/base64"
	"errors"
	"regexp"
	"slices"
	"strings"

	"golang.org/x/crypto/ssh"
)

// PublicKey is an SSH key that a person gave, as it can be added to an account.
type PublicKey struct {
	Line        string // as in authorized_keys, without the comment
	Comment     string // often "user@machine"; may be empty
	Type        string // "ssh-ed25519"
	Bits        int    // of an RSA key; 0: it is none
	Fingerprint string // "SHA256:…", as ssh-keygen -lf shows it
}

// Why a text is no SSH key that can be added.
var (
	ErrPrivateKey = errors.New("this is a private key")
	ErrManyKeys   = errors.New("this is more than one key")
	ErrKeyOptions = errors.New("the key is restricted by options, which would be lost")
	ErrNoKey      = errors.New("this is no public SSH key")
)

// privateMarks are found in private keys: those of OpenSSL and OpenSSH, also
// without their first line, and those of PuTTY.
var privateMarks = []string{
	"PRIVATE KEY-----", "BEGIN SSH2 ENCRYPTED PRIVATE KEY", "openssh-key-v1", "b3BlbnNzaC1rZXktdjE",
	"PuTTY-User-Key-File", "Private-Lines:", "Private-MAC:",
}

// HoldsPrivateKey reports whether a text holds a private key, or a part of one
// that can be recognised.
func HoldsPrivateKey(text string) bool {
	for _, mark := range privateMarks {
		if strings.Contains(text, mark) {
			return true
		}
	}
	return false
}

// ParsePublicKey reads a key as a person pastes it: a line of an authorized_keys file,
// wrapped, in a list, in quotes, among comments, or what PuTTYgen saves (RFC 4716). It
// returns one of the errors above; none of them quotes the text.
func ParsePublicKey(text string) (PublicKey, error) {
	if HoldsPrivateKey(text) {
		return PublicKey{}, ErrPrivateKey
	}
	found, err := pastedKeys(text)
	switch {
	case err != nil:
		return PublicKey{}, err
	case len(found) == 0:
		return PublicKey{}, ErrNoKey
	case slices.ContainsFunc(found, func(other pastedKey) bool { return !bytes.Equal(other.key.Marshal(), found[0].key.Marshal()) }):
		return PublicKey{}, ErrManyKeys
	}
	key := found[0].key
	return PublicKey{
		Line:        strings.TrimSpace(string(ssh.MarshalAuthorizedKey(key))),
		Comment:     found[0].comment,
		Type:        key.Type(),
		Bits:        rsaBits(key),
		Fingerprint: ssh.FingerprintSHA256(key),
	}, nil
}

// rsaBits is the length of an RSA key; 0: it is none.
func rsaBits(key ssh.PublicKey) int {
	if public, ok := key.(ssh.CryptoPublicKey); ok {
		if key, ok := public.CryptoPublicKey().(*rsa.PublicKey); ok {
			return key.N.BitLen()
		}
	}
	return 0
}

// pastedKey is a key that was found in a text.
type pastedKey struct {
	key     ssh.PublicKey
	comment string
}

var (
	keyTypes = regexp.MustCompile(`(?:ssh-(?:rsa|dss|ed25519)|ecdsa-sha2-nistp\d+|sk-(?:ssh-ed25519|ecdsa-sha2-nistp256)@openssh\.com)[ \t\r\n]+`)
	// A key as PuTTYgen saves it (RFC 4716).
	ssh2Blocks = regexp.MustCompile(`(?s)-{3,}\s*BEGIN SSH2 PUBLIC KEY\s*-{3,}(.*?)-{3,}\s*END SSH2 PUBLIC KEY\s*-{3,}`)
	ssh2Header = regexp.MustCompile(`(?m)^[A-Za-z][A-Za-z0-9-]*:(?:.*\\\r?\n)*.*$`)
	// What comes before a key that has options: they would be lost.
	keyOptions = regexp.MustCompile(`(?:^|[\s,])(?:[a-z][a-z0-9-]*="[^"\n]*"|no-[a-z0-9-]+|restrict|cert-authority|agent-forwarding|port-forwarding|pty|user-rc|x11-forwarding)[,\s]*$`)
	inKeyText  = strings.NewReplacer("\ufeff", "", "\u200b", "", "\u2060", "", "\u00ad", "", "\u00a0", " ", "\u202f", " ", "‐", "-", "‑", "-", "–", "-", "—", "-", "−", "-")
)

// pastedKeys finds the public keys in a text as people paste them: wrapped, in a list,
// in quotes, among comments, or in the form of RFC 4716.
func pastedKeys(text string) ([]pastedKey, error) {
	var found []pastedKey
	text = inKeyText.Replace(text)
	for _, block := range ssh2Blocks.FindAllStringSubmatch(text, -1) {
		comment := ""
		body := ssh2Header.ReplaceAllStringFunc(block[1], func(header string) string {
			if name, value, _ := strings.Cut(strings.ReplaceAll(header, "\\\n", ""), ":"); strings.EqualFold(name, "comment") {
				comment = strings.Trim(strings.TrimSpace(value), `"`)
			}
			return ""
		})
		key, err := keyOf(strings.Join(strings.Fields(body), ""))
		if err != nil {
			return nil, ErrNoKey
		}
		found = append(found, pastedKey{key, comment})
	}
	text = ssh2Blocks.ReplaceAllString(text, "")
	lines := strings.Split(text, "\n")
	text = strings.Join(slices.DeleteFunc(lines, func(line string) bool { return strings.HasPrefix(strings.TrimSpace(line), "#") }), "\n")
	for at := 0; ; {
		start := keyTypes.FindStringIndex(text[at:])
		if start == nil {
			return found, nil
		}
		before := text[:at+start[0]]
		if keyOptions.MatchString(before[strings.LastIndex(before, "\n")+1:]) {
			return nil, ErrKeyOptions
		}
		at += start[1]
		rest := text[at:]
		if next := keyTypes.FindStringIndex(rest); next != nil {
			rest = rest[:next[0]]
		}
		key, used := unwrapped(rest)
		if key == nil || key.Type() != strings.TrimSpace(text[at-(start[1]-start[0]):at]) {
			return nil, ErrNoKey
		}
		comment, _, _ := strings.Cut(strings.TrimLeft(rest[used:], " \t"), "\n")
		found = append(found, pastedKey{key, strings.Trim(strings.TrimSpace(comment), "\"'`”»,;")})
		at += used
	}
}

// unwrapped reads a key's data that may be broken over lines, and says how much of the
// text it is.
func unwrapped(text string) (ssh.PublicKey, int) {
	var data strings.Builder
	for at := 0; at < len(text); {
		end := at + strings.IndexAny(text[at:]+" ", " \t\r\n")
		piece := text[at:min(end, len(text))]
		data.WriteString(strings.Trim(piece, "\"'`“”«»\\"))
		if key, err := keyOf(data.String()); err == nil {
			return key, min(end, len(text))
		}
		at = end + 1
	}
	return nil, 0
}

// keyOf reads a key's data.
func keyOf(data string) (ssh.PublicKey, error) {
	blob, err := base64.StdEncoding.DecodeString(data)
	if err != nil {
		return nil, ErrNoKey
	}
	key, err := ssh.ParsePublicKey(blob)
	if _, certificate := key.(*ssh.Certificate); err != nil || certificate {
		return nil, ErrNoKey
	}
	return key, nil
}
