package warehouse

import (
	"errors"
	"testing"

	"github.com/parquet-go/parquet-go"
)

func TestAColumnOfAnotherKindIsDamage(t *testing.T) {
	type other struct {
		ID   int64   `parquet:"id,plain"` // text in factorRow
		Bias float32 `parquet:"bias,plain"`
	}
	want := parquet.SchemaOf(new(factorRow))
	if err := checkKinds("part", parquet.SchemaOf(new(other)), want); !errors.Is(err, ErrCorrupt) {
		t.Errorf("checkKinds = %v, want ErrCorrupt", err)
	}
	if err := checkKinds("part", want, want); err != nil {
		t.Errorf("checkKinds of the same schema = %v", err)
	}
}
