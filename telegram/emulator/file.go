package emulator

import (
	"crypto/subtle"
	"net/http"
	"strconv"
	"strings"
)

// getFile says where a file of a message is found.
func (s *Server) getFile(a args) (any, error) {
	id := a.get("file_id")
	file := s.findFile(id)
	if file == nil {
		return nil, badRequest("wrong file_id or the file is temporarily unavailable")
	}
	return map[string]any{"file_id": id, "file_unique_id": id, "file_size": len(file.Content), "file_path": "documents/" + id}, nil
}

// findFile finds a document by its id; nil: there is none.
func (s *Server) findFile(id string) *Document {
	number, ok := strings.CutPrefix(id, "document-")
	n, err := strconv.Atoi(number)
	if !ok || err != nil {
		return nil
	}
	for _, c := range s.chats {
		if m := c.find(n); m != nil && m.document != nil {
			return m.document
		}
	}
	return nil
}

// serveFile hands a file out, at the address that getFile has told.
func (s *Server) serveFile(w http.ResponseWriter, r *http.Request) {
	token, path, _ := strings.Cut(strings.TrimPrefix(r.URL.Path, "/file/bot"), "/")
	if s.cfg.Token == "" || subtle.ConstantTimeCompare([]byte(token), []byte(s.cfg.Token)) != 1 {
		writeRefusal(w, &refusal{code: http.StatusUnauthorized, description: "Unauthorized"})
		return
	}
	s.mu.Lock()
	file := s.findFile(strings.TrimPrefix(path, "documents/"))
	s.mu.Unlock()
	if file == nil {
		writeRefusal(w, &refusal{code: http.StatusNotFound, description: "Not Found"})
		return
	}
	w.Header().Set("Content-Type", "application/octet-stream")
	_, _ = w.Write(file.Content) // whoever asked is gone
}
