package warehouse

import (
	"encoding/binary"
	"errors"
	"fmt"
	"io"

	"github.com/parquet-go/parquet-go"
	"github.com/parquet-go/parquet-go/encoding/thrift"
	"github.com/parquet-go/parquet-go/format"
)

// The Parquet decoder reserves what a file claims to hold before it looks
// whether it is there. So what is claimed is held against the file's own bytes
// first: the footer's length and the lengths in it, of each page its sizes and
// its number of values (here), and of each page's bytes what they unpack to and
// how many values their runs have (content.go).

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
	if err := walk(compact.NewReaderFromBytes(footer), 0); err != nil {
		return corrupt(name, "footer: %v", err)
	}
	return nil
}

// checkPages checks what the pages of all columns claim, once.
func (t *table) checkPages() error {
	if t.checked {
		return nil
	}
	leaves := leavesOf(t.Root())
	for _, group := range t.Metadata().RowGroups {
		if len(group.Columns) != len(leaves) {
			return corrupt(t.name, "a row group has %d columns, the schema %d", len(group.Columns), len(leaves))
		}
		for i, leaf := range leaves {
			if err := t.checkChunk(&content{leaf: leaf}, &group.Columns[i].MetaData); err != nil {
				return corrupt(t.name, "column %d: %v", i, err)
			}
		}
	}
	t.checked = true
	return nil
}

// leavesOf lists the columns that hold values, in the order of the file.
func leavesOf(column *parquet.Column) (leaves []*parquet.Column) {
	if column.Leaf() {
		return []*parquet.Column{column}
	}
	for _, below := range column.Columns() {
		leaves = append(leaves, leavesOf(below)...)
	}
	return leaves
}

// checkChunk walks the pages of one column of a row group.
func (t *table) checkChunk(c *content, chunk *format.ColumnMetaData) error {
	at := chunk.DataPageOffset
	if chunk.DictionaryPageOffset != 0 {
		at = chunk.DictionaryPageOffset
	}
	if size := t.Size(); at < 0 || chunk.TotalCompressedSize < 0 || at > size || chunk.TotalCompressedSize > size-at {
		return fmt.Errorf("it claims %d bytes from %d on in %d", chunk.TotalCompressedSize, at, size)
	}
	c.codec = chunk.Codec
	for end := at + chunk.TotalCompressedSize; at < end; {
		header, length, err := t.pageHeader(at, end)
		if err == nil {
			err = checkHeader(header, end-at-length)
		}
		if err == nil {
			err = c.check(header, io.NewSectionReader(t, at+length, int64(header.CompressedPageSize)))
		}
		if err != nil {
			return fmt.Errorf("page at %d: %w", at, err)
		}
		at += length + int64(header.CompressedPageSize)
	}
	return nil
}

// pageHeader reads the header of the page at a place and its length.
func (t *table) pageHeader(at, end int64) (*format.PageHeader, int64, error) {
	for window := int64(256); ; window *= 16 {
		b := make([]byte, min(window, end-at, maxPageHeader))
		if _, err := t.ReadAt(b, at); err != nil && !errors.Is(err, io.EOF) {
			return nil, 0, err
		}
		r := compact.NewReaderFromBytes(b)
		err := walk(r, 0)
		if (errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF)) && int64(len(b)) == window {
			continue
		}
		header := &format.PageHeader{}
		if err == nil {
			err = thrift.NewDecoder(compact.NewReaderFromBytes(b)).Decode(header)
		}
		return header, int64(r.(interface{ BytesRead() int }).BytesRead()), err
	}
}

// checkHeader checks what a page's header claims of the bytes that are left. It
// is of one kind of page.
func checkHeader(h *format.PageHeader, left int64) error {
	unpacked, packed := int64(h.UncompressedPageSize), int64(h.CompressedPageSize)
	v2 := &h.DataPageHeaderV2.V
	levels := int64(v2.DefinitionLevelsByteLength) + int64(v2.RepetitionLevelsByteLength)
	switch {
	case packed < 0 || packed > left:
		return fmt.Errorf("it claims %d bytes, %d are left", packed, left)
	case unpacked < 0 || unpacked > maxPage || unpacked > pageSlack+maxRatio*packed:
		return fmt.Errorf("it claims that %d bytes unpack to %d", packed, unpacked)
	case v2.DefinitionLevelsByteLength < 0 || v2.RepetitionLevelsByteLength < 0 || levels > packed:
		return fmt.Errorf("it claims levels of %d bytes in %d", levels, packed)
	case h.DataPageHeader.Valid != (h.Type == format.DataPage), h.DataPageHeaderV2.Valid != (h.Type == format.DataPageV2),
		h.DictionaryPageHeader.Valid != (h.Type == format.DictionaryPage):
		return fmt.Errorf("its header is not that of its kind, %v", h.Type)
	}
	for _, values := range []int32{h.DataPageHeader.V.NumValues, h.DictionaryPageHeader.V.NumValues, v2.NumValues, v2.NumNulls} {
		if values < 0 || values > maxPageValues {
			return fmt.Errorf("it claims %d values", values)
		}
	}
	return nil
}

// maxDepth bounds how deep structs and lists may lie in each other.
const maxDepth = 16

// walk reads a struct of a footer or page header and keeps nothing of it.
func walk(r thrift.Reader, depth int) error {
	for {
		field, err := r.ReadField()
		if err != nil || field.Type == thrift.STOP {
			return err
		}
		if field.Type == thrift.TRUE || field.Type == thrift.FALSE {
			continue // the type is the value
		}
		if err := walkValue(r, field.Type, depth+1); err != nil {
			return err
		}
	}
}

func walkValue(r thrift.Reader, kind thrift.Type, depth int) (err error) {
	if depth > maxDepth {
		return errors.New("it is nested too deep")
	}
	switch kind {
	case thrift.TRUE, thrift.FALSE:
		_, err = r.ReadBool()
	case thrift.I8:
		_, err = r.ReadInt8()
	case thrift.I16, thrift.I32, thrift.I64: // all written alike
		_, err = r.ReadInt64()
	case thrift.DOUBLE:
		_, err = r.ReadFloat64()
	case thrift.BINARY:
		_, err = r.ReadBytes()
	case thrift.LIST, thrift.SET:
		var list thrift.List
		list, err = r.ReadList()
		for n := int32(0); n < list.Size && err == nil; n++ { // each item has a byte at least
			err = walkValue(r, list.Type, depth+1)
		}
	case thrift.STRUCT:
		err = walk(r, depth)
	default: // Parquet has no maps
		err = fmt.Errorf("a field of type %d", kind)
	}
	return err
}
