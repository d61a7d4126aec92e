package sources

import (
	"bufio"
	"bytes"
	"compress/gzip"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"

	"valse/store"
)

// Open opens a file for reading, unpacked if it is gzip and without a byte
// order mark. What is read of it counts as progress.
func (p *Pass) Open(name string) (io.ReadCloser, error) {
	file, err := os.Open(name)
	if err != nil {
		return nil, err
	}
	buffered := bufio.NewReaderSize(counting{file, &p.progress.Bytes}, 256<<10)
	if magic, _ := buffered.Peek(2); bytes.Equal(magic, []byte{0x1f, 0x8b}) {
		unpacked, err := gzip.NewReader(buffered)
		if err != nil {
			file.Close()
			return nil, fmt.Errorf("%s: %w", name, err)
		}
		buffered = bufio.NewReaderSize(unpacked, 256<<10)
	}
	if mark, _ := buffered.Peek(3); string(mark) == "\uFEFF" {
		buffered.Discard(3)
	}
	return struct {
		io.Reader
		io.Closer
	}{buffered, file}, nil
}

// counting counts the bytes read from a reader.
type counting struct {
	io.Reader
	bytes *int64
}

func (c counting) Read(b []byte) (int, error) {
	n, err := c.Reader.Read(b)
	*c.bytes += int64(n)
	return n, err
}

// maxLine bounds a line, and a row of CSV, which may have several: a small file
// that is gzipped may hold one without end.
const maxLine = 16 << 20

// errLong says what is wrong with a row without end.
var errLong = &store.Invalid{Field: "line", Want: "at most 16 MiB long"}

// bounded is a reader that gives up when a row takes more than maxLine. Who
// reads rows sets left to it before each.
type bounded struct {
	io.Reader
	left int
}

func (b *bounded) Read(to []byte) (int, error) {
	if b.left <= 0 {
		return 0, errLong
	}
	n, err := b.Reader.Read(to)
	b.left -= n
	return n, err
}

// eachLine calls f with each line of a file that is not empty, without its
// end. The line is good until f returns.
func (p *Pass) eachLine(ctx context.Context, name string, f func(at Place, line []byte) error) error {
	file, err := p.Open(name)
	if err != nil {
		return err
	}
	defer file.Close()
	at := Place{File: filepath.Base(name)}
	lines := bufio.NewScanner(file)
	lines.Buffer(make([]byte, 64<<10), maxLine)
	for lines.Scan() {
		at.Line++
		line := bytes.TrimSuffix(lines.Bytes(), []byte("\r"))
		if len(line) == 0 {
			continue
		}
		if err := f(at, line); err != nil {
			return err
		}
	}
	if err := lines.Err(); errors.Is(err, bufio.ErrTooLong) {
		return fmt.Errorf("%s:%d: %w", at.File, at.Line+1, errLong)
	} else if err != nil {
		return fmt.Errorf("%s:%d: %w", at.File, at.Line+1, err)
	}
	return ctx.Err()
}

// layout is how a format names its files.
type layout struct {
	interactions, products, users []string // first match wins; .gz is tried too
}

// place finds the files of an input.
func (l layout) place(in Input) (Input, error) {
	if in.Path != "" {
		info, err := os.Stat(in.Path)
		if err != nil {
			return in, &store.Invalid{Field: "path", Value: in.Path, Want: "a file or a folder that can be read"}
		}
		if info.IsDir() {
			in.Interactions = first(in.Interactions, find(in.Path, l.interactions))
			in.Products = first(in.Products, find(in.Path, l.products))
			in.Users = first(in.Users, find(in.Path, l.users))
		} else {
			l.placeFile(&in)
		}
	}
	if in.Interactions == "" && in.Products == "" && in.Users == "" {
		return in, &store.Invalid{Field: "path", Value: in.Path,
			Want: "a folder with " + strings.Join(append(append(l.interactions[:1:1], l.products[:min(1, len(l.products))]...), l.users[:min(1, len(l.users))]...), ", ")}
	}
	for _, name := range in.files() {
		if info, err := os.Stat(name); err != nil || info.IsDir() {
			return in, &store.Invalid{Field: "file", Value: name, Want: "a file that can be read"}
		}
	}
	return in, nil
}

// placeFile takes Path for the table that its name says, or interactions.
func (l layout) placeFile(in *Input) {
	name := strings.ToLower(filepath.Base(in.Path))
	switch {
	case strings.HasPrefix(name, "product") || strings.HasPrefix(name, "item"):
		in.Products = first(in.Products, in.Path)
	case strings.HasPrefix(name, "user"):
		in.Users = first(in.Users, in.Path)
	default:
		in.Interactions = first(in.Interactions, in.Path)
	}
}

// files are the files of an input that was placed.
func (in Input) files() []string {
	var names []string
	for _, name := range []string{in.Products, in.Users, in.Interactions} {
		if name != "" {
			names = append(names, name)
		}
	}
	return names
}

func first(names ...string) string {
	for _, name := range names {
		if name != "" {
			return name
		}
	}
	return ""
}

// find returns the path of the first of these names that the folder has.
func find(folder string, names []string) string {
	for _, name := range names {
		for _, suffix := range []string{"", ".gz"} {
			path := filepath.Join(folder, name+suffix)
			if info, err := os.Stat(path); err == nil && !info.IsDir() {
				return path
			}
		}
	}
	return ""
}
