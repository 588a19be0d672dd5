package emulator

import (
	"cmp"
	"math"
	"time"
)

// Limits are limits of traffic. Telegram's exact numbers are not published; zero stands
// for what its Bot FAQ writes: about one message a second in a chat, with short bursts,
// 20 a minute in a group, 30 a second in all.
type Limits struct {
	Burst     int  // messages at once in a chat, then one a second; 0: 3
	PerMinute int  // in a group, with edits; 0: 20
	PerSecond int  // messages in all; 0: 30
	Edits     bool // an edit counts as a message
	Pause     int  // seconds asked for beyond those that are needed
}

const groupWindow = time.Minute

// pace counts what the bot sends to one chat.
type pace struct {
	tokens float64
	at     time.Time
	recent []time.Time // sends and edits of the last minute, in a group
}

// pacing refuses a send that comes too soon. An edit counts only towards the
// group's minute. The caller holds the lock.
func (s *Server) pacing(c *chat, edit bool) error {
	if !s.cfg.Flood {
		return nil
	}
	limits := s.cfg.Limits
	burst := float64(cmp.Or(limits.Burst, 3))
	edit = edit && !limits.Edits
	tooMany := func(seconds int) error { return tooMany(seconds + limits.Pause) }
	now, p := s.cfg.Now(), &c.pace
	for len(s.sends) > 0 && now.Sub(s.sends[0]) >= time.Second {
		s.sends = s.sends[1:]
	}
	if !edit && len(s.sends) >= cmp.Or(limits.PerSecond, 30) {
		return tooMany(1)
	}
	if c.kind != kindPrivate {
		for len(p.recent) > 0 && now.Sub(p.recent[0]) >= groupWindow {
			p.recent = p.recent[1:]
		}
		if len(p.recent) >= cmp.Or(limits.PerMinute, 20) {
			return tooMany(seconds(groupWindow - now.Sub(p.recent[0])))
		}
	}
	if !edit {
		if p.at.IsZero() {
			p.tokens = burst
		} else {
			p.tokens = min(burst, p.tokens+now.Sub(p.at).Seconds())
		}
		p.at = now
		if p.tokens < 1 {
			return tooMany(seconds(time.Duration((1 - p.tokens) * float64(time.Second))))
		}
		p.tokens--
		s.sends = append(s.sends, now)
	}
	if c.kind != kindPrivate {
		p.recent = append(p.recent, now)
	}
	return nil
}

// seconds rounds a pause up, as retry_after is told.
func seconds(d time.Duration) int { return max(1, int(math.Ceil(d.Seconds()))) }
