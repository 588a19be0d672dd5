package main

import (
	"io"
	"maps"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/prometheus/client_golang/prometheus/testutil/promlint"
	dto "github.com/prometheus/client_model/go"
	"github.com/prometheus/common/expfmt"
	"github.com/prometheus/common/model"

	"zomrobot/zomro/sandbox"
)

// newCountedWorld is a world whose bot serves metrics.
func newCountedWorld(t *testing.T, config sandbox.Config) *world {
	t.Helper()
	return newWorldWith(t, config, func(c *Config) { c.Metrics.Addr, c.Owners = "127.0.0.1:0", []int64{boris} })
}

// scrape asks the bot for its metrics, as Prometheus does.
func (w *world) scrape() string {
	w.t.Helper()
	answer, err := http.Get("http://" + w.program.counted.listener.Addr().String() + metricsPath)
	if err != nil {
		w.t.Fatal(err)
	}
	defer func() { _ = answer.Body.Close() }()
	text, err := io.ReadAll(answer.Body)
	if err != nil || answer.StatusCode != http.StatusOK {
		w.t.Fatalf("%s, %v:\n%s", answer.Status, err, text)
	}
	return string(text)
}

// families reads what was scraped.
func families(t *testing.T, text string) map[string]*dto.MetricFamily {
	t.Helper()
	parser := expfmt.NewTextParser(model.UTF8Validation)
	read, err := parser.TextToMetricFamilies(strings.NewReader(text))
	if err != nil {
		t.Fatal(err)
	}
	return read
}

// wantSeries fails unless each series is there with its value.
func wantSeries(t *testing.T, text string, series ...string) {
	t.Helper()
	for _, one := range series {
		if !slices.Contains(strings.Split(text, "\n"), one) {
			name, _, _ := strings.Cut(one, "{")
			t.Errorf("%q is not there:\n%s", one, strings.Join(regexp.MustCompile(`(?m)^`+strings.Fields(name)[0]+`.*$`).FindAllString(text, -1), "\n"))
		}
	}
}

// metricNames are the bot's own metrics with their labels: the dashboard and the alerts use
// no others.
const metricNames = "deploy/prometheus/metrics.txt"

// TestMetrics: what happens is counted, by names and in units as Prometheus has them, and
// no label holds anything of a person.
func TestMetrics(t *testing.T) {
	t.Parallel()
	fileOnly(t)
	w := newCountedWorld(t, sandbox.Config{ActivationDelay: time.Minute})
	w.buy(anna, "")
	w.pass(2 * time.Minute)
	w.wantSaid(anna, "The server is active")
	wantSeries(t, w.scrape(),
		`zomrobot_purchases_opened_total 1`,
		`zomrobot_purchases_ended_total{outcome="active"} 1`,
		`zomrobot_purchases_ended_total{outcome="cancelled"} 0`,
		`zomrobot_purchases_open{state="unknown"} 0`,
		`zomrobot_purchases_unknown_oldest_age_seconds 0`,
		`zomrobot_purchases_stopped 0`,
		`zomrobot_vendor_calls_total{func="cartorder.create.confirm",kind="answered"} 1`,
		`zomrobot_outbox_posts 0`,
		`zomrobot_telegram_deaf 0`,
	)

	// The answer to a payment is lost, and nothing tells what became of it.
	w.vendor.Inject(sandbox.Fault{Kind: sandbox.Drop, Func: "cartorder.create.confirm"})
	w.vendor.Inject(sandbox.Fault{Kind: sandbox.HTML, Func: "dashboard.info", Nth: 3, Times: -1})
	w.say(boris, "/stop_purchases")
	w.say(anna, strings.Replace(shortOrder, "web-1", "web-2", 1))
	w.say(anna, "/confirm")
	text := w.scrape()
	wantSeries(t, text, `zomrobot_purchases_stopped 1`, `zomrobot_purchases_held{by="owner"} 1`)
	names := metricsOf(t, text)
	w.say(boris, "/allow_purchases")
	w.pass(20 * time.Minute)
	text = w.scrape()
	wantSeries(t, text,
		`zomrobot_purchases_open{state="unknown"} 1`,
		`zomrobot_purchases_unknown_oldest_age_seconds 1200`,
		`zomrobot_purchases_stopped 0`,
		`zomrobot_vendor_calls_total{func="cartorder.create.confirm",kind="unknown"} 1`,
	)
	if faults, err := promlint.New(strings.NewReader(text)).Lint(); err != nil || len(faults) > 0 {
		t.Errorf("%v, %v", faults, err)
	}

	for range 20 { // the person is asked once the bot has looked often enough
		w.pass(time.Minute)
	}
	text = w.scrape()
	wantSeries(t, text, `zomrobot_purchases_asked{question="unknown"} 1`)

	names = slices.Compact(slices.Sorted(slices.Values(append(names, metricsOf(t, text)...))))
	holdMetricNames(t, strings.Join(names, "\n")+"\n")

	secrets := append([]string{vendorLogin, vendorPassword, worldToken, strings.Split(worldToken, ":")[1], "web-1", "web-2", "laptop", "AAA-"}, tokens(w.vendor)...)
	for i, secret := range secrets {
		if strings.Contains(text, secret) {
			t.Errorf("the metrics hold secret %d", i)
		}
	}
}

// TestQuestionsAreCounted: a purchase that waits for an answer is counted by what it asks, since
// it has asked, in the metrics and for an owner, and is not once it was given up.
func TestQuestionsAreCounted(t *testing.T) {
	t.Parallel()
	fileOnly(t)
	w := newCountedWorld(t, sandbox.Config{})
	w.vendor.SetBalance(vendorLogin, eurs("1"))
	w.buy(anna, "")
	w.pass(7 * time.Hour)
	wantSeries(t, w.scrape(), `zomrobot_purchases_asked{question="funds"} 1`, `zomrobot_purchases_asked_oldest_age_seconds{question="funds"} 25200`)
	w.say(boris, "/health")
	w.wantSaid(boris, "Ждут ответа: 1, самая давняя — 7 ч")
	w.pass(18 * time.Hour)
	if text := w.scrape(); strings.Contains(text, "\nzomrobot_purchases_asked") {
		t.Errorf("what was given up is counted:\n%s", text)
	}
}

// metricsOf are the bot's own metrics with their kinds and labels. It fails where a label
// says what it may not.
func metricsOf(t *testing.T, text string) []string {
	t.Helper()
	labels := map[string]string{ // by label, its form
		"state": `[a-z_]+`, "outcome": `[a-z]+`, "by": `[a-z]+`, "question": `[a-z]+`, "func": `[a-z0-9_.]+`, "kind": `[a-z]+`,
		"method": `[a-z][A-Za-z]+`, "result": `[a-z_]+`, "part": `[a-z]+`, "version": `.+`,
	}
	var names []string
	for name, family := range families(t, text) {
		if !strings.HasPrefix(name, "zomrobot_") {
			continue
		}
		used := map[string]bool{}
		for _, metric := range family.GetMetric() {
			for _, pair := range metric.GetLabel() {
				used[pair.GetName()] = true
				form := labels[pair.GetName()]
				if form == "" || !regexp.MustCompile(`^`+form+`$`).MatchString(pair.GetValue()) {
					t.Errorf("%s has the label %s=%q", name, pair.GetName(), pair.GetValue())
				}
			}
			if n := len(family.GetMetric()); n > 100 {
				t.Errorf("%s has %d series", name, n)
			}
		}
		line := name + " " + strings.ToLower(family.GetType().String())
		for _, label := range slices.Sorted(maps.Keys(used)) {
			line += " " + label
		}
		names = append(names, line)
	}
	return names
}

// holdMetricNames holds the list of the metrics in its file; -rewrite renews it.
func holdMetricNames(t *testing.T, names string) {
	t.Helper()
	if rewriting() {
		if err := os.WriteFile(filepath.Join("..", "..", metricNames), []byte(names), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	if held := readRoot(t, metricNames); held != names {
		t.Errorf("%s does not hold the metrics that there are; renew it with -rewrite.\n%s", metricNames, firstDifference(held, names))
	}
}

// TestNoMetrics: they are off unless asked for, and the address for health does not serve
// them.
func TestNoMetrics(t *testing.T) {
	t.Parallel()
	w := newWorldWith(t, sandbox.Config{}, func(c *Config) { c.HTTP.Addr = "127.0.0.1:0" })
	if w.program.counted != nil {
		t.Error("somebody counts")
	}
	answer, err := http.Get("http://" + w.program.listener.Addr().String() + metricsPath)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = answer.Body.Close() }()
	if answer.StatusCode != http.StatusNotFound {
		t.Errorf("metrics where health is served: %s", answer.Status)
	}
}
