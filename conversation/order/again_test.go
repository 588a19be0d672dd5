package order

import "testing"

// TestGivenName: what the bot or a trial has called a server is not handed on.
func TestGivenName(t *testing.T) {
	t.Parallel()
	for name, want := range map[string]string{
		"web": "web", "web-a7k42": "web", "vps": "vps", "vps-a7k42": "", "trial-1": "trial-1",
		"trial-tb7x2k1abcdef-1-a7k42": "", "trial-tb7x2k1abcdef-2": "", "trial-server": "trial-server",
	} {
		if got := givenName(name, "A7K-42"); got != want {
			t.Errorf("%s: %q, want %q", name, got, want)
		}
	}
}
