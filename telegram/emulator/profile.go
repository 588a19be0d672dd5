package emulator

import (
	"encoding/json"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"
)

// The lengths of what describes a bot (Bot API).
const (
	maxName             = 64
	maxDescription      = 512
	maxShortDescription = 120
	maxCommands         = 100
	maxCommandName      = 32
	maxCommandText      = 256
)

// Command is an entry of the bot's menu.
type Command struct {
	Name        string `json:"command"`
	Description string `json:"description"`
}

// profile is what the bot says about itself, by language.
type profile struct {
	names, descriptions, shorts map[string]string
	commands                    map[menuKey][]Command
	menuButtons                 map[int64]json.RawMessage // by chat; 0 is the default
	rev                         int64
}

// menuKey names a list of commands: scope as scopeKey writes it.
type menuKey struct{ scope, lang string }

func newProfile() profile {
	return profile{
		names: map[string]string{}, descriptions: map[string]string{}, shorts: map[string]string{},
		commands: map[menuKey][]Command{}, menuButtons: map[int64]json.RawMessage{},
	}
}

func (s *Server) getMe(args) (any, error) {
	me := wireMe{wireUser: s.wireUser(s.bot.ID)}
	me.CanJoinGroups, me.CanReadAllGroupMessages = true, s.cfg.ReadsAll
	return me, nil
}

// language reads language_code: empty or two lower-case letters
// (BotInfoManager.cpp, validate_bot_language_code).
func language(a args) (string, error) {
	code := a.get("language_code")
	if code == "" || len(code) == 2 && strings.Trim(code, "abcdefghijklmnopqrstuvwxyz") == "" {
		return code, nil
	}
	return "", badRequest("invalid language code specified")
}

func (s *Server) setText(a args, field string, limit int, into map[string]string) (any, error) {
	lang, err := language(a)
	if err != nil {
		return nil, err
	}
	text := strings.TrimSpace(a.get(field))
	if utf8.RuneCountInString(text) > limit {
		return nil, badRequest("bot %s is too long", strings.ReplaceAll(field, "_", " "))
	}
	if text == "" {
		delete(into, lang)
	} else {
		into[lang] = text
	}
	s.profile.rev = s.touch()
	return true, nil
}

func getText(a args, field string, from map[string]string) (any, error) {
	lang, err := language(a)
	if err != nil {
		return nil, err
	}
	return map[string]string{field: from[lang]}, nil
}

func (s *Server) setMyName(a args) (any, error) {
	return s.setText(a, "name", maxName, s.profile.names)
}

func (s *Server) getMyName(a args) (any, error) {
	if a.get("language_code") == "" && s.profile.names[""] == "" {
		return map[string]string{"name": s.bot.Name}, nil
	}
	return getText(a, "name", s.profile.names)
}

func (s *Server) setMyDescription(a args) (any, error) {
	return s.setText(a, "description", maxDescription, s.profile.descriptions)
}

func (s *Server) getMyDescription(a args) (any, error) {
	return getText(a, "description", s.profile.descriptions)
}

func (s *Server) setMyShortDescription(a args) (any, error) {
	return s.setText(a, "short_description", maxShortDescription, s.profile.shorts)
}

func (s *Server) getMyShortDescription(a args) (any, error) {
	return getText(a, "short_description", s.profile.shorts)
}

// scopeKey reads the scope of a list of commands and writes it in one word.
func (s *Server) scopeKey(a args) (string, error) {
	raw := a.get("scope")
	if raw == "" {
		return "default", nil
	}
	const prefix = "can't parse BotCommandScope"
	if !json.Valid([]byte(raw)) {
		return "", badRequest(prefix + " JSON object")
	}
	var scope struct {
		Type   string          `json:"type"`
		ChatID json.RawMessage `json:"chat_id"`
		UserID int64           `json:"user_id"`
	}
	if err := json.Unmarshal([]byte(raw), &scope); err != nil {
		return "", badRequest(prefix + ": BotCommandScope must be an Object")
	}
	switch scope.Type {
	case "default", "all_private_chats", "all_group_chats", "all_chat_administrators":
		return scope.Type, nil
	case "chat", "chat_administrators", "chat_member":
	default:
		return "", badRequest(prefix + ": Unsupported type specified")
	}
	chatID := strings.Trim(string(scope.ChatID), `"`)
	if chatID == "" {
		return "", badRequest(prefix + ": Empty chat_id specified")
	}
	if scope.Type == "chat_member" && scope.UserID <= 0 {
		return "", badRequest(prefix + ": Invalid user_id specified")
	}
	c, err := s.readable(chatID)
	if err != nil {
		return "", err
	}
	if c.kind == kindPrivate && scope.Type != "chat" {
		return "", badRequest("can't use specified scope in private chats")
	}
	key := scope.Type + " " + strconv.FormatInt(c.id, 10)
	if scope.UserID != 0 {
		key += " " + strconv.FormatInt(scope.UserID, 10)
	}
	return key, nil
}

func (s *Server) menuKey(a args) (menuKey, error) {
	scope, err := s.scopeKey(a)
	if err != nil {
		return menuKey{}, err
	}
	lang, err := language(a)
	return menuKey{scope, lang}, err
}

var commandName = regexp.MustCompile(`^[a-z0-9_]+$`)

func (s *Server) setMyCommands(a args) (any, error) {
	var list []*struct {
		Name        *string `json:"command"`
		Description *string `json:"description"`
	}
	if v := a.get("commands"); !json.Valid([]byte(v)) && v != "" {
		return nil, badRequest("can't parse commands JSON object")
	}
	if err := a.json("commands", &list); err != nil {
		return nil, badRequest("expected an Array of BotCommand")
	}
	const prefix = "can't parse BotCommand: "
	for _, c := range list {
		switch {
		case c == nil:
			return nil, badRequest(prefix + "expected an Object")
		case c.Name == nil:
			return nil, badRequest(prefix+"Can't find field %q", "command")
		case c.Description == nil:
			return nil, badRequest(prefix+"Can't find field %q", "description")
		}
	}
	key, err := s.menuKey(a)
	if err != nil {
		return nil, err
	}
	var commands []Command
	for _, given := range list {
		c := Command{
			Name:        strings.TrimPrefix(strings.TrimSpace(*given.Name), "/"),
			Description: strings.TrimSpace(*given.Description),
		}
		switch {
		case c.Name == "":
			return nil, badRequest("command must be non-empty")
		case utf8.RuneCountInString(c.Name) > maxCommandName:
			return nil, badRequest("command length must not exceed %d", maxCommandName)
		case c.Description == "":
			return nil, badRequest("command description must be non-empty")
		case utf8.RuneCountInString(c.Description) > maxCommandText:
			return nil, badRequest("command description length must not exceed %d", maxCommandText)
		case !commandName.MatchString(c.Name):
			return nil, badRequest("BOT_COMMAND_INVALID")
		}
		commands = append(commands, c)
	}
	if len(commands) > maxCommands {
		return nil, badRequest("BOT_COMMANDS_TOO_MUCH")
	}
	s.profile.commands[key] = commands
	s.profile.rev = s.touch()
	return true, nil
}

func (s *Server) getMyCommands(a args) (any, error) {
	key, err := s.menuKey(a)
	if err != nil {
		return nil, err
	}
	return append([]Command{}, s.profile.commands[key]...), nil
}

func (s *Server) deleteMyCommands(a args) (any, error) {
	key, err := s.menuKey(a)
	if err != nil {
		return nil, err
	}
	delete(s.profile.commands, key)
	s.profile.rev = s.touch()
	return true, nil
}

func (s *Server) setChatMenuButton(a args) (any, error) {
	button := json.RawMessage(`{"type":"default"}`)
	if v := a.get("menu_button"); v != "" {
		var kind struct {
			Type string `json:"type"`
		}
		if err := json.Unmarshal([]byte(v), &kind); err != nil {
			return nil, badRequest("can't parse menu button JSON object")
		}
		if kind.Type != "default" && kind.Type != "commands" {
			return nil, badRequest("can't parse menu button: MenuButton has unsupported type")
		}
		button = json.RawMessage(v)
	}
	chatID, err := s.menuButtonChat(a)
	if err != nil {
		return nil, err
	}
	s.profile.menuButtons[chatID] = button
	s.profile.rev = s.touch()
	return true, nil
}

func (s *Server) getChatMenuButton(a args) (any, error) {
	chatID, err := s.menuButtonChat(a)
	if err != nil {
		return nil, err
	}
	for _, id := range []int64{chatID, 0} {
		if b, ok := s.profile.menuButtons[id]; ok {
			return b, nil
		}
	}
	return json.RawMessage(`{"type":"default"}`), nil
}

func (s *Server) menuButtonChat(a args) (int64, error) {
	if a.get("chat_id") == "" {
		return 0, nil
	}
	id := a.number("chat_id")
	if id <= 0 {
		return 0, badRequest("invalid chat_id specified") // it names a user
	}
	if s.findPerson(id) == nil {
		return 0, badRequest("user not found")
	}
	return id, nil
}

// Commands returns the list that the bot set for exactly this scope and language:
// scope is the type ("default", "all_private_chats", …), followed, for the scopes of
// one chat, by a space and the id; language is "" or two letters.
func (s *Server) Commands(scope, lang string) []Command {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.profile.commands[menuKey{scope, lang}])
}

// Menu returns the commands that a user's client offers in a chat: the nearest of
// the lists that the bot set, in the user's language before the general one
// (Bot API, "Determining list of commands").
func (s *Server) Menu(user, chatID int64) []Command {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.menu(user, s.findChat(chatID))
}

func (s *Server) menu(user int64, c *chat) []Command {
	if c == nil {
		return nil
	}
	id := strconv.FormatInt(c.id, 10)
	var scopes []string
	if c.kind == kindPrivate {
		scopes = []string{"chat " + id, "all_private_chats", "default"}
	} else {
		scopes = []string{"chat_member " + id + " " + strconv.FormatInt(user, 10)}
		if c.member(user).admin() {
			scopes = append(scopes, "chat_administrators "+id, "chat "+id, "all_chat_administrators")
		} else {
			scopes = append(scopes, "chat "+id)
		}
		scopes = append(scopes, "all_group_chats", "default")
	}
	var lang string
	if p := s.findPerson(user); p != nil {
		lang, _, _ = strings.Cut(p.Lang, "-")
	}
	for _, scope := range scopes {
		for _, l := range []string{lang, ""} {
			if list := s.profile.commands[menuKey{scope, l}]; len(list) > 0 {
				return slices.Clone(list)
			}
		}
	}
	return nil
}

// about returns what an empty chat says about the bot, in the person's language.
func (s *Server) about(p *person) string {
	lang, _, _ := strings.Cut(p.Lang, "-")
	if d := s.profile.descriptions[lang]; d != "" {
		return d
	}
	return s.profile.descriptions[""]
}

// Description returns the bot's description and short description in a language,
// exactly: "" is the one for all others.
func (s *Server) Description(lang string) (long, short string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.profile.descriptions[lang], s.profile.shorts[lang]
}

// RenameBot gives the bot another name behind the @, as its owner does with @BotFather.
func (s *Server) RenameBot(username string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.bot.Username = username
	s.touch()
}
