package warehouse

import (
	"encoding/binary"
	"errors"
	"fmt"
	"io"

	"github.com/klauspost/compress/gzip"
	"github.com/klauspost/compress/zstd"
	"github.com/parquet-go/parquet-go/encoding/thrift"
	"github.com/parquet-go/parquet-go/format"
)

// The Parquet decoder reserves what a file claims to hold before it looks
// whether it is there. So what is claimed is held against the file's own bytes
// first: the footer's length and the lengths in it, and of each page its sizes,
// its number of values and what its compressed bytes say they unpack to. What is
// left is what lies inside compressed bytes: a run of one value, of which the
// decoder takes up to 2²⁷, half a gigabyte, at its word, and a second frame.

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

// compact is the protocol of footers and page headers.
var compact thrift.CompactProtocol

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
	if err := walk(compact.NewReaderFromBytes(footer), 0, 0, func(_, _ int16, _ int64) {}); err != nil {
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
		r := compact.NewReaderFromBytes(b)
		err := walk(r, 0, 0, p.set)
		if (errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF)) && int64(len(b)) == window {
			continue
		}
		return p, int64(r.(interface{ BytesRead() int }).BytesRead()), err
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
// claim. Codecs that do not say are refused but for gzip, which is unpacked to
// count.
func (t *table) checkPacked(codec format.CompressionCodec, p pageClaims, at int64) error {
	packed := io.NewSectionReader(t, at+p.levels, p.packed-p.levels)
	head := make([]byte, min(packed.Size(), 18))
	if _, err := packed.ReadAt(head, 0); err != nil && !errors.Is(err, io.EOF) {
		return err
	}
	unpacked := int64(0)
	switch codec {
	case format.Uncompressed:
	case format.Snappy:
		length, _ := binary.Uvarint(head)
		unpacked = int64(min(length, maxPage+1))
	case format.Zstd:
		var frame zstd.Header
		switch err := frame.Decode(head); {
		case err != nil:
			return err
		case frame.Skippable: // the size is in the next one
			return errors.New("its bytes begin with a frame that is none")
		case frame.HasFCS:
			unpacked = int64(min(frame.FrameContentSize, maxPage+1))
		}
	case format.Gzip:
		unpacked = gzipSize(packed, p.unpacked)
	default:
		return fmt.Errorf("it is compressed by %v: none, SNAPPY, ZSTD and GZIP are read", codec)
	}
	if unpacked > p.unpacked {
		return fmt.Errorf("its bytes unpack to %d or more, it claims %d", unpacked, p.unpacked)
	}
	return nil
}

// gzipSize counts what a gzip stream unpacks to, up to one more than most. A
// damaged one ends where it is damaged, for its decoder too.
func gzipSize(packed io.Reader, most int64) int64 {
	stream, err := gzip.NewReader(packed)
	if err != nil {
		return 0
	}
	n, _ := io.CopyN(io.Discard, stream, most+1)
	return n
}

// maxDepth bounds how deep structs and lists may lie in each other.
const maxDepth = 16

// walk reads a struct of a footer or page header, which is the field within of
// another or 0, keeps nothing of it, and calls number with each integer in it
// and in the structs below.
func walk(r thrift.Reader, depth int, within int16, number func(within, id int16, value int64)) error {
	for id := int16(0); ; {
		field, err := r.ReadField()
		if err != nil || field.Type == thrift.STOP {
			return err
		}
		if field.Delta {
			id += field.ID
		} else {
			id = field.ID
		}
		if field.Type == thrift.TRUE || field.Type == thrift.FALSE {
			continue // the type is the value
		}
		if err := walkValue(r, field.Type, depth+1, within, id, number); err != nil {
			return err
		}
	}
}

func walkValue(r thrift.Reader, kind thrift.Type, depth int, within, id int16, number func(within, id int16, value int64)) (err error) {
	if depth > maxDepth {
		return errors.New("it is nested too deep")
	}
	switch kind {
	case thrift.TRUE, thrift.FALSE:
		_, err = r.ReadBool()
	case thrift.I8:
		_, err = r.ReadInt8()
	case thrift.I16, thrift.I32, thrift.I64: // all written alike
		var value int64
		value, err = r.ReadInt64()
		number(within, id, value)
	case thrift.DOUBLE:
		_, err = r.ReadFloat64()
	case thrift.BINARY:
		_, err = r.ReadBytes()
	case thrift.LIST, thrift.SET:
		var list thrift.List
		list, err = r.ReadList()
		for n := int32(0); n < list.Size && err == nil; n++ { // each item has a byte at least
			err = walkValue(r, list.Type, depth+1, id, 0, number)
		}
	case thrift.STRUCT:
		err = walk(r, depth, id, number)
	default: // Parquet has no maps
		err = fmt.Errorf("a field of type %d", kind)
	}
	return err
}
