package telegram

import (
	"math"
	"slices"
	"time"
)

// What Telegram writes of its limits: about one message a second in a chat with
// short bursts, 20 a minute in a group, 30 a second in all. Its numbers are not
// published, so none is kept to before a call was refused; from then on these say
// what is likely. The intervals are a little longer: clocks and networks hesitate.
const (
	chatEvery  = 1050 * time.Millisecond
	wholeEvery = 35 * time.Millisecond
	wholeBurst = 1 // with more, a second could have 30 and what follows

	slowest = 16   // times the usual interval, however often calls are refused
	slack   = 0.25 // of a call: what a burst may have won back while it went on
)

// A refusal in a group is for its minute when it came after so many calls in it and
// asks for so long a pause; any other is for a burst.
const (
	minuteCalls = 10
	minutePause = 3 * time.Second
)

// How what was learned is given back: with each period one more call in a burst and
// in a minute, and a part of the usual rate. After so many periods all is forgotten.
// A long pause makes the periods longer, so that looking whether the limit is still
// there costs little.
const (
	growPeriod  = 10 * time.Minute
	growPauses  = 30 // periods are at least so many pauses long
	growRate    = 0.1
	growPeriods = 20
)

// pace is how fast calls of one kind may be made, in a chat or by the bot as a whole.
// It begins without a limit; each refusal teaches it one, and never the same one
// again until it has grown back. Two limits are known: so many calls at once and then
// one in each interval, and so many in a minute. It has no clock of its own.
type pace struct {
	usual time.Duration // the interval that is likely
	most  float64       // the burst that is likely at most; 0: any
	group bool          // has a minute

	burst  float64       // calls at once; 0: there is no limit
	every  time.Duration // with burst: the interval after that
	minute float64       // calls in a minute; 0: there is no limit

	until   time.Time // before that Telegram wants to be left alone
	learned time.Time // when the last refusal came
	period  time.Duration

	free   time.Time   // when the calls that were made count no longer towards a burst
	last   time.Time   // when the last one came back that was not refused
	recent []time.Time // with group: calls of the last minute
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

// answered notes that a call of a chat came back. It counts from now on, for when
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
	if began.Before(p.learned) {
		return // it was on its way when another was refused: for the same reason
	}
	p.forget(now)
	count := float64(len(p.recent))
	if p.group && count >= minuteCalls && (level < slack || pause >= minutePause) {
		p.minute = lower(p.minute, count, count < p.minute)
	} else {
		within := p.burst > 0 && level+1 < p.burst+slack/2
		if within || level < slack {
			p.every = min(2*p.interval(now), slowest*p.usual)
		}
		seen := math.Ceil(level - slack)
		if p.most > 0 {
			seen = min(seen, p.most)
		}
		p.burst = lower(p.burst, seen, within)
		p.free = p.until.Add(time.Duration((p.burst - 1) * float64(max(p.every, p.usual)))) // one call, then the interval
	}
	p.learned = now
	p.period = max(growPeriod, growPauses*pause)
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
	if p.every <= p.usual {
		return p.usual
	}
	rate := 1/float64(p.every) + p.grown(now)*growRate/float64(p.usual)
	return max(time.Duration(1/rate), p.usual)
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
