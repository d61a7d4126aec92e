package pipeline

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"github.com/robfig/cron/v3"

	"valse/store"
)

// Schedule trains by the clock.
type Schedule struct {
	// Cron has five fields in UTC, like "0 3 * * *".
	Cron     string     `json:"cron"`
	Training TrainInput `json:"training"`
	// Last is when it fired last, or was set.
	Last time.Time `json:"last"`
}

const (
	scheduleSetting = "schedule"
	scheduleLease   = "schedule"
)

// Next is the first time after now that the schedule fires; zero when its
// expression never does.
func (s *Schedule) Next(now time.Time) time.Time {
	spec, err := cron.ParseStandard(s.Cron)
	if err != nil {
		return time.Time{}
	}
	return spec.Next(now.UTC())
}

// Schedule returns the schedule. store.ErrNotFound when there is none.
func (p *Pipeline) Schedule(ctx context.Context) (*Schedule, error) {
	data, err := p.store.Setting(ctx, scheduleSetting)
	if err != nil {
		return nil, err
	}
	var s Schedule
	if err := json.Unmarshal(data, &s); err != nil {
		return nil, fmt.Errorf("setting %s: %w", scheduleSetting, err)
	}
	return &s, nil
}

// SetSchedule replaces the schedule; nil removes it. The first time it fires
// lies after now.
func (p *Pipeline) SetSchedule(ctx context.Context, s *Schedule) error {
	if s == nil {
		return p.store.PutSetting(ctx, scheduleSetting, nil)
	}
	if _, err := cron.ParseStandard(s.Cron); err != nil {
		return &store.Invalid{Field: "cron", Value: s.Cron, Want: "five fields of cron, like 0 3 * * * (" + err.Error() + ")"}
	}
	if err := s.Training.Settings.WithDefaults().Validate(); err != nil {
		return err
	}
	set := *s
	set.Last = p.o.Clock().UTC()
	return p.putSchedule(ctx, &set)
}

func (p *Pipeline) putSchedule(ctx context.Context, s *Schedule) error {
	data, err := json.Marshal(s)
	if err != nil {
		return err
	}
	return p.store.PutSetting(ctx, scheduleSetting, data)
}

// fireSchedule queues the scheduled training when its time has come. The lease
// lets one process do it; turns missed while nobody ran collapse into one.
func (p *Pipeline) fireSchedule(ctx context.Context, now time.Time) error {
	s, err := p.Schedule(ctx)
	if errors.Is(err, store.ErrNotFound) {
		return nil
	}
	if err != nil || !s.due(now) {
		return err
	}
	return p.holding(ctx, scheduleLease, transportTTL, func(ctx context.Context, _ store.Lease) error {
		s, err := p.Schedule(ctx)
		if err != nil || !s.due(now) {
			return err
		}
		s.Last = now
		if err := p.putSchedule(ctx, s); err != nil {
			return err
		}
		_, err = p.Queue(ctx, store.RunTrain, "Scheduled training", s.Training)
		return err
	})
}

func (s *Schedule) due(now time.Time) bool {
	next := s.Next(s.Last)
	return !next.IsZero() && !next.After(now)
}
