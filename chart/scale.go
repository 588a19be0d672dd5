package chart

import "math"

// steps is how many lines there are at most above the lowest.
const steps = 5

// scale is an axis of values: from bottom to top, by round steps.
type scale struct {
	bottom, top, step float64
	from, to          int // where bottom and top are drawn
}

// most is how large a value is drawn at most: beyond it there is no room for arithmetic.
const most = 1e100

// scaleOf returns a scale on which low and high fit. It has the zero.
func scaleOf(low, high float64) scale {
	low, high = max(min(low, 0), -most), min(max(high, 0), most)
	if low == high {
		high = 1
	}
	rough := (high - low) / steps
	unit := math.Pow(10, math.Floor(math.Log10(rough)))
	s := scale{step: 10 * unit}
	for _, m := range []float64{1, 2, 2.5, 5} {
		if m*unit >= rough*(1-1e-9) {
			s.step = m * unit
			break
		}
	}
	s.bottom, s.top = math.Floor(low/s.step)*s.step, math.Ceil(high/s.step-1e-9)*s.step
	return s
}

// ticks are where lines are drawn.
func (s scale) ticks() []float64 {
	n := int(math.Round((s.top - s.bottom) / s.step))
	ticks := make([]float64, n+1)
	for i := range ticks {
		ticks[i] = s.bottom + float64(i)*s.step
	}
	return ticks
}

// at returns where a value is drawn.
func (s scale) at(v float64) int {
	v = min(max(v, s.bottom), s.top)
	return s.from + int(math.Round((v-s.bottom)/(s.top-s.bottom)*float64(s.to-s.from)))
}
