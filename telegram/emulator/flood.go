package emulator

import (
	"math"
	"time"
)

// Telegram's limits of traffic: about one message a second in a chat, with short
// bursts, 20 a minute in a group, 30 a second in all (Bot FAQ; the exact numbers are
// not published).
const (
	burst       = 3
	perMinute   = 20
	groupWindow = time.Minute
	perSecond   = 30
)

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
	now, p := s.cfg.Now(), &c.pace
	for len(s.sends) > 0 && now.Sub(s.sends[0]) >= time.Second {
		s.sends = s.sends[1:]
	}
	if !edit && len(s.sends) >= perSecond {
		return tooMany(1)
	}
	if c.kind != kindPrivate {
		for len(p.recent) > 0 && now.Sub(p.recent[0]) >= groupWindow {
			p.recent = p.recent[1:]
		}
		if len(p.recent) >= perMinute {
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
