package metrics

import (
	"context"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"zomrobot/engine"
	"zomrobot/purchase"
)

// askFor is how long the store may take to tell how the bot is.
const askFor = 5 * time.Second

// watch is a collector of how the bot is.
type watch func(context.Context) (engine.Health, error)

func desc(name, help string, labels ...string) *prometheus.Desc {
	return prometheus.NewDesc(prometheus.BuildFQName(namespace, "", name), help, labels, nil)
}

var (
	descOpen    = desc("purchases_open", "Purchases that are still looked after, by state. unknown: it is not known whether something was bought.", "state")
	descHeld    = desc("purchases_held", "Purchases that may not go on now, by what holds them up.", "by")
	descDamaged = desc("purchases_damaged", "Those of them that cannot be read.")
	descUnknown = desc("purchases_unknown_oldest_age_seconds", "How long the oldest purchase in state unknown is in it; 0: there is none.")
	descAsked   = desc("purchases_asked", "Purchases that wait for a person's answer, by what they ask.", "question")
	descWaiting = desc("purchases_asked_oldest_age_seconds", "How long the oldest of them waits.", "question")
	descStopped = desc("purchases_stopped", "1: an owner has stopped all purchases.")
	descOutbox  = desc("outbox_posts", "What is on its way out: messages, and what is asked of the vendor.")
	descOldest  = desc("outbox_oldest_age_seconds", "How long the oldest of it is on its way; 0: nothing is.")
	descUnsaid  = desc("unsaid_dialogues", "Dialogues for which something is kept that Telegram did not take.")
	descHeard   = desc("telegram_heard_timestamp_seconds", "When a poll or the webhook last worked, or the bot was started.")
	descDeaf    = desc("telegram_deaf", "1: nothing was heard from Telegram for a minute.")
	descVendor  = desc("vendor_answered_timestamp_seconds", "When Zomro last answered; 0: not since the start.")
	descSize    = desc("store_size_bytes", "Size of the store.")
	descFree    = desc("store_free_bytes", "Free space on the disk of the store, or of the quota of its cluster.")
)

// Describe is of [prometheus.Collector].
func (w watch) Describe(to chan<- *prometheus.Desc) {
	for _, d := range []*prometheus.Desc{
		descOpen, descHeld, descDamaged, descUnknown, descAsked, descWaiting, descStopped, descOutbox, descOldest, descUnsaid,
		descHeard, descDeaf, descVendor, descSize, descFree,
	} {
		to <- d
	}
}

// Collect is of [prometheus.Collector].
func (w watch) Collect(to chan<- prometheus.Metric) {
	ctx, cancel := context.WithTimeout(context.Background(), askFor)
	defer cancel()
	h, err := w(ctx)
	if err != nil {
		to <- prometheus.NewInvalidMetric(descOpen, err)
		return
	}
	gauge := func(d *prometheus.Desc, value float64, labels ...string) {
		to <- prometheus.MustNewConstMetric(d, prometheus.GaugeValue, value, labels...)
	}
	for _, state := range purchase.States() {
		gauge(descOpen, float64(h.Open[state]), string(state))
	}
	for by, n := range h.Held {
		gauge(descHeld, float64(n), string(by))
	}
	for question, asked := range h.Asked {
		gauge(descAsked, float64(asked.Count), string(question))
		gauge(descWaiting, age(h.At, asked.Since), string(question))
	}
	gauge(descDamaged, float64(h.Damaged))
	gauge(descUnknown, age(h.At, h.UnknownSince))
	gauge(descStopped, truth(h.Stopped))
	gauge(descOutbox, float64(h.Outbox))
	gauge(descOldest, age(h.At, h.OutboxSince))
	gauge(descUnsaid, float64(h.Unsaid))
	gauge(descHeard, unix(h.Heard))
	gauge(descDeaf, truth(h.Deaf != nil))
	gauge(descVendor, unix(h.Vendor.Answered))
	if h.Size > 0 {
		gauge(descSize, float64(h.Size))
	}
	if h.RoomKnown {
		gauge(descFree, float64(h.Free))
	}
}

func age(now, since time.Time) float64 {
	if since.IsZero() {
		return 0
	}
	return max(now.Sub(since).Seconds(), 0)
}

func unix(at time.Time) float64 {
	if at.IsZero() {
		return 0
	}
	return float64(at.UnixMilli()) / 1000
}

func truth(is bool) float64 {
	if is {
		return 1
	}
	return 0
}
