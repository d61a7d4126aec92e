package server

import "testing"

func TestEntriesOfALiveListSayHowFarTheirScoresMayMove(t *testing.T) {
	s := openShop(t)
	s.publishModel(t)
	const document = `{ recommendations(first: 5) { items { source score uncertainty } } }`
	c := s.persona(t)
	width := func() any {
		return at[[]any](t, c.must(document, nil), "recommendations", "items")[0].(map[string]any)["uncertainty"]
	}
	if got := width(); got != nil {
		t.Errorf("an entry that no factor was used for has the width %v", got)
	}
	c.must(record, vars{"events": []vars{{"eventId": "1", "productId": "p01", "type": "PURCHASE"}}})
	if got, ok := width().(float64); !ok || got <= 0 {
		t.Errorf("the width after one purchase is %v, want a positive number", width())
	}
}
