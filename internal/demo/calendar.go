package demo

import (
	"slices"
	"time"
)

// How much each month (January first), weekday (Sunday first) and hour asks
// for visits.
var (
	monthDemand   = [12]int{62, 58, 62, 64, 66, 62, 58, 58, 64, 70, 88, 100}
	weekdayDemand = [7]int{100, 80, 72, 74, 78, 80, 92}
	hourDemand    = cumulate([]int{3, 1, 1, 1, 1, 3, 8, 16, 24, 28, 30, 32, 38, 34, 30, 30, 32, 38, 46, 58, 66, 60, 38, 14})
)

// secondsPerDay is the length of a UTC day.
const secondsPerDay = 24 * 60 * 60

// visitTimes chooses when a user visits, from joined to end, in order.
func (s *Shop) visitTimes(r *random, t *taste) []int64 {
	end := s.end.Unix()
	first := t.joined / secondsPerDay
	days := int(end/secondsPerDay - first)
	times := make([]int64, 0, t.visits)
	for len(times) < t.visits {
		day := first + int64(r.below(days))
		at := day*secondsPerDay + int64(r.weighted(hourDemand)*3600+r.below(3600))
		date := unix(at)
		wanted := monthDemand[date.Month()-1] * weekdayDemand[date.Weekday()]
		if at < t.joined || r.below(100*100) >= wanted {
			continue
		}
		times = append(times, at)
	}
	slices.Sort(times)
	return times
}

// monthOf returns the month of a moment, January as 0.
func monthOf(at int64) int { return int(unix(at).Month() - time.January) }

// unix returns a moment in UTC.
func unix(seconds int64) time.Time { return time.Unix(seconds, 0).UTC() }
