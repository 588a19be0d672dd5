package witness

import (
	"os/exec"
	"testing"
)

// A bot on grammY lives here as on Telegram.
func TestGrammY(t *testing.T) {
	w := newWorld(t)
	out, err := exec.CommandContext(soon(t), "node", "grammy.mjs", w.url, token).CombinedOutput()
	if err != nil {
		t.Errorf("grammy.mjs: %v\n%s\nthe chat:\n%s", err, out, w.Transcript(anna))
	}
	if v := w.Violations(); len(v) > 0 {
		t.Errorf("violations: %q", v)
	}
}
