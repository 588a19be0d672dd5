package main

import (
	"embed"
	"encoding/json"
	"fmt"
	"io/fs"
	"net/http"
	"strings"
	"sync"
	"time"

	"zomrobot/zomro/sandbox"
)

//go:embed panel
var panelFiles embed.FS

const (
	panelTick     = time.Second // how often the panel looks for what only time brings
	panelResponse = 8 << 10     // bytes of an answer that are shown
)

// panel is what stands beside the chats of the demo's page: the vendor's side,
// and the bot as a process. It has files, a stream of what happens, the vendor's
// control API, kill, and anew.
type panel struct {
	world *demoWorld
	demo  *demo

	once sync.Once
	mux  *http.ServeMux
}

// panelView is what changed since the last one: the state whole, calls that are
// new or went on.
type panelView struct {
	Reset bool `json:"reset"` // forget what you have: this is everything
	panelState
	Calls []sandbox.Call `json:"calls,omitempty"`
}

type panelState struct {
	World     int               `json:"world"` // its number
	Bot       botState          `json:"bot"`
	Accounts  []sandbox.Account `json:"accounts"`
	Faults    []sandbox.Armed   `json:"faults"`
	Behaviour sandbox.Behaviour `json:"behaviour"`
}

func (p *panel) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	p.once.Do(p.route)
	p.mux.ServeHTTP(w, r)
}

func (p *panel) route() {
	p.mux = http.NewServeMux()
	files, err := fs.Sub(panelFiles, "panel")
	if err != nil {
		panic("the panel is not embedded: " + err.Error()) // cannot be: the compiler put it there
	}
	p.mux.Handle("GET /", http.FileServerFS(files))
	p.mux.HandleFunc("GET /events", p.events)
	p.mux.HandleFunc("GET /state", p.state)
	p.mux.Handle("POST /sandbox/", p.world.vendor)
	p.mux.HandleFunc("POST /anew", p.anew)
	p.mux.HandleFunc("POST /kill", func(w http.ResponseWriter, _ *http.Request) {
		if err := p.demo.bot.kill(); err != nil {
			http.Error(w, err.Error(), http.StatusConflict)
			return
		}
		w.WriteHeader(http.StatusNoContent)
	})
}

// anew answers with the number of a world in which nothing has happened yet.
func (p *panel) anew(w http.ResponseWriter, r *http.Request) {
	number, err := p.demo.anew(r.Context(), r.FormValue("lang"))
	if err != nil {
		http.Error(w, err.Error(), http.StatusServiceUnavailable)
		return
	}
	writeJSON(w, map[string]int{"world": number})
}

// view returns how things are, with the calls that are news to a panel: all of them
// for one that has seen nothing yet.
func (p *panel) view(seen *callsSeen) panelView {
	first := seen.open == nil
	bot, _ := p.demo.bot.look()
	vendor := p.world.vendor
	state := panelState{World: p.world.number, Bot: bot, Accounts: vendor.Accounts(), Faults: vendor.Faults(), Behaviour: vendor.Behaviour()}
	return panelView{first, state, seen.news(vendor.Calls())}
}

// state shows everything once.
func (p *panel) state(w http.ResponseWriter, _ *http.Request) {
	writeJSON(w, p.view(&callsSeen{}))
}

func writeJSON(w http.ResponseWriter, v any) {
	body, err := json.Marshal(v)
	if err != nil {
		http.Error(w, err.Error(), http.StatusInternalServerError)
		return
	}
	w.Header().Set("Content-Type", "application/json")
	_, _ = w.Write(body)
}

// events streams what happens. The first event has everything that there is.
func (p *panel) events(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Content-Type", "text/event-stream")
	w.Header().Set("Cache-Control", "no-store")
	out := http.NewResponseController(w)
	tick := time.NewTicker(panelTick)
	defer tick.Stop()
	var seen callsSeen
	last := ""
	for {
		called := p.world.vendor.Changed()
		_, botChanged := p.demo.bot.look()
		body, err := json.Marshal(p.view(&seen))
		if err != nil {
			return
		}
		if string(body) != last {
			last = string(body)
			if _, err := fmt.Fprintf(w, "retry: 1000\ndata: %s\n\n", body); err != nil || out.Flush() != nil {
				return
			}
		}
		select {
		case <-called:
		case <-botChanged:
		case <-tick.C:
		case <-p.world.gone: // who looks comes back, and finds the next one
			return
		case <-r.Context().Done():
			return
		}
	}
}

// callsSeen knows which calls of the vendor a panel has.
type callsSeen struct {
	last int          // the number of the newest
	open map[int]bool // those that were not finished
}

// news returns the calls that a panel does not have as they are now, fit for
// showing.
func (c *callsSeen) news(calls []sandbox.Call) []sandbox.Call {
	var news []sandbox.Call
	if c.open == nil {
		c.open = map[int]bool{}
	}
	for _, call := range calls {
		if call.Number <= c.last && (!c.open[call.Number] || !call.Finished) {
			continue
		}
		c.last = max(c.last, call.Number)
		delete(c.open, call.Number)
		if !call.Finished {
			c.open[call.Number] = true
		}
		call = call.Masked()
		if len(call.Response) > panelResponse {
			call.Response = strings.ToValidUTF8(call.Response[:panelResponse], "") + "…"
		}
		news = append(news, call)
	}
	return news
}
