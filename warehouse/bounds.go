package warehouse

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"io"

	"github.com/parquet-go/parquet-go/format"
)

// The Parquet decoder reserves what a file claims to hold before it looks
// whether it is there. So what is claimed is held against the file's own bytes
// first: the footer's length and the lengths in it, and of each page its sizes,
// its number of values and what its compressed bytes say they unpack to. What is
// left is a run of one value inside compressed bytes: the decoder takes up to
// 2²⁷ of them, half a gigabyte, at its word.

const (
	// maxPage bounds a page, unpacked. Usual ones have 1 MiB at most.
	maxPage = 128 << 20
	// A page may unpack to pageSlack and maxRatio times its bytes.
	pageSlack = 4 << 20
	maxRatio  = 1000
	// maxPageValues bounds the values of a page.
	maxPageValues = 16 << 20
	// maxPageHeader bounds a page's header, which may hold its least and
	// greatest value.
	maxPageHeader = 1 << 20
)

// checkFooter checks that a footer lies in the file and that every length in it
// lies in the footer.
func checkFooter(name string, file io.ReaderAt, size int64) error {
	const tail = 8 // length and magic number
	if size < int64(len("PAR1"))+tail {
		return corrupt(name, "%d bytes are too few for a table", size)
	}
	end := make([]byte, tail)
	if _, err := file.ReadAt(end, size-tail); err != nil && !errors.Is(err, io.EOF) {
		return err
	}
	length := int64(binary.LittleEndian.Uint32(end))
	if length > size-tail {
		return corrupt(name, "it claims a footer of %d bytes in %d", length, size)
	}
	footer := make([]byte, length)
	if _, err := file.ReadAt(footer, size-tail-length); err != nil && !errors.Is(err, io.EOF) {
		return err
	}
	c := compact{bytes: footer}
	if err := c.structure(0, 0, func(_, _ int16, _ int64) {}); err != nil {
		return corrupt(name, "footer: %v", err)
	}
	return nil
}

// checkPages checks what the pages of all columns claim, once.
func (t *table) checkPages() error {
	if t.checked {
		return nil
	}
	for _, group := range t.Metadata().RowGroups {
		for i := range group.Columns {
			if err := t.checkChunk(&group.Columns[i].MetaData); err != nil {
				return corrupt(t.name, "column %d: %v", i, err)
			}
		}
	}
	t.checked = true
	return nil
}

// checkChunk walks the page headers of one column of a row group.
func (t *table) checkChunk(chunk *format.ColumnMetaData) error {
	at := chunk.DataPageOffset
	if chunk.DictionaryPageOffset != 0 {
		at = chunk.DictionaryPageOffset
	}
	if size := t.Size(); at < 0 || chunk.TotalCompressedSize < 0 || at > size || chunk.TotalCompressedSize > size-at {
		return fmt.Errorf("it claims %d bytes from %d on in %d", chunk.TotalCompressedSize, at, size)
	}
	end := at + chunk.TotalCompressedSize
	for values := int64(0); at < end && values < chunk.NumValues; {
		page, length, err := t.pageHeader(at, end)
		if err != nil {
			return fmt.Errorf("page at %d: %w", at, err)
		}
		at += length
		if err := page.check(end - at); err != nil {
			return fmt.Errorf("page at %d: %w", at, err)
		}
		if err := t.checkPacked(chunk.Codec, page, at); err != nil {
			return fmt.Errorf("page at %d: %w", at, err)
		}
		at += page.packed
		if page.kind != int64(format.DictionaryPage) {
			values += page.values
		}
	}
	return nil
}

// pageClaims is what a page's header says.
type pageClaims struct {
	kind, unpacked, packed, values int64
	levels                         int64 // bytes of a second-version page that are not compressed
}

// pageHeader reads the header of the page at a place and its length.
func (t *table) pageHeader(at, end int64) (p pageClaims, length int64, err error) {
	for window := int64(256); ; window *= 16 {
		b := make([]byte, min(window, end-at, maxPageHeader))
		if _, err := t.ReadAt(b, at); err != nil && !errors.Is(err, io.EOF) {
			return p, 0, err
		}
		p = pageClaims{}
		c := compact{bytes: b}
		err := c.structure(0, 0, p.set)
		if errors.Is(err, errShort) && int64(len(b)) == window {
			continue
		}
		return p, int64(c.at), err
	}
}

// set takes one number of a page's header. Its fields have these ids in
// parquet.thrift: 1 type, 2 and 3 the sizes; 5, 7 and 8 are the headers of the
// kinds of pages, which begin with the number of values.
func (p *pageClaims) set(within, id int16, value int64) {
	switch {
	case within == 0 && id == 1:
		p.kind = value
	case within == 0 && id == 2:
		p.unpacked = value
	case within == 0 && id == 3:
		p.packed = value
	case (within == 5 || within == 7 || within == 8) && id == 1:
		p.values = value
	case within == 8 && (id == 5 || id == 6):
		p.levels += value
	}
}

func (p *pageClaims) check(left int64) error {
	switch {
	case p.packed < 0 || p.packed > left:
		return fmt.Errorf("it claims %d bytes, %d are left", p.packed, left)
	case p.unpacked < 0 || p.unpacked > maxPage || p.unpacked > pageSlack+maxRatio*p.packed:
		return fmt.Errorf("it claims that %d bytes unpack to %d", p.packed, p.unpacked)
	case p.values < 0 || p.values > maxPageValues:
		return fmt.Errorf("it claims %d values", p.values)
	case p.levels < 0 || p.levels > p.packed:
		return fmt.Errorf("it claims levels of %d bytes in %d", p.levels, p.packed)
	}
	return nil
}

// checkPacked compares what compressed bytes say they unpack to with the page's
// claim, for the codecs whose decoders believe it.
func (t *table) checkPacked(codec format.CompressionCodec, p pageClaims, at int64) error {
	head := make([]byte, min(p.packed-p.levels, 18))
	if _, err := t.ReadAt(head, at+p.levels); err != nil && !errors.Is(err, io.EOF) {
		return err
	}
	unpacked := int64(0)
	switch codec {
	case format.Snappy:
		length, _ := binary.Uvarint(head)
		unpacked = int64(min(length, maxPage+1))
	case format.Zstd:
		unpacked = zstdSize(head)
	}
	if unpacked > p.unpacked {
		return fmt.Errorf("its bytes unpack to %d or more, it claims %d", unpacked, p.unpacked)
	}
	return nil
}

// zstdSize is the content size in the header of a Zstandard frame (RFC 8878,
// section 3.1.1.1), or 0 when it does not say.
func zstdSize(head []byte) int64 {
	rest, ok := bytes.CutPrefix(head, []byte{0x28, 0xb5, 0x2f, 0xfd})
	if !ok || len(rest) == 0 {
		return 0
	}
	flags := rest[0]
	single := flags>>5&1 == 1
	skip := 1 + []int{0, 1, 2, 4}[flags&3] // the descriptor and the dictionary's id
	if !single {
		skip++ // the window's size
	}
	var width int
	switch width = []int{0, 2, 4, 8}[flags>>6]; {
	case width == 0 && single:
		width = 1
	case width == 0:
		return 0
	}
	if len(rest) < skip+width {
		return 0
	}
	var field [8]byte
	copy(field[:], rest[skip:skip+width])
	size := binary.LittleEndian.Uint64(field[:])
	if width == 2 {
		size += 256
	}
	return int64(min(size, maxPage+1))
}

// compact walks a struct in Thrift's compact protocol, in which Parquet keeps
// its footer and page headers, without keeping anything.
type compact struct {
	bytes []byte
	at    int
}

// errShort says that a struct goes on behind the bytes that are there.
var errShort = errors.New("it ends early")

// The types of the compact protocol.
const (
	thriftTrue = iota + 1
	thriftFalse
	thriftByte
	thriftI16
	thriftI32
	thriftI64
	thriftDouble
	thriftBinary
	thriftList
	thriftSet
	thriftMap
	thriftStruct
)

// maxDepth bounds how deep structs may lie in each other.
const maxDepth = 16

// structure walks a struct that is the field within of another, or 0, and calls
// number with each integer in it and in the structs below.
func (c *compact) structure(depth int, within int16, number func(within, id int16, value int64)) error {
	if depth > maxDepth {
		return errors.New("it is nested too deep")
	}
	for id := int16(0); ; {
		head, err := c.byte()
		if err != nil || head == 0 {
			return err
		}
		if delta := head >> 4; delta != 0 {
			id += int16(delta)
		} else {
			value, err := c.varint()
			if err != nil {
				return err
			}
			id = int16(value)
		}
		if err := c.value(depth, head&15, within, id, number); err != nil {
			return err
		}
	}
}

func (c *compact) value(depth int, kind byte, within, id int16, number func(within, id int16, value int64)) error {
	switch kind {
	case thriftTrue, thriftFalse:
		return nil
	case thriftByte:
		_, err := c.byte()
		return err
	case thriftI16, thriftI32, thriftI64:
		value, err := c.varint()
		number(within, id, value)
		return err
	case thriftDouble:
		return c.skip(8)
	case thriftBinary:
		length, err := c.uvarint()
		if err != nil {
			return err
		}
		return c.skip(length)
	case thriftList, thriftSet:
		return c.list(depth, id, number)
	case thriftStruct:
		return c.structure(depth+1, id, number)
	default: // Parquet has no maps
		return fmt.Errorf("a field of type %d", kind)
	}
}

// list walks a list, whose items have at least a byte each.
func (c *compact) list(depth int, id int16, number func(within, id int16, value int64)) error {
	head, err := c.byte()
	if err != nil {
		return err
	}
	size := uint64(head >> 4)
	if size == 15 {
		if size, err = c.uvarint(); err != nil {
			return err
		}
	}
	if size > uint64(len(c.bytes)-c.at) {
		return errShort
	}
	for range size {
		kind := head & 15
		if kind == thriftTrue || kind == thriftFalse {
			kind = thriftByte // in a list a boolean is a byte
		}
		if err := c.value(depth, kind, id, 0, number); err != nil {
			return err
		}
	}
	return nil
}

func (c *compact) byte() (byte, error) {
	if c.at >= len(c.bytes) {
		return 0, errShort
	}
	c.at++
	return c.bytes[c.at-1], nil
}

func (c *compact) skip(n uint64) error {
	if n > uint64(len(c.bytes)-c.at) {
		return errShort
	}
	c.at += int(n)
	return nil
}

func (c *compact) uvarint() (uint64, error) {
	value, n := binary.Uvarint(c.bytes[c.at:])
	if n < 0 {
		return 0, errors.New("a number of more than 64 bits")
	}
	if n == 0 {
		return 0, errShort
	}
	c.at += n
	return value, nil
}

// varint reads a number in zigzag encoding.
func (c *compact) varint() (int64, error) {
	value, err := c.uvarint()
	return int64(value>>1) ^ -int64(value&1), err
}
