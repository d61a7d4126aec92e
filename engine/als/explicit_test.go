package als

import (
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"valse/engine/internal/kernel"
)

// stars returns ratings of which users, items and two tastes are the cause.
func stars(users, items, entries int, seed uint64) *Matrix {
	random := rand.New(rand.NewPCG(seed, 2))
	taste := randomFactors(users+items, 2, seed)
	row, col, rating := make([]int32, entries), make([]int32, entries), make([]float32, entries)
	for e := range row {
		u, i := random.IntN(users), random.IntN(items)
		row[e], col[e] = int32(u), int32(i)
		rating[e] = 3.5 + 0.5*float32(u%3-1) + 0.5*float32(i%3-1) +
			200*kernel.Dot(taste.Row(u), taste.Row(users+i))
	}
	return NewRatings(users, items, row, col, rating)
}

func TestTrainExplicitFindsWhatMadeTheRatings(t *testing.T) {
	m := stars(120, 90, 5000, 6)
	r, err := TrainExplicit(t.Context(), m, ExplicitSettings{Rank: 4, Reg: 0.01}, nil)
	if err != nil {
		t.Fatal(err)
	}
	if last := r.Sweeps[len(r.Sweeps)-1]; last.RMSE > 0.02 {
		t.Errorf("training RMSE = %v, want at most 0.02", last.RMSE)
	}
}

func TestTrainExplicitReportsLossAndRMSEOfTheirDefinition(t *testing.T) {
	m := stars(60, 50, 900, 6)
	s := ExplicitSettings{Rank: 6}
	r, err := TrainExplicit(t.Context(), m, s, nil)
	if err != nil {
		t.Fatal(err)
	}
	s = s.WithDefaults()
	squares := 0.0
	for u := range m.Rows {
		index, rating := m.Row(u)
		for e, i := range index {
			d := float64(rating[e] - r.Predict(int32(u), i))
			squares += d * d
		}
	}
	loss := squares
	penalty := func(m *Matrix, f Factors, bias []float32) {
		for i := range m.Rows {
			index, _ := m.Row(i)
			reg := s.Reg * math.Pow(float64(len(index)), s.RegExponent)
			loss += reg * float64(kernel.Dot(f.Row(i), f.Row(i))+bias[i]*bias[i])
		}
	}
	penalty(m, r.Users, r.UserBias)
	penalty(m.Transpose(), r.Items, r.ItemBias)

	last := r.Sweeps[len(r.Sweeps)-1]
	if math.Abs(last.Loss-loss) > 1e-4*loss {
		t.Errorf("loss = %v, want %v", last.Loss, loss)
	}
	if want := math.Sqrt(squares / float64(m.NNZ())); math.Abs(last.RMSE-want) > 1e-4 {
		t.Errorf("RMSE = %v, want %v", last.RMSE, want)
	}
}

func TestTrainExplicitGivesTheSameBitsWhateverTheThreads(t *testing.T) {
	m := stars(900, 300, 9000, 6)
	train := func(threads int) *ExplicitResult {
		r, err := TrainExplicit(t.Context(), m, ExplicitSettings{Rank: 9, Iterations: 3, Threads: threads}, nil)
		if err != nil {
			t.Fatal(err)
		}
		return r
	}
	want, got := train(1), train(3)
	if !slices.Equal(want.Users.Data, got.Users.Data) || !slices.Equal(want.ItemBias, got.ItemBias) {
		t.Error("TrainExplicit with 3 threads differs from one thread")
	}
}

func TestTrainExplicitStaysFiniteOnDegenerateData(t *testing.T) {
	equal := []float32{4, 4, 4}
	for name, m := range map[string]*Matrix{
		"nobody":       NewRatings(0, 3, nil, nil, nil),
		"no ratings":   NewRatings(2, 3, nil, nil, nil),
		"one rating":   NewRatings(1, 1, []int32{0}, []int32{0}, []float32{5}),
		"all equal":    NewRatings(3, 2, []int32{0, 1, 2}, []int32{0, 1, 0}, equal),
		"one item":     NewRatings(3, 1, []int32{0, 1, 2}, []int32{0, 0, 0}, []float32{1, 3, 5}),
		"huge ratings": NewRatings(2, 2, []int32{0, 1}, []int32{0, 1}, []float32{1e15, -1e15}),
	} {
		t.Run(name, func(t *testing.T) {
			r, err := TrainExplicit(t.Context(), m, ExplicitSettings{Rank: 3}, nil)
			if err != nil {
				t.Fatal(err)
			}
			bias := Factors{Data: append(slices.Clone(r.UserBias), r.ItemBias...)}
			if !allFinite(r.Users, r.Items, bias) {
				t.Error("factors or biases are not finite")
			}
			for u := range m.Rows {
				if p := r.Predict(int32(u), 0); name == "all equal" && math.Abs(float64(p-4)) > 1e-5 {
					t.Errorf("Predict(%d, 0) = %v, want 4", u, p)
				}
			}
		})
	}
}

func TestTrainExplicitRefusesRatingsThatAreNotFinite(t *testing.T) {
	m := NewRatings(1, 2, []int32{0, 0}, []int32{0, 1}, []float32{3, float32(math.NaN())})
	if _, err := TrainExplicit(t.Context(), m, ExplicitSettings{}, nil); err == nil {
		t.Error("TrainExplicit took a NaN rating")
	}
}

func TestExplicitFolderAgreesWithTraining(t *testing.T) {
	m := stars(80, 60, 1500, 2)
	s := ExplicitSettings{Rank: 8, Iterations: 8}
	trained, err := TrainExplicit(t.Context(), m, s, nil)
	if err != nil {
		t.Fatal(err)
	}
	f := NewExplicitFolder(trained, s)
	x := make([]float32, s.Rank)
	for u := range m.Rows {
		index, rating := m.Row(u)
		bias := f.Solve(x, index, rating)
		for item := range int32(5) {
			want := trained.Mean + bias + trained.ItemBias[item] + kernel.Dot(x, trained.Items.Row(int(item)))
			contribution, base, score := f.Explain(index, rating, item)
			sum := base
			for _, c := range contribution {
				sum += c
			}
			if math.Abs(float64(score-want)) > 1e-4 || math.Abs(float64(sum-want)) > 1e-4 {
				t.Errorf("user %d, item %d: score %v, contributions add up to %v, want %v", u, item, score, sum, want)
			}
			if trained := trained.Predict(int32(u), item); math.Abs(float64(trained-want)) > 0.1 {
				t.Errorf("user %d, item %d: folded in %v, trained %v", u, item, want, trained)
			}
		}
	}
}
