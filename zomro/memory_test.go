package zomro

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"runtime"
	"runtime/debug"
	"runtime/metrics"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"
)

// hugeAnswers are answers of about size bytes with as many values as they can
// hold, by what they are made of.
func hugeAnswers(size int) map[string]string {
	list := func(row string) string {
		rows := strings.Repeat(row+",", size/(len(row)+1))
		return `{"doc":{"p_elems":"9","list":[{"$name":"lineitems"}],"elem":[` + rows + row + `]}}`
	}
	var names strings.Builder
	for n := 0; names.Len() < size; n++ {
		fmt.Fprintf(&names, `"%x":0,`, n)
	}
	// As many rows as are let through, in an answer that a text makes as long.
	full := strings.Repeat(`{"id":{"$":"1"}},`, maxValues/3-10) + `{"id":"2"}`
	return map[string]string{
		"all that is let through": `{"doc":{"datacenter":"1","list":[{"$name":"instances","elem":[` + full + `],"x":"` +
			strings.Repeat("x", max(size-len(full), 0)) + `"}]}}`,
		"rows of a list": list(`{"id":{"$":"1"}}`),
		"empty records":  list(`{}`),
		"empty lists":    list(`[]`),
		"numbers":        list(`0`),
		"names":          `{"doc":{` + names.String() + `"z":0}}`,
		"nested lists":   `{"doc":{"elem":` + strings.Repeat(`[[],`, size/5) + `0` + strings.Repeat(`]`, size/5) + `}}`,
		"an error":       `{"doc":{"error":{"msg":"{` + strings.Repeat(`\"a\":{},`, size/8) + `\"z\":0}"}}}`,
		"one text":       `{"doc":{"elem":[],"x":"` + strings.Repeat("x", size) + `"}}`,
	}
}

// peak runs f and returns how many bytes the heap grew by at most, garbage
// included, which is collected as a percentage of the heap says.
func peak(percent int, f func()) uint64 {
	defer debug.SetGCPercent(debug.SetGCPercent(percent))
	sample := []metrics.Sample{{Name: "/memory/classes/heap/objects:bytes"}}
	heap := func() uint64 {
		metrics.Read(sample)
		return sample[0].Value.Uint64()
	}
	runtime.GC()
	before := heap()
	most := before
	var done atomic.Bool
	var group sync.WaitGroup
	group.Go(func() {
		ticker := time.NewTicker(200 * time.Microsecond)
		defer ticker.Stop()
		for !done.Load() {
			most = max(most, heap())
			<-ticker.C
		}
	})
	f()
	done.Store(true)
	group.Wait()
	return most - before
}

// serveHuge starts a vendor that answers with a body that costs its own side
// nothing more.
func serveHuge(t testing.TB, body string) *Client {
	t.Helper()
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		_, _ = io.WriteString(w, body)
	}))
	t.Cleanup(server.Close)
	c := New(server.URL)
	c.sleep = func(context.Context, time.Duration) error { return nil }
	return c
}

// The worst answer costs a small multiple of its bytes. Without its bound the
// rows of a list cost a hundred.
func TestMemoryOfHugeAnswers(t *testing.T) {
	const most = 16 // bytes for each of an answer's
	for name, body := range hugeAnswers(7 << 20) {
		c := serveHuge(t, body)
		for call, ask := range map[string]func() error{
			"services": func() error { _, err := c.Services(t.Context(), testAuth); return err },
			"confirm":  func() error { return c.Confirm(t.Context(), testAuth, "1818") },
		} {
			if call == "confirm" && name != "all that is let through" {
				continue
			}
			var err error
			cost := peak(10, func() { err = ask() })
			if cost > most*uint64(len(body)) {
				t.Errorf("%s, %s: %d MB for an answer of %d MB", name, call, cost>>20, len(body)>>20)
			}
			if call == "confirm" && err != nil && KindOf(err) != Unknown {
				t.Errorf("%s, %s: got %v", name, call, err)
			}
		}
	}
}

func TestAnswerWithTooManyValues(t *testing.T) {
	rows := func(n int) string {
		return `{"doc":{"p_elems":"` + strconv.Itoa(n) + `","elem":[` + strings.Repeat(`{"id":"1"},`, n-1) + `{"id":"1"}]}}`
	}
	const fits = maxValues/2 - 2 // a row is two values
	v, c := newVendor(t, ok(rows(fits+5)))
	if _, err := c.Services(t.Context(), testAuth); KindOf(err) != Unreadable || !errors.Is(err, errTooMany) {
		t.Errorf("got %v", err)
	}
	if err := c.Confirm(t.Context(), testAuth, "1818"); KindOf(err) != Unknown || !errors.Is(err, errTooMany) {
		t.Errorf("got %v", err)
	}
	if n := len(v.seen()); n != 2 {
		t.Errorf("%d requests for two calls", n)
	}
	if _, err := parseDocument([]byte(rows(fits))); err != nil {
		t.Errorf("%d rows: %v", fits, err)
	}
}

// A list in many pages is bounded, too.
func TestListWithTooManyRows(t *testing.T) {
	var pages []answer
	const size = maxRows/4 + 1
	for page := range 4 {
		var rows strings.Builder
		for n := range size {
			fmt.Fprintf(&rows, `{"id":"%d"},`, page*size+n)
		}
		pages = append(pages, ok(`{"doc":{"p_elems":"999999","elem":[`+strings.TrimSuffix(rows.String(), ",")+`]}}`))
	}
	v, c := newVendor(t, pages...)
	if _, err := c.Services(t.Context(), testAuth); KindOf(err) != Unreadable {
		t.Errorf("got %v", err)
	}
	if n := len(v.seen()); n != len(pages) {
		t.Errorf("%d pages were read", n)
	}
}

func TestRealPriceListHasRoom(t *testing.T) {
	if n := countValues(realPriceList(t)); n > maxValues/4 || n < 10_000 {
		t.Errorf("%d values, of %d that are let through", n, maxValues)
	}
}

func FuzzCountValues(f *testing.F) {
	f.Add([]byte(cartAnswer))
	f.Add([]byte(`{"a\\":"[,\"{","b":[[],{},1,null]}`))
	f.Fuzz(func(t *testing.T, body []byte) {
		var decoded any
		if json.Unmarshal(body, &decoded) != nil {
			return
		}
		if counted, has := countValues(body), values(decoded); counted < has {
			t.Errorf("%d were counted of %d", counted, has)
		}
	})
}

// values is how many values a decoded document has.
func values(v any) int {
	n := 1
	switch v := v.(type) {
	case []any:
		for _, inner := range v {
			n += values(inner)
		}
	case map[string]any:
		for _, inner := range v {
			n += values(inner)
		}
	}
	return n
}

// BenchmarkHugeAnswer shows what the largest answers cost at their worst moment.
func BenchmarkHugeAnswer(b *testing.B) {
	for name, body := range hugeAnswers(7 << 20) {
		b.Run(name, func(b *testing.B) {
			c := serveHuge(b, body)
			most := uint64(0)
			for b.Loop() {
				most = max(most, peak(100, func() { _, _ = c.Services(b.Context(), testAuth) }))
			}
			b.ReportMetric(float64(most)/(1<<20), "peak-MB")
			b.ReportMetric(float64(most)/float64(len(body)), "peak/byte")
		})
	}
}
