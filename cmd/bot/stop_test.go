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
