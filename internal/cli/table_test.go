package cli

import (
	"strings"
	"testing"

	"valse/engine"
	"valse/engine/eval"
)

func TestWhatWasNotMeasuredIsNoZero(t *testing.T) {
	var b strings.Builder
	printTrials(&b, []engine.Trial{{Validation: .5}, {Validation: .4, Test: .3, Best: true}, {Name: "EASE", Validation: .2}})
	printInterviews(&b, &engine.Interviews{Asking: engine.AskPopular, Ways: []engine.Way{
		{Asking: engine.AskPopular, AfterFive: .7}, {Asking: engine.AskVariance, AfterFive: .6, Gain: -.1, Deviation: .01},
	}})
	nobody := []eval.At{{K: 20}}
	printEvaluation(&b, &engine.Evaluation{Split: "time 80/20", Reports: []engine.NamedReport{{Name: "model", Report: eval.Report{At: nobody}}}})
	if strings.Contains(b.String(), "0.0000") || !strings.Contains(b.String(), "nobody has anything to find") {
		t.Errorf("printed a zero for what was not measured:\n%s", b.String())
	}
}

func TestAModelThatFindsNothingIsAZero(t *testing.T) {
	var b strings.Builder
	printEvaluation(&b, &engine.Evaluation{Split: "time 80/20", Reports: []engine.NamedReport{{Name: "model", Report: eval.Report{Users: 3, At: []eval.At{{K: 20}}}}}})
	if !strings.Contains(b.String(), "0.0000") {
		t.Errorf("printed no zero for a model that finds nothing:\n%s", b.String())
	}
}
