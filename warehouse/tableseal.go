package warehouse

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"hash"
	"io"
	"strings"
)

// A table has a seal: the SHA-256 of its own bytes, with zeros where the seal's
// digits are, among the metadata of its footer. So it can be told from a damaged
// one from the moment it has its name, before any manifest promises it. Tables
// of earlier versions have none, and foreign ones.
//
// The seal is looked for in the bytes, not by the decoder: a damaged footer may
// decode into one without it. What could hide it then is damage to the key
// alone, which leaves the other key to be decoded.
const (
	sealKey    = "valse.sha256"
	hasSealKey = "valse.sealed"
)

var (
	// noDigest are the digits of a seal while it is computed.
	noDigest = strings.Repeat("0", 2*sha256.Size)
	// sealMark comes before the digits: the key, and the type and length of
	// its value.
	sealMark = []byte(sealKey + "\x18\x40")
)

// sealWindow is how many of its last bytes have a table's seal. Behind the
// metadata come the footer's last fields only, some 100 bytes.
const sealWindow = 4096

// tableSeal passes a table on to a writer, and puts the seal into its end, which
// it holds back.
type tableSeal struct {
	to   io.Writer
	hash hash.Hash
	held *bytes.Buffer // nil before hold
}

func newTableSeal(to io.Writer) *tableSeal { return &tableSeal{to: to, hash: sha256.New()} }

// Write passes on or holds back.
func (s *tableSeal) Write(p []byte) (int, error) {
	if s.held != nil {
		return s.held.Write(p)
	}
	n, err := s.to.Write(p)
	s.hash.Write(p[:n])
	return n, err
}

// hold holds back what comes from now on: the footer, for one.
func (s *tableSeal) hold() { s.held = &bytes.Buffer{} }

// write puts the seal into what was held back and passes it on.
func (s *tableSeal) write() error {
	end := s.held.Bytes()
	at := bytes.LastIndex(end, sealMark)
	if at < 0 {
		return errors.New("the table's footer has no place for its seal")
	}
	s.hash.Write(end)
	hex.Encode(end[at+len(sealMark):], s.hash.Sum(nil))
	_, err := s.to.Write(end)
	return err
}

// sum returns the table's rows, size and SHA-256, to be promised of it. It is
// [ErrCorrupt] when the table is not as it was sealed.
func (t *table) sum() (Stored, error) {
	end := make([]byte, min(sealWindow, t.Size()))
	begin := t.Size() - int64(len(end))
	if _, err := t.file.ReadAt(end, begin); err != nil && !errors.Is(err, io.EOF) {
		return Stored{}, err
	}
	d := newDigest(io.Discard)
	if _, err := io.Copy(d, io.NewSectionReader(t.file, 0, begin)); err != nil {
		return Stored{}, err
	}
	sealed, err := d.hash.(hash.Cloner).Clone()
	if err == nil {
		err = t.checkSeal(sealed, end)
	}
	if err == nil {
		_, err = d.Write(end)
	}
	return d.stored(t.NumRows()), err
}

// checkSeal compares the seal in the table's end, if it has one, with the hash,
// which is that of all before the end.
func (t *table) checkSeal(before hash.Hash, end []byte) error {
	at := bytes.LastIndex(end, sealMark) + len(sealMark)
	if at < len(sealMark) || len(end)-at < len(noDigest) {
		if _, ok := t.Lookup(hasSealKey); ok {
			return corrupt(t.name, "its seal cannot be read")
		}
		return nil
	}
	before.Write(end[:at])
	before.Write([]byte(noDigest))
	before.Write(end[at+len(noDigest):])
	sum, seal := hex.EncodeToString(before.Sum(nil)), string(end[at:][:len(noDigest)])
	if sum != seal {
		return corrupt(t.name, "its SHA-256 is %s, it is sealed with %q", sum, seal)
	}
	t.trust()
	return nil
}

// trust spares the table the look at what its pages claim: its bytes are those
// that this program wrote, or looked at before it promised them. A file that is
// being imported may have a seal and a promise of its own.
func (t *table) trust() { t.checked = !strings.HasPrefix(t.name, tempFolder+"/") }

// checkSum compares the file's SHA-256 with what was promised of it, or of the
// file that it replaced.
func (t *table) checkSum(promised Stored) error {
	sum, err := t.sum()
	switch {
	case err != nil:
		return err
	case sum.SHA256 == promised.SHA256:
		t.trust()
	case t.replaces() != promised.SHA256:
		return corrupt(t.name, "its SHA-256 is %s, %s was promised", sum.SHA256, promised.SHA256)
	}
	return nil
}
