package zomro

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

const serviceAnswer = `{"doc":{"p_elems":{"$":"3"},"p_cnt":{"$":"500"},"p_num":{"$":"1"},"elem":[
	{"id":{"$":"5116804"},"name":{"$":"vm-1"},"servername":{"$":"MyServer-1"},"instance_status":{"$":" Creating "},
	 "item_status":{"$orig":"5_open","$":"Activation in progress"},"status":{"$":"1"},"pricelist":{"$":"Cloud Essential | NL-2"},
	 "cost":{"$":"0.13 EUR / Day"},"createdate":[{"$":"2026-10-04"},{"$":"2026-10-04"}],
	 "datacenter":{"$":"13"},"datacentername":{"$":"Netherlands-2 [Cloud]"},"instances_os":{"$":"Ubuntu 20.04"},
	 "ip":{"$":"203.0.113.7"},"ip_v6":{"$":"2001:db8::7"}},
	{"id":{"$":"5116805"},"name":{"$":"vm-2"},"item_real_status":{"$":"2"},"status":{"$":"5"},"datacenter":{"$":"13"},
	 "os_distro":{"$":"debian"},"os_version":{"$":"12"}},
	{"id":{"$":"5116806"},"status":{"$":"4"}}]}}`

func TestServices(t *testing.T) {
	v, c := newVendor(t, ok(serviceAnswer))
	got, err := c.Services(t.Context(), testAuth)
	if err != nil {
		t.Fatal(err)
	}
	want := []Service{
		{
			ID: "5116804", Name: "MyServer-1", ServerName: "MyServer-1", Plan: "Cloud Essential | NL-2",
			Datacenter: "Netherlands-2 [Cloud]", Image: "Ubuntu 20.04", Status: StatusOpening,
			StatusText: "Activation in progress", Code: "5_open", PowerState: "creating",
			IPv4: "203.0.113.7", IPv6: "2001:db8::7", Cost: "0.13 EUR / Day",
			Created: time.Date(2026, 10, 4, 0, 0, 0, 0, time.UTC),
		},
		{ID: "5116805", Name: "vm-2", Datacenter: "13", Image: "debian 12", Status: StatusActive, Code: "2"},
		{ID: "5116806", Status: StatusDeleted, Code: "4"},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	sent := []field{
		{"func", "instances"},
		{"auth", testSession},
		{"out", "json"},
		{"lang", "en"},
		{"p_cnt", "500"},
		{"p_num", "1"},
		{"p_col", "+id"},
	}
	if diff := cmp.Diff([][]field{sent}, v.seen(), cmp.AllowUnexported(field{})); diff != "" {
		t.Error(diff)
	}
}

// TestTraffic: blanks stand between thousands, and what is no number is as if it was not told.
func TestTraffic(t *testing.T) {
	for text, want := range map[string]int64{
		`{"$":"1 073 741 824"}`: 1 << 30, `"12345678901234"`: 12_345_678_901_234, `1000`: 1000, `{"$":"1\u00a0000"}`: 1000,
		`{"$":"0"}`: 0, `{"$":"-"}`: 0, `{"$":""}`: 0, `{"$":" "}`: 0, `{"$":"-5"}`: 0, `{"$":"1.5"}`: 0, `{"$":"1 GB"}`: 0,
		`{"$":"99999999999999999999"}`: 0, `null`: 0, `[{"$":"1"},{"$":"2"}]`: 0,
	} {
		_, c := newVendor(t, ok(`{"doc":{"p_elems":"1","elem":{"id":"1","used_traffic":`+text+`,"paid_traffic":{"$":"7"}}}}`))
		got, err := c.Services(t.Context(), testAuth)
		if err != nil || got[0].UsedTraffic != want || got[0].PaidTraffic != 7 {
			t.Errorf("%s is read as %d of %d, want %d of 7: %v", text, got[0].UsedTraffic, got[0].PaidTraffic, want, err)
		}
	}
}

func TestStatusOf(t *testing.T) {
	for code, want := range map[string]Status{
		"1": StatusOrdered, "2": StatusActive, "3": StatusSuspended, "3_autosuspend": StatusSuspended,
		"3_abusesuspend": StatusSuspended, "4": StatusDeleted, "5_open": StatusOpening, "5": StatusBusy,
		"5_close": StatusBusy, "5_transfer": StatusBusy, "0": StatusOther, "2_start": StatusOther, "": StatusOther,
		"22": StatusOther, "51": StatusOther,
	} {
		if got := statusOf(code, "text"); got != want {
			t.Errorf("%q: got %s, want %s", code, got, want)
		}
	}
	if got := statusOf("5", "Activation in progress"); got != StatusOpening {
		t.Errorf("got %s", got)
	}
}

// servicePage is a page of services with the ids from first to last.
func servicePage(frame string, first, last int) answer {
	var rows []string
	for id := first; id <= last; id++ {
		rows = append(rows, fmt.Sprintf(`{"id":{"$":"%d"},"status":{"$":"2"}}`, id))
	}
	return ok(`{"doc":{` + frame + `"elem":[` + strings.Join(rows, ",") + `]}}`)
}

func TestServicesOfAllPages(t *testing.T) {
	counted := `"p_elems":{"$":"5"},`
	for name, test := range map[string]struct {
		answers  []answer
		services int // -1: unreadable
		requests int
	}{
		"counted":               {[]answer{servicePage(counted, 1, 2), servicePage(counted, 3, 4), servicePage(counted, 5, 5)}, 5, 3},
		"overlapping":           {[]answer{servicePage(counted, 1, 3), servicePage(counted, 3, 5)}, 5, 2},
		"not counted":           {[]answer{servicePage("", 1, 2), servicePage("", 3, 3), ok(`{"doc":{"$func":"instances"}}`)}, 3, 3},
		"page number ignored":   {[]answer{servicePage("", 1, 2)}, 2, 2},
		"fewer than counted":    {[]answer{servicePage(counted, 1, 2)}, -1, 2},
		"none":                  {[]answer{ok(`{"doc":{"p_elems":{"$":"0"}}}`)}, 0, 1},
		"none, by its name":     {[]answer{ok(`{"doc":{"$func":"instances"}}`)}, 0, 1},
		"none although some":    {[]answer{ok(`{"doc":{"p_elems":{"$":"2"}}}`)}, -1, 1},
		"no list":               {[]answer{ok(`{"doc":{}}`)}, -1, 1},
		"another function":      {[]answer{ok(`{"doc":{"$func":"logon"}}`)}, -1, 1},
		"row without an id":     {[]answer{ok(`{"doc":{"elem":[{"name":{"$":"x"}}]}}`)}, -1, 1},
		"one as an object":      {[]answer{ok(`{"doc":{"p_elems":{"$":"1"},"elem":{"id":"1"}}}`)}, 1, 1},
		"in a list":             {[]answer{ok(`{"doc":{"p_elems":"1","list":[{"$name":"instances","elem":[{"id":"1"}]}]}}`)}, 1, 1},
		"count without a sense": {[]answer{ok(`{"doc":{"p_elems":"-3","elem":{"id":"1"}}}`)}, 1, 2},
	} {
		v, c := newVendor(t, test.answers...)
		got, err := c.Services(t.Context(), testAuth)
		if test.services < 0 {
			if KindOf(err) != Unreadable {
				t.Errorf("%s: got %v, %v", name, got, err)
			}
		} else if err != nil || len(got) != test.services {
			t.Errorf("%s: got %d services, %v", name, len(got), err)
		}
		if n := len(v.seen()); n != test.requests {
			t.Errorf("%s: %d requests, want %d", name, n, test.requests)
		}
	}
}

func TestEndlessServices(t *testing.T) {
	var answers []answer
	for i := range maxPages + 1 {
		answers = append(answers, servicePage("", i, i))
	}
	v, c := newVendor(t, answers...)
	if _, err := c.Services(t.Context(), testAuth); KindOf(err) != Unreadable || len(v.seen()) != maxPages {
		t.Errorf("got %v after %d requests", err, len(v.seen()))
	}
}

func TestServiceRowsOfAnotherHost(t *testing.T) {
	_, c := newVendor(t, ok(string(sample(t, "generic_billmanager6_service_list_rows.json"))))
	got, err := c.Services(t.Context(), testAuth)
	if err != nil {
		t.Fatal(err)
	}
	var states []Status
	for _, service := range got {
		states = append(states, service.Status)
	}
	if diff := cmp.Diff([]Status{StatusActive, StatusActive, StatusDeleted}, states); diff != "" {
		t.Error(diff)
	}
}

func FuzzServices(f *testing.F) {
	f.Add(serviceAnswer)
	f.Add(`{"doc":{"p_elems":0}}`)
	f.Add(`{"doc":{"elem":[[],null,{"id":[1,2]}]}}`)
	f.Fuzz(func(t *testing.T, body string) {
		doc, err := parseDocument([]byte(body))
		if err != nil {
			return
		}
		services, _, err := parseServices(doc)
		if err != nil {
			return
		}
		if _, err := json.Marshal(services); err != nil {
			t.Error(err)
		}
		for _, service := range services {
			if service.ID == "" || service.Status == "" {
				t.Errorf("service %+v", service)
			}
		}
	})
}

// TestAddress: what is no address is none.
func TestAddress(t *testing.T) {
	for text, want := range map[string]string{
		"203.0.113.2": "203.0.113.2", "-": "", "": "", "0.0.0.0": "", "::": "", "2001:db8::1/64": "2001:db8::1",
		"203.0.113.2, 203.0.113.3": "203.0.113.2", "203.0.113.2\n203.0.113.3": "203.0.113.2", "soon": "",
	} {
		if got := address(text); got != want {
			t.Errorf("%q: %q, want %q", text, got, want)
		}
	}
}
