package warehouse

import (
	"bytes"
	"encoding/binary"
	"errors"
	"math"
	"strings"
	"testing"

	"github.com/klauspost/compress/gzip"
	"github.com/klauspost/compress/snappy"
	"github.com/klauspost/compress/zstd"
	"github.com/parquet-go/parquet-go"
	"github.com/parquet-go/parquet-go/encoding/thrift"
	"github.com/parquet-go/parquet-go/format"

	"valse/store"
)

// craftedPage is a page of a crafted table; its sizes are those of its body,
// but for what the header has already.
type craftedPage struct {
	header format.PageHeader
	body   []byte
}

// crafted is a table with one column and whatever pages.
func crafted(t *testing.T, column format.SchemaElement, codec format.CompressionCodec, rows int64, pages ...craftedPage) []byte {
	t.Helper()
	file := []byte("PAR1")
	for _, p := range pages {
		p.header.CompressedPageSize = int32(len(p.body))
		if p.header.UncompressedPageSize == 0 {
			p.header.UncompressedPageSize = int32(len(p.body))
		}
		header, err := thrift.Marshal(&compact, &p.header)
		if err != nil {
			t.Fatal(err)
		}
		file = append(append(file, header...), p.body...)
	}
	size := int64(len(file) - 4)
	chunk := format.ColumnMetaData{
		Type: column.Type.V, PathInSchema: thrift.Slice[string]{column.Name}, Codec: codec, NumValues: rows,
		TotalUncompressedSize: size, TotalCompressedSize: size, DataPageOffset: 4,
	}
	footer, err := thrift.Marshal(&compact, &format.FileMetaData{
		Version: 1, NumRows: rows,
		Schema:    thrift.Slice[format.SchemaElement]{{Name: "root", NumChildren: thrift.New[int32](1)}, column},
		RowGroups: thrift.Slice[format.RowGroup]{{NumRows: rows, TotalByteSize: size, Columns: thrift.Slice[format.ColumnChunk]{{MetaData: chunk}}}},
	})
	if err != nil {
		t.Fatal(err)
	}
	file = append(file, footer...)
	return append(binary.LittleEndian.AppendUint32(file, uint32(len(footer))), "PAR1"...)
}

func columnOf(name string, kind format.Type, repetition format.FieldRepetitionType) format.SchemaElement {
	return format.SchemaElement{Name: name, Type: thrift.New(kind), RepetitionType: thrift.New(repetition)}
}

func dataPage(encoding format.Encoding, values int32, body []byte) craftedPage {
	return craftedPage{format.PageHeader{Type: format.DataPage, DataPageHeader: thrift.New(format.DataPageHeader{
		NumValues: values, Encoding: encoding, DefinitionLevelEncoding: format.RLE, RepetitionLevelEncoding: format.RLE,
	})}, body}
}

func dictionaryPage(values int32, body []byte) craftedPage {
	return craftedPage{format.PageHeader{Type: format.DictionaryPage, DictionaryPageHeader: thrift.New(format.DictionaryPageHeader{
		NumValues: values, Encoding: format.Plain,
	})}, body}
}

// run is one value so many times; prefix puts the length of runs before them.
func run(count uint64, value byte) []byte { return append(binary.AppendUvarint(nil, count<<1), value) }

func prefix(runs []byte, rest ...byte) []byte {
	return append(append(binary.LittleEndian.AppendUint32(nil, uint32(len(runs))), runs...), rest...)
}

// deltas are so many integers, each by as much above the one before.
func deltas(count uint64, first, step int64) []byte {
	head := binary.AppendVarint(binary.AppendUvarint([]byte{128, 1, 4}, count), first)
	for left := int64(count) - 1; left > 0; left -= 128 {
		head = append(binary.AppendVarint(head, step), 0, 0, 0, 0)
	}
	return head
}

// TestNoPageIsBelievedToHoldMoreThanItsBytes reads tables of some hundred bytes
// whose pages hold, inside bytes that look within bounds, ever so many values.
func TestNoPageIsBelievedToHoldMoreThanItsBytes(t *testing.T) {
	const many = 1 << 27
	id, seq := columnOf("id", format.ByteArray, format.Required), columnOf("seq", format.Int64, format.Required)
	hidden, published := columnOf("hidden", format.Boolean, format.Required), columnOf("published_at", format.Int64, format.Optional)
	readProducts := func(data []byte) error {
		return ReadProducts(t.Context(), "crafted", bytes.NewReader(data), int64(len(data)), func([]store.Product) error { return nil })
	}
	readEvents := func(data []byte) error { _, err := readForeign(t, data); return err }
	text := []byte{2, 0, 0, 0, 'p', '1'}
	eight := make([]byte, 8*8)
	second := craftedPage{dataPage(format.Plain, 8, nil).header, nil}
	second.header.UncompressedPageSize = int32(len(eight))
	second.body = append(zstdOf(t, eight), zstdOf(t, make([]byte, 64<<20))...)
	levels := craftedPage{format.PageHeader{Type: format.DataPageV2, DataPageHeaderV2: thrift.New(format.DataPageHeaderV2{
		NumValues: 8, NumNulls: 8, NumRows: 8, Encoding: format.Plain, DefinitionLevelsByteLength: int32(len(run(many, 0))),
	})}, run(many, 0)}
	both := dataPage(format.Plain, 8, eight)
	both.header.DictionaryPageHeader = thrift.New(format.DictionaryPageHeader{NumValues: maxPageValues})

	for name, c := range map[string]struct {
		data      []byte
		read      func([]byte) error
		complaint string // empty for a table that is as it should be
	}{
		"indexes":              {crafted(t, id, 0, 8, dictionaryPage(1, text), dataPage(format.RLEDictionary, 8, append([]byte{1}, run(8, 0)...))), readProducts, ""},
		"too many indexes":     {crafted(t, id, 0, 8, dictionaryPage(1, text), dataPage(format.RLEDictionary, 8, append([]byte{1}, run(many, 0)...))), readProducts, "more than the 8 values"},
		"a run too many":       {crafted(t, id, 0, 8, dictionaryPage(1, text), dataPage(format.RLEDictionary, 8, append([]byte{1}, append(run(8, 0), run(8, 0)...)...))), readProducts, "more than the 8 values"},
		"indexes without bits": {crafted(t, id, 0, 8, dictionaryPage(1, text), dataPage(format.RLEDictionary, 8, append([]byte{0}, binary.AppendUvarint(nil, many<<1|1)...))), readProducts, "more than the 8 values"},
		"wide indexes":         {crafted(t, id, 0, 8, dictionaryPage(1, text), dataPage(format.RLEDictionary, 8, append([]byte{33}, run(8, 0)...))), readProducts, "33 bits"},
		"a short run":          {crafted(t, id, 0, 8, dictionaryPage(1, text), dataPage(format.RLEDictionary, 8, []byte{8, 3, 0})), readProducts, "cut short"},
		"a large dictionary":   {crafted(t, id, 0, 8, dictionaryPage(maxPageValues, text), dataPage(format.RLEDictionary, 8, append([]byte{1}, run(8, 0)...))), readProducts, "16777216 values in 6 bytes"},
		"levels":               {crafted(t, published, 0, 8, dataPage(format.Plain, 8, prefix(run(8, 0)))), readProducts, ""},
		"too many levels":      {crafted(t, published, 0, 8, dataPage(format.Plain, 8, prefix(run(many, 0)))), readProducts, "more than the 8 values"},
		"long levels":          {crafted(t, published, 0, 8, dataPage(format.Plain, 8, prefix(run(8, 0))[:5])), readProducts, "longer than it is"},
		"too many new levels":  {crafted(t, published, 0, 8, levels), readProducts, "more than the 8 values"},
		"truths":               {crafted(t, hidden, 0, 8, dataPage(format.RLE, 8, prefix(run(8, 255)))), readProducts, ""},
		"too many truths":      {crafted(t, hidden, 0, 8, dataPage(format.RLE, 8, prefix(run(many, 255)))), readProducts, "more than the 8 values"},
		"runs of numbers":      {crafted(t, seq, 0, 8, dataPage(format.RLE, 8, prefix(run(8, 255)))), readEvents, "are no runs"},
		"deltas":               {crafted(t, published, 0, 300, dataPage(format.DeltaBinaryPacked, 300, prefix(run(300, 1), deltas(300, 1, 1)...))), readProducts, ""},
		"too many deltas":      {crafted(t, seq, 0, 8, dataPage(format.DeltaBinaryPacked, 8, deltas(many, 1, 1)[:20])), readEvents, "134217728 deltas"},
		"lengths":              {crafted(t, id, 0, 300, dataPage(format.DeltaLengthByteArray, 300, deltas(300, 0, 0))), readProducts, ""},
		"too many lengths":     {crafted(t, id, 0, 8, dataPage(format.DeltaLengthByteArray, 8, deltas(many, 0, 0)[:20])), readProducts, "134217728 deltas"},
		"prefixes":             {crafted(t, id, 0, 3, dataPage(format.DeltaByteArray, 3, append(append(deltas(3, 0, 1), deltas(3, 2, -1)...), "abc"...))), readProducts, ""},
		"long prefixes":        {crafted(t, id, 0, 300, dataPage(format.DeltaByteArray, 300, append(append(deltas(300, 0, 1<<20), deltas(300, 1, 0)...), make([]byte, 300)...))), readProducts, "more than 134217728 bytes"},
		"negative prefixes":    {crafted(t, id, 0, 3, dataPage(format.DeltaByteArray, 3, append(deltas(3, 0, -1), deltas(3, 1, 0)...))), readProducts, "more than 134217728 bytes"},
		"a second frame":       {crafted(t, seq, format.Zstd, 8, second), readEvents, "do not unpack to the 64"},
		"two kinds":            {crafted(t, seq, 0, 8, both), readEvents, "not that of its kind"},
	} {
		before := allocated()
		err := c.read(c.data)
		if reserved := allocated() - before; reserved > 4<<20 {
			t.Errorf("%s: a table of %d bytes made the reader reserve %d MiB", name, len(c.data), reserved>>20)
		}
		if c.complaint == "" && err != nil || c.complaint != "" && (!errors.Is(err, ErrCorrupt) || !strings.Contains(err.Error(), c.complaint)) {
			t.Errorf("%s: %v, want %q", name, err, c.complaint)
		}
	}
}

func zstdOf(t *testing.T, data []byte) []byte {
	t.Helper()
	w, err := zstd.NewWriter(nil, zstd.WithEncoderConcurrency(1))
	if err != nil {
		t.Fatal(err)
	}
	return w.EncodeAll(data, nil)
}

func TestAPageUnpacksToAtMostWhatItClaims(t *testing.T) {
	data := bytes.Repeat([]byte("valse "), 1000)
	var zipped bytes.Buffer
	stream := gzip.NewWriter(&zipped)
	_, _ = stream.Write(data)
	stream.Close()
	for codec, packed := range map[format.CompressionCodec][]byte{
		format.Snappy: snappy.Encode(nil, data), format.Zstd: zstdOf(t, data), format.Gzip: zipped.Bytes(), format.Uncompressed: data,
	} {
		c := &content{codec: codec}
		for _, most := range []int{len(data), len(data) + 1, len(data) - 1, 0} {
			got, err := c.unpack(packed, most)
			if fits := most >= len(data) || codec == format.Uncompressed; fits != (err == nil) || fits && !bytes.Equal(got, data) {
				t.Errorf("%v: unpack(at most %d of %d) = %d bytes, %v", codec, most, len(data), len(got), err)
			}
		}
	}
}

func TestEncodingsOfOtherProgramsAreWithinBounds(t *testing.T) {
	type row struct {
		EventID   string  `parquet:"event_id,delta"`
		UserID    string  `parquet:"user_id,delta,optional"`
		ProductID string  `parquet:"product_id,dict,optional"`
		Type      string  `parquet:"type,dict"`
		Value     float64 `parquet:"value,split"`
		Time      int64   `parquet:"time,delta,timestamp(microsecond)"`
		Seq       int64   `parquet:"seq,delta,optional"`
	}
	for _, version := range []int{1, 2} {
		var file bytes.Buffer
		table := parquet.NewGenericWriter[row](&file, parquet.DataPageVersion(version), parquet.PageBufferSize(2000), parquet.Compression(&parquet.Zstd))
		for _, e := range makeLog(0, 1, 1003) {
			if _, err := table.Write([]row{{e.EventID, e.UserID, e.ProductID, "VIEW", math.Pi, e.Time.UnixMicro(), e.Seq}}); err != nil {
				t.Fatal(err)
			}
		}
		if err := table.Close(); err != nil {
			t.Fatal(err)
		}
		if rows, err := readForeign(t, file.Bytes()); rows != 1003 || err != nil {
			t.Errorf("pages of version %d: %d rows, %v, want 1003", version, rows, err)
		}
	}
}
