package journal

import (
	"bytes"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"valse/store"
)

// some are interactions with every field that a caller sets.
var some = []store.Interaction{
	{EventID: "e1", UserID: "u", ProductID: "p", Type: store.Rating, Value: 4.5, Time: time.UnixMicro(1).UTC(), Basket: "b", RecommendationID: "r", Credit: "c"},
	{EventID: "é\x01,\n", UserID: "ü", ProductID: "p", Type: store.View, Value: 1, Time: time.UnixMicro(-5).UTC()},
}

func TestInteractionsComeBackFromAPayload(t *testing.T) {
	got, err := decode(encode(some))
	if diff := cmp.Diff(some, got); err != nil || diff != "" {
		t.Errorf("decode(encode) differs (-want +got, %v):\n%s", err, diff)
	}
}

// FuzzDecode reads anything as a payload; what is read means what it says.
func FuzzDecode(f *testing.F) {
	f.Add(encode(some))
	f.Add(encode(nil))
	f.Add([]byte{0xff, 0xff, 0xff, 0xff, 0x0f})
	f.Fuzz(func(t *testing.T, payload []byte) {
		events, err := decode(payload)
		if err != nil {
			return
		}
		again, err := decode(encode(events))
		if err != nil || !bytes.Equal(encode(again), encode(events)) {
			t.Errorf("%d events do not come back: %v", len(events), err)
		}
	})
}

// FuzzDecodeCopy reads anything as a control file.
func FuzzDecodeCopy(f *testing.F) {
	f.Add(appendFrame(header(), 1, []byte(`{"settings":{"a":"Yg=="}}`)))
	f.Fuzz(func(t *testing.T, data []byte) { decodeCopy(data) })
}
