// Package prometheus holds the alert rules and the dashboard to the metrics that the bot has.
// It is a module of its own: only this needs the parser of Prometheus.
package prometheus

import (
	"encoding/json"
	"log/slog"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/prometheus/common/model"
	"github.com/prometheus/prometheus/model/rulefmt"
	"github.com/prometheus/prometheus/promql/parser"
)

// metric is what is known of one of the bot's metrics.
type metric struct {
	kind   string
	labels []string
}

// metrics reads the list of the bot's own metrics, which a test of the bot holds.
func metrics(t *testing.T) map[string]metric {
	t.Helper()
	known := map[string]metric{}
	for line := range strings.Lines(read(t, "metrics.txt")) {
		words := strings.Fields(line)
		m := metric{words[1], append(words[2:], "job", "instance")}
		if m.kind != "histogram" {
			known[words[0]] = m
			continue
		}
		for _, end := range []string{"_sum", "_count"} {
			known[words[0]+end] = m
		}
		m.labels = append(m.labels, "le")
		known[words[0]+"_bucket"] = m
	}
	if len(known) < 20 {
		t.Fatalf("only %d metrics are known", len(known))
	}
	return known
}

// check returns what is wrong with an expression: it cannot be read, or names what the bot
// does not have.
func check(known map[string]metric, text string) (faults []string) {
	expr, err := parser.NewParser(parser.Options{}).ParseExpr(text)
	if err != nil {
		return []string{err.Error()}
	}
	parser.Inspect(expr, func(node parser.Node, _ []parser.Node) error {
		switch n := node.(type) {
		case *parser.VectorSelector:
			m, ok := known[n.Name]
			if !ok && !regexp.MustCompile(`^(up|go_[a-z_]+|process_[a-z_]+)$`).MatchString(n.Name) {
				faults = append(faults, "there is no metric "+n.Name)
			}
			for _, match := range n.LabelMatchers {
				if ok && match.Name != model.MetricNameLabel && !slices.Contains(m.labels, match.Name) {
					faults = append(faults, n.Name+" has no label "+match.Name)
				}
			}
		case *parser.Call:
			if n.Func.Name == "rate" || n.Func.Name == "increase" {
				if s, ok := n.Args[0].(*parser.MatrixSelector); ok {
					name := s.VectorSelector.(*parser.VectorSelector).Name
					if known[name].kind == "gauge" {
						faults = append(faults, n.Func.Name+" of "+name+", which is a gauge")
					}
				}
			}
		}
		return nil
	})
	// What is grouped by must be a label of something in the expression.
	parser.Inspect(expr, func(node parser.Node, _ []parser.Node) error {
		a, ok := node.(*parser.AggregateExpr)
		if !ok {
			return nil
		}
		for _, label := range a.Grouping {
			found := false
			parser.Inspect(a.Expr, func(node parser.Node, _ []parser.Node) error {
				if s, ok := node.(*parser.VectorSelector); ok && slices.Contains(known[s.Name].labels, label) {
					found = true
				}
				return nil
			})
			if !found {
				faults = append(faults, "grouped by "+label+", which nothing has")
			}
		}
		return nil
	})
	return faults
}

// TestCheckSees: what is wrong is seen.
func TestCheckSees(t *testing.T) {
	known := metrics(t)
	for _, text := range []string{
		`sum(`, `zomrobot_purchases_opend > 1`, `zomrobot_purchases_open{status="unknown"}`,
		`rate(zomrobot_outbox_posts[5m])`, `sum by (state) (zomrobot_outbox_posts)`, `zomrobot_turn_duration_seconds`,
	} {
		if len(check(known, text)) == 0 {
			t.Errorf("nothing is wrong with %s", text)
		}
	}
}

// TestAlerts: Prometheus can read the rules, they name what the bot has, and docs/operating.md
// has a section of the name of each, which says what to do.
func TestAlerts(t *testing.T) {
	known := metrics(t)
	rules, errs := rulefmt.Parse([]byte(read(t, "alerts.yml")), false, model.UTF8Validation, parser.NewParser(parser.Options{}), slog.New(slog.DiscardHandler))
	for _, err := range errs {
		t.Error(err)
	}
	_, section, _ := strings.Cut(read(t, "../../docs/operating.md"), "\n## Alerts\n")
	section, _, _ = strings.Cut(section, "\n## ")
	var told, named []string
	for _, m := range regexp.MustCompile(`(?m)^### (.+)\n\n(.+)$`).FindAllStringSubmatch(section, -1) {
		told = append(told, m[1])
	}
	for _, group := range rules.Groups {
		for _, rule := range group.Rules {
			named = append(named, rule.Alert)
			for _, fault := range check(known, rule.Expr) {
				t.Errorf("%s: %s", rule.Alert, fault)
			}
			if want := "docs/operating.md#" + strings.ToLower(rule.Alert); rule.Annotations["runbook_url"] != want {
				t.Errorf("%s points to %q, want %q", rule.Alert, rule.Annotations["runbook_url"], want)
			}
			for _, annotation := range []string{"summary", "description"} {
				if rule.Annotations[annotation] == "" {
					t.Errorf("%s has no %s", rule.Alert, annotation)
				}
			}
			if s := rule.Labels["severity"]; s != "critical" && s != "warning" {
				t.Errorf("%s has the severity %q", rule.Alert, s)
			}
		}
	}
	if !slices.Equal(told, named) || len(named) < 8 {
		t.Errorf("there are the alerts\n%q\nand the sections\n%q", named, told)
	}
}

// variables are those that Grafana puts in.
var variables = strings.NewReplacer("$__rate_interval", "5m", "$instance", ".*")

// TestDashboard: each panel asks for what the bot has, and each metric is in one.
func TestDashboard(t *testing.T) {
	known := metrics(t)
	var dashboard struct {
		Title  string `json:"title"`
		UID    string `json:"uid"`
		Panels []struct {
			ID      int    `json:"id"`
			Title   string `json:"title"`
			Type    string `json:"type"`
			Targets []struct {
				Expr string `json:"expr"`
			} `json:"targets"`
		} `json:"panels"`
	}
	text := read(t, "../grafana/zomrobot.json")
	if err := json.Unmarshal([]byte(text), &dashboard); err != nil {
		t.Fatal(err)
	}
	if dashboard.UID == "" || dashboard.Title == "" {
		t.Error("it has no name")
	}
	ids := map[int]bool{}
	for _, panel := range dashboard.Panels {
		if ids[panel.ID] {
			t.Errorf("two panels have the id %d", panel.ID)
		}
		ids[panel.ID] = true
		if len(panel.Targets) == 0 && panel.Type != "row" {
			t.Errorf("%s is empty", panel.Title)
		}
		for _, target := range panel.Targets {
			for _, fault := range check(known, variables.Replace(target.Expr)) {
				t.Errorf("%s: %s", panel.Title, fault)
			}
		}
	}
	for line := range strings.Lines(read(t, "metrics.txt")) {
		name := strings.Fields(line)[0]
		if !strings.Contains(text, name) && name != "zomrobot_telegram_deaf" { // the alert and the dashboard look at when it was heard
			t.Errorf("the dashboard does not show %s", name)
		}
	}
}

func read(t *testing.T, path string) string {
	t.Helper()
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}
