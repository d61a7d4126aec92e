package warehouse

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"io"
)

// A manifest is a JSON object whose last member is the SHA-256 of the bytes
// before it, so that a manifest too can be told from a damaged one.

const (
	sealBegin = ",\n  \"sha256\": \""
	sealEnd   = "\"\n}\n"
	sealSize  = len(sealBegin) + 2*sha256.Size + len(sealEnd)
)

// maxManifest bounds what is read of a manifest.
const maxManifest = 256 << 20

// writeSealed writes v, which encodes as an object with members, as a manifest.
func writeSealed(to io.Writer, v any) error {
	data, err := json.MarshalIndent(v, "", "  ")
	if err != nil {
		return err
	}
	data = bytes.TrimSuffix(data, []byte("\n}"))
	sum := sha256.Sum256(data)
	_, err = to.Write(append(data, sealBegin+hex.EncodeToString(sum[:])+sealEnd...))
	return err
}

// readSealed reads a manifest into v, strictly.
func readSealed(name string, from io.Reader, v any) error {
	data, err := io.ReadAll(io.LimitReader(from, maxManifest))
	if err != nil {
		return err
	}
	at := len(data) - sealSize
	if at < 0 {
		return corrupt(name, "%d bytes are too few for a manifest", len(data))
	}
	sum := sha256.Sum256(data[:at])
	if seal := sealBegin + hex.EncodeToString(sum[:]) + sealEnd; string(data[at:]) != seal {
		return corrupt(name, "it does not end with its own checksum: it was cut or changed")
	}
	decoder := json.NewDecoder(io.MultiReader(bytes.NewReader(data[:at]), bytes.NewReader([]byte("\n}"))))
	decoder.DisallowUnknownFields()
	if err := decoder.Decode(v); err != nil {
		return corrupt(name, "%v", err)
	}
	return nil
}

// replaceSealed replaces a file of the partition by v as a manifest.
func (w *Warehouse) replaceSealed(ctx context.Context, name string, v any) error {
	_, err := w.replace(ctx, name, func(to io.Writer) (int64, error) { return 0, writeSealed(to, v) })
	return err
}
