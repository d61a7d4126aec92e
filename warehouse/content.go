package warehouse

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"math/bits"
	"slices"

	"github.com/klauspost/compress/gzip"
	"github.com/klauspost/compress/snappy"
	"github.com/klauspost/compress/zstd"
	"github.com/parquet-go/parquet-go"
	"github.com/parquet-go/parquet-go/encoding/delta"
	"github.com/parquet-go/parquet-go/format"
)

// content holds the bytes of the pages of one column against their headers,
// whose claims are within bounds.
type content struct {
	leaf  *parquet.Column
	codec format.CompressionCodec

	packed, unpacked []byte // of the page, to be used again for the next
}

// check unpacks a page and counts the values that its levels, and its values
// where few bytes may stand for many, are said to have.
func (c *content) check(h *format.PageHeader, from io.Reader) (err error) {
	c.packed = slices.Grow(c.packed[:0], int(h.CompressedPageSize))[:h.CompressedPageSize]
	if _, err := io.ReadFull(from, c.packed); err != nil {
		return err
	}
	most := int(h.UncompressedPageSize)
	switch h.Type {
	case format.DataPage:
		v1 := &h.DataPageHeader.V
		data, err := c.unpack(c.packed, most)
		if err == nil && c.leaf.MaxRepetitionLevel() > 0 {
			data, err = checkLevels(v1.RepetitionLevelEncoding, c.leaf.MaxRepetitionLevel(), data, v1.NumValues)
		}
		if err == nil && c.leaf.MaxDefinitionLevel() > 0 {
			data, err = checkLevels(v1.DefinitionLevelEncoding, c.leaf.MaxDefinitionLevel(), data, v1.NumValues)
		}
		if err != nil {
			return err
		}
		return c.checkValues(v1.Encoding, data, v1.NumValues)
	case format.DataPageV2:
		v2 := &h.DataPageHeaderV2.V
		repetition, data := split(c.packed, v2.RepetitionLevelsByteLength)
		definition, data := split(data, v2.DefinitionLevelsByteLength)
		if greatest := c.leaf.MaxRepetitionLevel(); greatest > 0 {
			err = checkRuns(repetition, bits.Len(uint(greatest)), v2.NumValues)
		}
		if greatest := c.leaf.MaxDefinitionLevel(); err == nil && greatest > 0 {
			err = checkRuns(definition, bits.Len(uint(greatest)), v2.NumValues)
		}
		if compressed := v2.IsCompressed; err == nil && (!compressed.Valid || compressed.V) {
			data, err = c.unpack(data, most)
		}
		if err != nil {
			return err
		}
		return c.checkValues(v2.Encoding, data, v2.NumValues)
	case format.DictionaryPage:
		dictionary := &h.DictionaryPageHeader.V
		data, err := c.unpack(c.packed, most)
		if err != nil {
			return err
		}
		if int(dictionary.NumValues) > len(data) {
			return fmt.Errorf("it claims %d values in %d bytes", dictionary.NumValues, len(data))
		}
		if dictionary.Encoding != format.PlainDictionary { // which means plain here
			return c.checkValues(dictionary.Encoding, data, dictionary.NumValues)
		}
	}
	return nil
}

func split(data []byte, n int32) (first, rest []byte) { return data[:n], data[n:] }

// unzstd unpacks Zstandard frames into the room that there is.
var unzstd, _ = zstd.NewReader(nil, zstd.WithDecodeAllCapLimit(true)) // the options are constants

// unpack unpacks a page that claims to have so many bytes. Codecs whose blocks
// do not say what they unpack to are refused.
func (c *content) unpack(packed []byte, most int) (data []byte, err error) {
	if c.codec == format.Uncompressed {
		return packed, nil
	}
	room := most
	if c.codec == format.Gzip {
		room++ // to see whether there is more
	}
	c.unpacked = slices.Grow(c.unpacked[:0], room)
	data = c.unpacked[:0:room]
	switch c.codec {
	case format.Snappy:
		var n int
		if n, err = snappy.DecodedLen(packed); n > most {
			err = fmt.Errorf("%d bytes", n)
		}
		if err == nil {
			data, err = snappy.Decode(data[:room], packed)
		}
	case format.Zstd:
		data, err = unzstd.DecodeAll(packed, data)
	case format.Gzip:
		var stream *gzip.Reader
		if stream, err = gzip.NewReader(bytes.NewReader(packed)); err == nil {
			var n int
			if n, err = io.ReadFull(stream, data[:room]); n > most {
				err = errors.New("more")
			} else if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
				err = nil // whether it is whole is the decoder's to say
			}
			data = data[:min(n, most)]
		}
	default:
		return nil, fmt.Errorf("it is compressed by %v: none, SNAPPY, ZSTD and GZIP are read", c.codec)
	}
	if err != nil {
		return nil, fmt.Errorf("its bytes do not unpack to the %d that it claims: %w", most, err)
	}
	return data, nil
}

// checkLevels checks the levels at the front of a first-version page, which say
// how long they are, and returns what follows.
func checkLevels(encoding format.Encoding, greatest int, data []byte, values int32) (rest []byte, err error) {
	levels, rest, err := prefixed(data)
	if err == nil && encoding == format.RLE {
		err = checkRuns(levels, bits.Len(uint(greatest)), values)
	}
	return rest, err
}

// prefixed splits off bytes that come after their length.
func prefixed(data []byte) (first, rest []byte, err error) {
	if len(data) < 4 || uint64(binary.LittleEndian.Uint32(data)) > uint64(len(data)-4) {
		return nil, nil, errors.New("it claims runs that are longer than it is")
	}
	n := 4 + binary.LittleEndian.Uint32(data)
	return data[4:n], data[n:], nil
}

// checkValues checks the values of a page where they are encoded such that few
// bytes may stand for many.
func (c *content) checkValues(encoding format.Encoding, data []byte, values int32) error {
	switch encoding {
	case format.PlainDictionary, format.RLEDictionary:
		if len(data) == 0 {
			return nil
		}
		return checkRuns(data[1:], int(data[0]), values)
	case format.RLE:
		if c.leaf.Type().Kind() != parquet.Boolean {
			return fmt.Errorf("values of kind %v are no runs", c.leaf.Type().Kind())
		}
		runs, _, err := prefixed(data)
		if err != nil {
			return err
		}
		return checkRuns(runs, 1, values)
	case format.DeltaBinaryPacked, format.DeltaLengthByteArray:
		_, err := skipDeltas(data, values)
		return err
	case format.DeltaByteArray:
		return checkPrefixes(data, values)
	}
	return nil
}

// checkRuns checks that runs of integers, each of one value or of packed bits,
// have no more values than the page, but for those that fill up the last eight.
func checkRuns(runs []byte, width int, values int32) error {
	if width > 32 {
		return fmt.Errorf("it has integers of %d bits", width)
	}
	for left := uint64(values) + 7; len(runs) > 0; {
		header, n := binary.Uvarint(runs)
		if n <= 0 {
			return errors.New("a run has no length")
		}
		count, size := header>>1, uint64(width+7)/8
		if header&1 == 1 && count <= left {
			count, size = count*8, count*uint64(width)
		}
		if count > left {
			return fmt.Errorf("its runs have more than the %d values that it claims", values)
		}
		if size > uint64(len(runs)-n) {
			return fmt.Errorf("a run of %d values is cut short", count)
		}
		runs, left = runs[n+int(size):], left-count
	}
	return nil
}

// skipDeltas checks integers that are packed as deltas, blocks of miniature
// blocks, and returns what follows them.
func skipDeltas(data []byte, values int32) (rest []byte, err error) {
	var head [3]uint64 // size of a block, miniature blocks in it, integers
	r := bytes.NewReader(data)
	for i := range head {
		if err == nil {
			head[i], err = binary.ReadUvarint(r)
		}
	}
	if err == nil {
		_, err = binary.ReadVarint(r) // the first integer
	}
	if err != nil {
		return nil, errors.New("deltas without a header")
	}
	block, parts, count := head[0], head[1], head[2]
	if count > uint64(values) || block > maxPage || parts == 0 || parts > block {
		return nil, fmt.Errorf("it claims %d deltas in %d parts of blocks of %d for %d values", count, parts, block, values)
	}
	each := int64(block / parts)
	for left := int64(count) - 1; left > 0; {
		if _, err := binary.ReadVarint(r); err != nil || uint64(r.Len()) < parts {
			return nil, errors.New("deltas are cut short")
		}
		widths := data[len(data)-r.Len():][:parts]
		skip := int64(parts)
		for _, width := range widths {
			if left > 0 { // else there is no such part
				skip += each * int64(width) / 8
				left -= each
			}
		}
		if _, err := r.Seek(skip, io.SeekCurrent); err != nil || skip > int64(len(data)) {
			return nil, errors.New("deltas are cut short")
		}
	}
	return data[len(data)-r.Len():], nil
}

// checkPrefixes checks texts that leave out what they begin with like the one
// before: together they may be far longer than the page.
func checkPrefixes(data []byte, values int32) error {
	total := int64(0)
	for range 2 { // lengths of what is left out, and of what is there
		rest, err := skipDeltas(data, values)
		if err != nil {
			return err
		}
		lengths, err := new(delta.BinaryPackedEncoding).DecodeInt32(nil, data[:len(data)-len(rest)])
		if err != nil {
			return err
		}
		for _, n := range lengths {
			if total += int64(n); n < 0 || total > maxPage {
				return fmt.Errorf("its texts have more than %d bytes", maxPage)
			}
		}
		data = rest
	}
	return nil
}
