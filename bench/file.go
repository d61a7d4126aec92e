package bench

import (
	"bufio"
	"encoding/binary"
	"errors"
	"io"
	"os"

	"valse/engine/als"
)

// The files that contestants share are bare little-endian numbers, which every
// language reads without a library. They last as long as the benchmark.

type writer struct {
	file *os.File
	*bufio.Writer
	err error
}

func newWriter(f *os.File) *writer {
	return &writer{file: f, Writer: bufio.NewWriterSize(f, 1<<20)}
}

func (w *writer) ints(values ...int64) { w.put(values) }

// chunk is how many numbers are encoded at a time, so that a large file costs
// no second copy of it in memory.
const chunk = 1 << 16

// put writes a slice of numbers.
func (w *writer) put(values any) {
	each(values, func(part any) error {
		if w.err == nil {
			w.err = binary.Write(w.Writer, binary.LittleEndian, part)
		}
		return w.err
	})
}

func (w *writer) close() error { return errors.Join(w.err, w.Flush(), w.file.Close()) }

type reader struct {
	io.Reader
	room []byte
	err  error
}

func newReader(r io.Reader) *reader {
	return &reader{Reader: r, room: make([]byte, 8*chunk)}
}

// get fills a slice of numbers. It takes no memory, which a contestant would be
// charged with.
func (r *reader) get(values any) {
	each(values, func(part any) error {
		if r.err == nil {
			room := r.room[:binary.Size(part)]
			if _, r.err = io.ReadFull(r.Reader, room); r.err == nil {
				_, r.err = binary.Decode(room, binary.LittleEndian, part)
			}
		}
		return r.err
	})
}

// each calls f with stretches of a slice until it fails.
func each(values any, f func(part any) error) {
	switch v := values.(type) {
	case []int64:
		stretches(v, f)
	case []int32:
		stretches(v, f)
	case []float32:
		stretches(v, f)
	}
}

func stretches[T any](v []T, f func(part any) error) {
	for lo := 0; lo < len(v); lo += chunk {
		if f(v[lo:min(lo+chunk, len(v))]) != nil {
			return
		}
	}
}

// writeFactors writes the users' factors and then the items'.
func writeFactors(path string, users, items als.Factors) error {
	f, err := os.Create(path)
	if err != nil {
		return err
	}
	w := newWriter(f)
	w.put(users.Data)
	w.put(items.Data)
	return w.close()
}

func readFactors(path string, users, items, rank int) (x, y als.Factors, err error) {
	f, err := os.Open(path)
	if err != nil {
		return x, y, err
	}
	defer f.Close()
	x, y = als.NewFactors(users, rank), als.NewFactors(items, rank)
	r := newReader(f)
	r.get(x.Data)
	r.get(y.Data)
	return x, y, r.err
}
