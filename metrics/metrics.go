// Package metrics counts what the bot does, for Prometheus.
//
// The rooms tell it: each has an observer of its own, and none of them knows Prometheus.
// How the bot is at the moment it asks when it is asked itself. No label holds anything of
// a person: all of them are names that the program has, of states, functions and the like.
package metrics

import (
	"context"
	"log/slog"
	"net/http"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"
	"github.com/prometheus/client_golang/prometheus/promhttp"

	"zomrobot/engine"
	"zomrobot/purchase"
	"zomrobot/storage"
	"zomrobot/telegram"
	"zomrobot/zomro"
)

const namespace = "zomrobot"

// Upper bounds of what is counted by its time, in seconds.
var (
	quick = []float64{.0005, .001, .0025, .005, .01, .025, .05, .1, .25, .5, 1, 2.5, 5, 10}
	slow  = []float64{.05, .1, .25, .5, 1, 2.5, 5, 10, 20, 30, 60, 90}
)

// Metrics are the numbers of one bot. It is safe for concurrent use.
type Metrics struct {
	registry *prometheus.Registry

	opened prometheus.Counter
	ended  *prometheus.CounterVec
	turns  *prometheus.HistogramVec

	vendorCalls *prometheus.CounterVec
	vendorTime  *prometheus.HistogramVec

	chatCalls *prometheus.CounterVec
	chatTime  *prometheus.HistogramVec
	chatWaits prometheus.Counter

	commits   prometheus.Histogram
	syncs     prometheus.Histogram
	functions prometheus.Counter
	failures  prometheus.Counter
	retries   prometheus.Counter

	active prometheus.Gauge
}

// New returns metrics in which nothing was counted. version is the bot's.
func New(version string) *Metrics {
	m := &Metrics{registry: prometheus.NewRegistry()}
	m.opened = counter("purchases", "opened_total", "Purchases that were opened.")
	m.ended = counters("purchases", "ended_total", "Purchases that came to their end, by outcome.", "outcome")
	for _, state := range purchase.States() {
		if state.Ended() {
			m.ended.WithLabelValues(string(state)) // it is there before there is one
		}
	}
	m.turns = histograms("turn", "duration_seconds", "Time of the parts of turns. commit comes once for each turn, send once for each thing that follows from one.", quick, "part")
	for _, part := range []engine.Part{engine.PartWait, engine.PartRead, engine.PartDecide, engine.PartCommit, engine.PartSend} {
		m.turns.WithLabelValues(string(part))
	}
	m.vendorCalls = counters("vendor", "calls_total", "Attempts of calls to Zomro, by function and what they came to.", "func", "kind")
	m.vendorTime = histograms("vendor", "call_duration_seconds", "Time of an attempt of a call to Zomro, by function.", slow, "func")
	m.chatCalls = counters("telegram", "calls_total", "Calls to Telegram, by method and what they came to.", "method", "result")
	m.chatTime = histograms("telegram", "call_duration_seconds", "Time of a call to Telegram, by method. getUpdates waits for updates.", slow, "method")
	m.chatWaits = counter("telegram", "wait_seconds_total", "Time for which calls were put off because Telegram limits them.")
	m.commits = histogram("store", "commit_duration_seconds", "Time of a transaction in which something was written, with the functions that share it.", quick)
	m.syncs = histogram("store", "sync_duration_seconds", "Time of a transaction that is the engine's and its disk's.", quick)
	m.functions = counter("store", "commit_functions_total", "Functions that shared those transactions.")
	m.failures = counter("store", "commit_failures_total", "Transactions that failed at the commit.")
	m.retries = counter("store", "retries_total", "Requests to the cluster of the store that were made once more, as they were not answered; also while another bot is active.")
	m.active = prometheus.NewGauge(prometheus.GaugeOpts{
		Namespace: namespace, Name: "active", Help: "1 for the bot that works, 0 for one that waits to take over from another.",
	})
	build := prometheus.NewGauge(prometheus.GaugeOpts{
		Namespace: namespace, Name: "build_info", Help: "1, with the version of the bot.", ConstLabels: prometheus.Labels{"version": version},
	})
	build.Set(1)
	m.registry.MustRegister(
		m.opened, m.ended, m.turns, m.vendorCalls, m.vendorTime, m.chatCalls, m.chatTime, m.chatWaits,
		m.commits, m.syncs, m.functions, m.failures, m.retries, m.active, build,
		collectors.NewGoCollector(), collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}),
	)
	return m
}

func counter(subsystem, name, help string) prometheus.Counter {
	return prometheus.NewCounter(prometheus.CounterOpts{Namespace: namespace, Subsystem: subsystem, Name: name, Help: help})
}

func counters(subsystem, name, help string, labels ...string) *prometheus.CounterVec {
	return prometheus.NewCounterVec(prometheus.CounterOpts{Namespace: namespace, Subsystem: subsystem, Name: name, Help: help}, labels)
}

func histogram(subsystem, name, help string, buckets []float64) prometheus.Histogram {
	return prometheus.NewHistogram(prometheus.HistogramOpts{Namespace: namespace, Subsystem: subsystem, Name: name, Help: help, Buckets: buckets})
}

func histograms(subsystem, name, help string, buckets []float64, labels ...string) *prometheus.HistogramVec {
	return prometheus.NewHistogramVec(prometheus.HistogramOpts{Namespace: namespace, Subsystem: subsystem, Name: name, Help: help, Buckets: buckets}, labels)
}

// Engine returns the observer of the engine.
func (m *Metrics) Engine() engine.Observer {
	return engine.Observer{
		Spent: func(part engine.Part, took time.Duration) {
			m.turns.WithLabelValues(string(part)).Observe(took.Seconds())
		},
		Opened: m.opened.Inc,
		Ended:  func(outcome purchase.State) { m.ended.WithLabelValues(string(outcome)).Inc() },
	}
}

// Vendor is the observer of the vendor's client.
func (m *Metrics) Vendor(x zomro.Exchange) {
	m.vendorCalls.WithLabelValues(x.Func, string(x.Kind)).Inc()
	m.vendorTime.WithLabelValues(x.Func).Observe(x.Took.Seconds())
}

// Telegram returns the observer of the edge to Telegram.
func (m *Metrics) Telegram() telegram.Observer {
	return telegram.Observer{
		Called: func(method string, result telegram.Result, took time.Duration) {
			m.chatCalls.WithLabelValues(method, string(result)).Inc()
			m.chatTime.WithLabelValues(method).Observe(took.Seconds())
		},
		Waited: func(d time.Duration) { m.chatWaits.Add(d.Seconds()) },
	}
}

// Commit is the observer of the store.
func (m *Metrics) Commit(c storage.Commit) {
	m.commits.Observe(c.Took.Seconds())
	m.syncs.Observe((c.Took - c.Ran).Seconds())
	m.functions.Add(float64(c.Functions))
	if c.Err != nil {
		m.failures.Inc()
	}
}

// Retried is the observer of the cluster of the store.
func (m *Metrics) Retried() { m.retries.Inc() }

// Watch has the metrics tell, whenever they are asked for, how the bot is, which is the
// active one from now on. It may be called once.
func (m *Metrics) Watch(health func(context.Context) (engine.Health, error)) {
	m.active.Set(1)
	m.registry.MustRegister(watch(health))
}

// Handler serves the metrics. What cannot be gathered is left out, and logged.
func (m *Metrics) Handler(log *slog.Logger) http.Handler {
	return promhttp.HandlerFor(m.registry, promhttp.HandlerOpts{
		ErrorLog: slog.NewLogLogger(log.Handler(), slog.LevelWarn), ErrorHandling: promhttp.ContinueOnError,
	})
}
