package emulator

import (
	"fmt"
	"net/url"
	"regexp"
	"strings"
)

// payload is what a link can hand to the bot (Bot API, "Deep linking").
var payload = regexp.MustCompile(`^[A-Za-z0-9_-]*$`)

// longestPayload is how many characters that are at most.
const longestPayload = 64

// OpenLink opens a link to the bot and follows it: https://t.me/<bot>?start=PAYLOAD
// sends "/start PAYLOAD" in the person's private chat, ending a block first;
// ?startgroup=PAYLOAD adds the bot to the group chatID, unless it is there, and
// sends "/start@<bot> PAYLOAD" to it. A link without either is one to start. The
// forms with tg://resolve?domain=<bot> are taken, too. It returns the id of the
// message. chatID only counts for a group.
func (s *Server) OpenLink(user, chatID int64, link string) (int, error) {
	key, value, err := s.readLink(link)
	if err != nil {
		return 0, fmt.Errorf("emulator: %d opens %q: %w", user, link, err)
	}
	text := "/start"
	if key == "startgroup" {
		if err := s.Join(user, chatID, s.bot.ID); err != nil {
			return 0, fmt.Errorf("emulator: %d opens %q: %w", user, link, err)
		}
		text += "@" + s.bot.Username
	} else {
		if err := s.block(user, false); err != nil {
			return 0, fmt.Errorf("emulator: %d opens %q: %w", user, link, err)
		}
		chatID = user
	}
	if value != "" {
		text += " " + value
	}
	return s.Say(user, chatID, text)
}

// readLink returns what a link to the bot asks for.
func (s *Server) readLink(link string) (key, value string, err error) {
	u, err := url.Parse(link)
	if err != nil {
		return "", "", ErrLink
	}
	q := u.Query()
	name := strings.Trim(u.Path, "/")
	if u.Scheme == "tg" && u.Host == "resolve" {
		name = q.Get("domain")
	} else if u.Scheme != "http" && u.Scheme != "https" || u.Host != "t.me" && u.Host != "telegram.me" {
		return "", "", ErrLink
	}
	key = "start"
	if q.Has("startgroup") {
		key = "startgroup"
	}
	if value = q.Get(key); !strings.EqualFold(name, s.bot.Username) || len(value) > longestPayload || !payload.MatchString(value) {
		return "", "", ErrLink
	}
	return key, value, nil
}
