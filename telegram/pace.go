package telegram

import (
	"math"
	"slices"
	"time"
)

// What Telegram writes of its limits: about one message a second in a chat with
// short bursts, 20 a minute in a group, 30 a second in all. Its numbers are not
// published, so none is kept to before a call was refused; from then on this one says
// what is likely. It is a little longer: clocks and networks hesitate.
const (
	chatEvery = 1050 * time.Millisecond

	slowest = 16          // times that, however often calls are refused
	slack   = 0.25        // of a call: what a burst may have won back while it went on
	lately  = time.Minute // what went through before that has nothing to do with a refusal
)

// A refusal in a group is for its minute when it came after so many calls in it and
// asks for so long a pause; any other is for a burst.
const (
	minuteCalls = 10
	minutePause = 3 * time.Second
)

// How what was learned is given back: with each period one more call in a burst and
// in a minute, and with each shorter one twice the rate, up to the usual
// one: a chat must not stay slow for what was no limit of its own. After so many periods
// all is forgotten. A long pause makes the periods longer, so that looking
// whether the limit is still there costs little.
const (
	growPeriod  = 10 * time.Minute
	ratePeriod  = time.Minute
	growPauses  = 30 // periods are at least so many pauses long
	growPeriods = 20
)

// pace is how fast calls may be made in a chat. It begins without a limit; each refusal
// teaches it one, and never the same one again until it has grown back. It has no clock
// of its own.
type pace struct {
	limits
	group bool // has a minute

	until time.Time // before that Telegram wants to be left alone

	free   time.Time   // when the calls that were made count no longer towards a burst
	last   time.Time   // when the last one came back that was not refused
	recent []time.Time // with group: calls of the last minute
}

// limits are the two that a pace may have: so many calls at once and then one in each
// interval, and so many in a minute.
type limits struct {
	burst  float64       // calls at once; 0: there is no limit
	every  time.Duration // with burst: the interval after that
	minute float64       // calls in a minute; 0: there is no limit

	learned time.Time     // when the last of it was learned
	period  time.Duration // of growing back
	rate    time.Duration // the shorter one
}

// ready returns when the next call may be made: not after now when it may at once.
func (p *pace) ready(now time.Time) time.Time {
	p.forget(now)
	at := p.until
	if p.burst > 0 {
		room := (p.burst + p.grown(now) - 1) * float64(p.interval(now))
		at = later(at, p.free.Add(-time.Duration(room)))
	}
	if most := int(p.minute + p.grown(now)); p.minute > 0 && len(p.recent) >= most {
		at = later(at, p.recent[len(p.recent)-most].Add(time.Minute))
	}
	return at
}

// take notes a call that is being made. It returns how many calls counted towards a
// burst before it.
func (p *pace) take(now time.Time) (level float64) {
	level = max(0, float64(p.free.Sub(now))/float64(p.interval(now)))
	p.free = later(p.free, now).Add(p.interval(now))
	return level
}

// answered notes that a call came back. It counts from now on, for when
// Telegram saw it is not known, or not at all when it was refused.
func (p *pace) answered(began, now time.Time, refused bool) {
	switch {
	case refused:
		p.free = p.free.Add(-p.interval(began))
	default:
		p.free, p.last = p.free.Add(now.Sub(began)), now
		if p.group {
			p.recent = append(p.recent, now)
		}
	}
}

// refused learns from a call that was made at began, when level calls counted towards a
// burst, and refused: Telegram wants no other for a while.
func (p *pace) refused(began time.Time, level float64, now time.Time, pause time.Duration) {
	p.until = later(p.until, now.Add(pause))
	switch {
	case began.Before(p.learned):
		return // it was on its way when another was refused: for the same reason
	case level < slack && (!p.last.After(p.learned) || began.Sub(p.last) > lately):
		return // next to nothing had been sent: it is not for the rate
	}
	p.forget(now)
	count := float64(len(p.recent))
	if p.group && count >= minuteCalls && (level < slack || pause >= minutePause) {
		p.minute = lower(p.minute, count, count < p.minute)
	} else {
		within := p.burst > 0 && level+1 < p.burst+slack/2
		if within || level < slack {
			p.every = min(2*p.interval(now), slowest*chatEvery)
		}
		p.burst = lower(p.burst, math.Ceil(level-slack), within)
		p.free = p.until.Add(time.Duration((p.burst - 1) * float64(max(p.every, chatEvery)))) // one call, then the interval
	}
	p.learned = now
	p.period, p.rate = max(growPeriod, growPauses*pause), max(ratePeriod, growPauses*pause)
}

// lower returns a limit after a refusal that came when so many calls were seen to
// count towards it. One that came within the limit says that it is too high, any
// other that it had grown too far.
func lower(limit, seen float64, within bool) float64 {
	switch {
	case limit == 0:
		return max(seen, 1)
	case within:
		return max(min(math.Floor(limit/2), seen), 1)
	default:
		return limit
	}
}

// interval is the one of now.
func (p *pace) interval(now time.Time) time.Duration {
	every := p.every
	for since := now.Sub(p.learned); every > chatEvery && since >= p.rate; since -= p.rate {
		every /= 2
	}
	return max(every, chatEvery)
}

// grown is how many whole periods have passed since something was learned.
func (p *pace) grown(now time.Time) float64 {
	if p.period == 0 {
		return 0
	}
	return max(0, float64(now.Sub(p.learned)/p.period))
}

// forget drops what does not count any more.
func (p *pace) forget(now time.Time) {
	if p.grown(now) >= growPeriods {
		p.burst, p.every, p.minute, p.period = 0, 0, 0, 0
	}
	gone := 0
	for gone < len(p.recent) && now.Sub(p.recent[gone]) >= time.Minute {
		gone++
	}
	p.recent = slices.Delete(p.recent, 0, gone)
}

// blank reports whether a pace is the same as a new one.
func (p *pace) blank(now time.Time) bool {
	p.forget(now)
	return p.period == 0 && len(p.recent) == 0 && !p.free.After(now) && !p.until.After(now)
}

func later(a, b time.Time) time.Time {
	if b.After(a) {
		return b
	}
	return a
}
