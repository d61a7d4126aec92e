package warehouse

import (
	"bytes"
	"encoding/binary"
	"errors"
	"runtime"
	"slices"
	"strings"
	"testing"

	"github.com/parquet-go/parquet-go"
	"github.com/parquet-go/parquet-go/compress"

	"valse/internal/trial"
	"valse/store"
)

// foreign is a small table of interactions, as another program may write it.
func foreign(t testing.TB, options ...parquet.WriterOption) []byte {
	t.Helper()
	var file bytes.Buffer
	table := parquet.NewGenericWriter[eventRow](&file, options...)
	rows := eventRows(makeLog(0, 1, 300))
	if err := errors.Join(rows(func(batch []eventRow) error { _, err := table.Write(batch); return err }), table.Close()); err != nil {
		t.Fatal(err)
	}
	return file.Bytes()
}

func readForeign(t testing.TB, data []byte) (rows int, err error) {
	t.Helper()
	err = ReadInteractions(t.Context(), "foreign", bytes.NewReader(data), int64(len(data)), func(batch []store.Interaction) error {
		rows += len(batch)
		return nil
	})
	return rows, err
}

func TestTablesOfEveryCodecAndPageVersionAreWithinBounds(t *testing.T) {
	for name, codec := range map[string]compress.Codec{
		"none": &parquet.Uncompressed, "snappy": &parquet.Snappy, "zstd": &parquet.Zstd, "gzip": &parquet.Gzip,
	} {
		for _, version := range []int{1, 2} {
			data := foreign(t, parquet.Compression(codec), parquet.DataPageVersion(version), parquet.PageBufferSize(2000), parquet.MaxRowsPerRowGroup(100))
			if rows, err := readForeign(t, data); rows != 300 || err != nil {
				t.Errorf("%s, pages of version %d: %d rows, %v, want 300", name, version, rows, err)
			}
		}
	}
}

func TestCodecsWhoseBlocksDoNotSayTheirSizeAreRefused(t *testing.T) {
	for name, codec := range map[string]compress.Codec{"LZ4_RAW": &parquet.Lz4Raw, "BROTLI": &parquet.Brotli} {
		_, err := readForeign(t, foreign(t, parquet.Compression(codec)))
		if !errors.Is(err, ErrCorrupt) || !strings.Contains(err.Error(), name) || !strings.Contains(err.Error(), "SNAPPY") {
			t.Errorf("reading %s = %v, want a refusal that says what is read", name, err)
		}
	}
}

func TestAFooterThatClaimsMoreThanTheFileIsRefused(t *testing.T) {
	data := foreign(t)
	binary.LittleEndian.PutUint32(data[len(data)-8:], 4_000_000_000)
	before := allocated()
	if _, err := readForeign(t, data); !errors.Is(err, ErrCorrupt) {
		t.Errorf("read = %v, want ErrCorrupt", err)
	}
	if reserved := allocated() - before; reserved > 10<<20 {
		t.Errorf("it reserved %d MiB", reserved>>20)
	}
}

// TestNoDamageMakesAReaderReserveMuch changes bytes at random in small tables,
// among them the claims of footers, page headers and compressed blocks.
func TestNoDamageMakesAReaderReserveMuch(t *testing.T) {
	random := trial.Rand(t)
	files := [][]byte{
		foreign(t, parquet.Compression(&parquet.Snappy)), foreign(t, parquet.Compression(&parquet.Zstd)),
		foreign(t, parquet.Compression(&parquet.Snappy), parquet.DataPageVersion(2)),
	}
	refused, most := 0, uint64(0)
	rounds := trial.Rounds(2_000, 50_000)
	for range rounds {
		data := slices.Clone(files[random.IntN(len(files))])
		for range 1 + random.IntN(4) {
			data[random.IntN(len(data))] = byte(random.IntN(256))
		}
		before := allocated()
		_, err := readForeign(t, data)
		most = max(most, allocated()-before)
		if !acceptable(err) {
			t.Fatal(err)
		}
		if err != nil {
			refused++
		}
	}
	t.Logf("%d damaged tables of %d bytes or so, %d refused, at most %d KiB reserved", rounds, len(files[0]), refused, most>>10)
	if most > 64<<20 {
		t.Errorf("a reader reserved %d MiB", most>>20)
	}
}

// allocated is what the process has reserved so far.
func allocated() uint64 {
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return m.TotalAlloc
}

// TestAZstandardFrameThatClaimsMoreThanItsPageIsRefused changes what the first
// frame of a table says of itself.
func TestAZstandardFrameThatClaimsMoreThanItsPageIsRefused(t *testing.T) {
	whole := foreign(t, parquet.Compression(&parquet.Zstd))
	at := bytes.Index(whole, []byte{0x28, 0xb5, 0x2f, 0xfd})
	for complaint, frame := range map[string][]byte{
		"do not unpack to": {0x28, 0xb5, 0x2f, 0xfd, 0xa0, 0xff, 0xff, 0xff, 0xff}, // single segment of 4 GiB
	} {
		data := slices.Clone(whole)
		copy(data[at:], frame)
		if _, err := readForeign(t, data); !errors.Is(err, ErrCorrupt) || !strings.Contains(err.Error(), complaint) {
			t.Errorf("read = %v, want ErrCorrupt and that its bytes %s", err, complaint)
		}
	}
}

func TestARowWithoutAValueOfEachColumnIsRefused(t *testing.T) {
	type row struct {
		User string
		At   int64
		Tags []string
	}
	want := columnsOf(parquet.SchemaOf(new(row)))
	whole := parquet.SchemaOf(new(row)).Deconstruct(nil, row{"u1", 7, []string{"a", "b"}})
	for name, damaged := range map[string]struct {
		row       parquet.Row
		complaint string
	}{
		"whole":             {whole, ""},
		"no list":           {parquet.SchemaOf(new(row)).Deconstruct(nil, row{"u1", 7, nil}), ""},
		"empty":             {nil, "no value of column 0"},
		"first is missing":  {whole[1:], "column 1 has a value where one of column 0"},
		"second is missing": {slices.Delete(whole.Clone(), 1, 2), "column 2 has a value where one of column 1"},
		"last is missing":   {whole[:2], "no value of column 2"},
		"second twice":      {slices.Insert(whole.Clone(), 1, whole[1]), "column 1 has a value where one of column 2"},
		"unknown column":    {append(whole.Clone(), parquet.ValueOf("x").Level(0, 0, 3)), "column 3 has a value"},
		"number for string": {slices.Replace(whole.Clone(), 0, 1, parquet.ValueOf(int64(7)).Level(0, 0, 0)), "kind INT64, want BYTE_ARRAY"},
	} {
		err := want.check(damaged.row)
		if (err == nil) != (damaged.complaint == "") || err != nil && !strings.Contains(err.Error(), damaged.complaint) {
			t.Errorf("%s: %v, want %q", name, err, damaged.complaint)
		}
	}
}
