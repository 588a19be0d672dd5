package emulator

import (
	"encoding/json"
	"fmt"
	"strconv"
)

// Forge gives the bot an update that never happened, as somebody would who got hold
// of Telegram's side or of the webhook's secret: any JSON object, with anything in
// it. One without an update_id gets the next. It returns the update_id.
func (s *Server) Forge(raw json.RawMessage) (int64, error) {
	var object map[string]json.RawMessage
	if err := json.Unmarshal(raw, &object); err != nil || object == nil {
		return 0, fmt.Errorf("emulator: forging an update: %w", ErrUnfit)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	id := s.inbox.next
	if given, ok := object["update_id"]; ok {
		n, err := strconv.ParseInt(string(given), 10, 64)
		if err != nil {
			return 0, fmt.Errorf("emulator: forging an update: its update_id: %w", err)
		}
		id = n
	}
	object["update_id"] = json.RawMessage(strconv.FormatInt(id, 10))
	body, err := json.Marshal(object)
	if err != nil {
		return 0, fmt.Errorf("emulator: forging an update: %w", err)
	}
	s.enqueue(&update{id: id, queue: "forged", body: body, expires: s.cfg.Now().Add(updateLife)})
	return id, nil
}
