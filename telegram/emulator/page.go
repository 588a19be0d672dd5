package emulator

import (
	"embed"
	"io/fs"
	"net/http"
)

//go:embed page
var pageFiles embed.FS

// pageHeaders let the page load nothing from elsewhere and run no other script.
var pageHeaders = map[string]string{
	"Content-Security-Policy": "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self' data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
	"X-Content-Type-Options":  "nosniff",
	"Referrer-Policy":         "no-referrer",
	"Cache-Control":           "no-cache",
}

// pageRoutes serves the page's static files and, below /panel/, what stands
// beside the chats.
func (s *Server) pageRoutes(mux *http.ServeMux) {
	files, err := fs.Sub(pageFiles, "page")
	if err != nil {
		panic("emulator: the page is not embedded: " + err.Error()) // cannot be: the compiler put it there
	}
	mux.Handle("GET /", withHeaders(http.FileServerFS(files)))
	if s.cfg.Panel != nil {
		beside := withHeaders(http.StripPrefix("/panel", s.cfg.Panel))
		mux.Handle("GET /panel/", beside)
		mux.Handle("POST /panel/", beside)
	}
}

func withHeaders(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		for name, value := range pageHeaders {
			w.Header().Set(name, value)
		}
		next.ServeHTTP(w, r)
	})
}
