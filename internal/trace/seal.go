package trace

import (
	"context"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"fmt"
	"hash"
	"sync"
	"time"
)

// Settings keeps the key of the seal: the store's role of that name.
type Settings interface {
	InitSetting(ctx context.Context, name string, value []byte) ([]byte, error)
}

// keySetting is where the partition's servers agree on the key.
const keySetting = "trace/key"

// Sealer makes and opens ids of lists.
type Sealer struct {
	macs sync.Pool // of hash.Hash with the key; to set one up costs more than to use it
}

// NewSealer returns the partition's sealer, making its key at the first start.
func NewSealer(ctx context.Context, settings Settings) (*Sealer, error) {
	fresh := make([]byte, sha256.Size)
	rand.Read(fresh) // never fails
	key, err := settings.InitSetting(ctx, keySetting, fresh)
	if err != nil {
		return nil, fmt.Errorf("agree on the key of list ids: %w", err)
	}
	return &Sealer{macs: sync.Pool{New: func() any { return hmac.New(sha256.New, key) }}}, nil
}

// An id is the base64 of a version, the time in seconds, a random number that
// tells lists of one second apart, the origin and the seal.
//
//	1: first layout
const (
	idVersion = 1
	head      = 1 + 4 + 4
	sealSize  = 10 // of the 32 bytes of HMAC-SHA256: 2⁸⁰ guesses
)

// ID makes the id of a new list.
func (s *Sealer) ID(o Origin, at time.Time) string {
	b := make([]byte, head, head+64+sealSize)
	b[0] = idVersion
	binary.BigEndian.PutUint32(b[1:], uint32(at.Unix()))
	rand.Read(b[5:head])
	b = append(b, o.String()...)
	return base64.RawURLEncoding.EncodeToString(append(b, s.seal(b)...))
}

// Open returns the origin that an id was made for. It is false for everything
// that this partition's servers did not make.
func (s *Sealer) Open(id string) (Origin, bool) {
	b, err := base64.RawURLEncoding.Strict().DecodeString(id)
	if err != nil || len(b) < head+sealSize || b[0] != idVersion {
		return Origin{}, false
	}
	body, seal := b[:len(b)-sealSize], b[len(b)-sealSize:]
	if !hmac.Equal(seal, s.seal(body)) {
		return Origin{}, false
	}
	o, err := parseOrigin(string(body[head:]))
	return o, err == nil
}

func (s *Sealer) seal(body []byte) []byte {
	mac := s.macs.Get().(hash.Hash)
	defer s.macs.Put(mac)
	mac.Reset()
	mac.Write(body)
	return mac.Sum(nil)[:sealSize]
}
