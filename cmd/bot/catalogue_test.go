package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net/http"
	"net/http/httptest"
	"os"
	"runtime"
	"sync"
	"testing"
	"time"

	orderflow "zomrobot/conversation/order"
	"zomrobot/zomro"
	"zomrobot/zomro/sandbox"
)

const pricelistFunc = "v2.instances.order.pricelist"

// crowd is people who are logged in and write in English.
func (w *world) crowd(n int) []int64 {
	w.t.Helper()
	var people []int64
	for i := range n {
		person := int64(6001 + i)
		login := fmt.Sprintf("person-%d@example.com", person)
		w.chats.AddUser(person, login, "en")
		w.vendor.AddAccount(login, vendorPassword, eur(100))
		people = append(people, person)
	}
	w.together(people, func(person int64) error { _, err := w.chats.Say(person, person, "/login"); return err })
	w.together(people, func(person int64) error { return w.tapNewest(person, words["login and password"][anna]) })
	w.together(people, func(person int64) error {
		_, err := w.chats.Say(person, person, fmt.Sprintf("person-%d@example.com", person))
		return err
	})
	w.together(people, func(person int64) error { _, err := w.chats.Say(person, person, vendorPassword); return err })
	return people
}

// together has people do something at the same time, and waits until all of it
// is done.
func (w *world) together(people []int64, do func(person int64) error) {
	w.t.Helper()
	var all sync.WaitGroup
	for _, person := range people {
		all.Go(func() {
			if err := do(person); err != nil {
				w.t.Error(err)
			}
		})
	}
	all.Wait()
	w.settle()
}

// TestManyPeopleOneRequest: what is asked of the vendor does not grow with the
// people who look at its catalogue, at the same time or after each other.
func TestManyPeopleOneRequest(t *testing.T) {
	t.Parallel()
	asked := map[int][]int{}
	one, many := 1, 50
	if raced {
		many = 20
	}
	for _, n := range []int{one, many} {
		w := newWorld(t, sandbox.Config{})
		people := w.crowd(n)
		var counts []int
		count := func(do func(person int64) error) {
			before := w.called(pricelistFunc)
			w.together(people, do)
			counts = append(counts, w.called(pricelistFunc)-before)
		}
		count(func(person int64) error { _, err := w.chats.Say(person, person, "/order"); return err })
		count(func(person int64) error { return w.tapNewest(person, words["choose"][anna]) })
		count(func(person int64) error { return w.tapNewest(person, "🇳🇱 Netherlands-3") })
		w.clock.move(time.Minute)
		count(func(person int64) error { return w.tapNewest(person, "🔄 Refresh") })
		w.clock.move(orderflow.CatalogueFresh)
		count(func(person int64) error { _, err := w.chats.Say(person, person, "/continue"); return err })
		for _, person := range people {
			if last, ok := w.chats.Last(person); !ok || !hasButton(last.Button("1 CPU · 1.5 GB · €3.84 · Acorn AMD")) {
				t.Fatalf("with %d people one has no list of plans:\n%s", n, w.chats.Transcript(person))
			}
		}
		asked[n] = counts
	}
	for i, n := range asked[many] {
		if n != asked[one][i] || n > 1 {
			t.Errorf("requests of %d people: %v, of one: %v", many, asked[many], asked[one])
			break
		}
	}
}

func hasButton[T any](_ T, ok bool) bool { return ok }

// realPricelist is the vendor's own answer, kept outside of the project.
const realPricelist = "../../../shared/zomro-samples/pricelist_full_proxy_en_dc12_17_19.json"

// withRealPricelist stands before a sandbox and answers the price list with the
// vendor's own.
func withRealPricelist(b *testing.B, behind func() http.Handler) *httptest.Server {
	answer, err := os.ReadFile(realPricelist)
	if errors.Is(err, fs.ErrNotExist) {
		b.Skip("the vendor's price list is not here")
	}
	if err != nil {
		b.Fatal(err)
	}
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(r.Body)
		if err != nil {
			http.Error(w, err.Error(), http.StatusBadRequest)
			return
		}
		again := r.Clone(r.Context())
		r.Body, again.Body = io.NopCloser(bytes.NewReader(body)), io.NopCloser(bytes.NewReader(body))
		if r.FormValue("func") == pricelistFunc {
			w.Header().Set("Content-Type", "application/json")
			_, _ = w.Write(answer) // the caller has gone: nobody to tell
			return
		}
		behind().ServeHTTP(w, again)
	}))
	b.Cleanup(server.Close)
	return server
}

// BenchmarkCatalogue measures, with the vendor's own price list, the time from
// /order to the first card, when the catalogue has to be asked for (cold) and
// when it is known (warm), and what a catalogue takes of the memory and of each
// dialogue's record.
func BenchmarkCatalogue(b *testing.B) {
	var w *world
	vendor := withRealPricelist(b, func() http.Handler { return w.vendor })
	w = newWorldWith(b, sandbox.Config{}, func(c *Config) { c.Zomro.APIURL = vendor.URL })
	w.login(anna)
	first := func() time.Duration {
		w.say(anna, "/cancel")
		began := time.Now()
		w.say(anna, "/order")
		took := time.Since(began)
		if last, ok := w.chats.Last(anna); !ok || !hasButton(last.Button(words["choose"][anna])) {
			b.Fatalf("there is no card:\n%s", w.chats.Transcript(anna))
		}
		return took
	}
	var cold, warm time.Duration
	n := 0
	for b.Loop() {
		w.clock.move(orderflow.CatalogueFresh)
		cold += first()
		warm += first()
		n++
	}
	client := zomro.New(vendor.URL)
	auth := zomro.Auth{Session: zomro.NewSecret(w.vendor.OpenSession(vendorLogin)), Lang: "en"}
	const copies = 100
	before := heap()
	var held []zomro.Catalogue
	for range copies {
		c, err := client.Catalogue(b.Context(), auth, "17")
		if err != nil {
			b.Fatal(err)
		}
		held = append(held, c)
	}
	after := heap()
	record, err := json.Marshal(held[0])
	if err != nil {
		b.Fatal(err)
	}
	b.ReportMetric(milliseconds(cold)/float64(n), "cold-ms")
	b.ReportMetric(milliseconds(warm)/float64(n), "warm-ms")
	b.ReportMetric((float64(after)-float64(before))/copies/1000, "heap-kB")
	b.ReportMetric(float64(len(record))/1000, "record-kB")
	b.ReportMetric(float64(len(held[0].Plans)), "plans")
	b.ReportMetric(0, "ns/op") // of both and what is between them
}

// heap is what is in use of it.
func heap() uint64 {
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return m.HeapAlloc
}
