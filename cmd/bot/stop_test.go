package main

import (
	"strings"
	"testing"

	"zomrobot/zomro/sandbox"
)

// TestStopInAPayment: a stop as asked is one, exit code 0, also when a payment outlasts it: the
// log says so, and the next start finds out that it was paid.
func TestStopInAPayment(t *testing.T) {
	t.Parallel()
	p := newProcess(t)
	p.vendor.AddKey(vendorLogin, "laptop", demoKey)
	p.start()
	p.connect(anna)
	paying := p.vendor.Inject(sandbox.Fault{Kind: sandbox.Late, Func: "cartorder.create.confirm"})
	p.say(anna, shortOrder)
	p.tap(anna, shortPay)
	<-paying.Hit()
	p.stop()
	if log := p.logs.String(); !strings.Contains(log, "level=WARN msg=\"calls were still under way") || !strings.Contains(log, "msg=stopped") {
		t.Error("the log does not tell how it was stopped")
	}
	paying.Release()
	p.start()
	p.await(anna, "The server is active")
	if n := len(p.vendor.Orders(vendorLogin)); n != 1 {
		t.Errorf("%d orders were paid, want 1", n)
	}
	p.stop()
}

// TestStopOfABusyBot: a stop as asked is no fault, whatever the bot does: turns, messages on their
// way, purchases that are looked after and answers of the vendor that are waited for. Nothing of it
// is a warning or an error, and nothing is lost.
func TestStopOfABusyBot(t *testing.T) {
	t.Parallel()
	p := newProcess(t)
	p.env = append(p.env, "STORAGE_URL="+siteOf(t).url(p.store, leaseOfOthers))
	p.vendor.AddKey(vendorLogin, "laptop", demoKey)
	p.start()
	p.connect(anna)
	p.say(anna, shortOrder)
	p.tap(anna, shortPay)
	crowd := p.newTappers(2)
	p.connect(boris)
	held := p.vendor.Inject(sandbox.Fault{Kind: sandbox.Hold, Func: "dashboard.info", Times: -1}) // asked for by Boris and the purchase
	p.say(boris, "/balance")
	<-held.Hit()
	for range 5 {
		<-crowd.tapped
	}
	p.stop()
	held.Remove()
	held.Release()
	p.start()
	if err := crowd.stop(); err != nil {
		t.Error(err)
	}
	p.polled()
	p.stop()
	for line := range strings.Lines(p.logs.String()) {
		if strings.Contains(line, "level=WARN") || strings.Contains(line, "level=ERROR") {
			t.Errorf("at a stop as asked the log says: %s", line)
		}
	}
}
