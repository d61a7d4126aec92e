package journal

import (
	"encoding/binary"
	"errors"
	"fmt"
	"hash/crc32"
)

// A segment is a file of the log: a header of headerSize bytes (magic and
// version), then frames. A frame is what one group of callers wrote, with one
// sync: a head of headSize bytes (mark, length and number of the payload,
// CRC-32C of length, number and payload, all little-endian), then the payload. A
// frame with an empty payload seals the segment: it was ended in order, so that
// whatever is missing before it was not lost with the power.
const (
	// version of segments and frames.
	//
	//	1: first version
	version    = 1
	magic      = "valsejnl"
	headerSize = len(magic) + 4

	frameMark = 0x31464a56 // "VJF1"
	headSize  = 4 + 4 + 8 + 4

	// maxPayload bounds a frame, and with it what a reader holds.
	maxPayload = 16 << 20
)

var castagnoli = crc32.MakeTable(crc32.Castagnoli)

// errFrame says that no whole frame begins here.
var errFrame = errors.New("no whole frame begins here")

// header is the beginning of every segment.
func header() []byte { return binary.LittleEndian.AppendUint32([]byte(magic), version) }

// checkHeader refuses what is not a segment of this version.
func checkHeader(segment []byte) error {
	if len(segment) < headerSize || string(segment[:len(magic)]) != magic {
		return errors.New("it is no segment of a journal")
	}
	if v := binary.LittleEndian.Uint32(segment[len(magic):]); v != version {
		return fmt.Errorf("format %d, this version reads %d", v, version)
	}
	return nil
}

// appendFrame appends a frame.
func appendFrame(b []byte, number uint64, payload []byte) []byte {
	b = binary.LittleEndian.AppendUint32(b, frameMark)
	summed := len(b)
	b = binary.LittleEndian.AppendUint32(b, uint32(len(payload)))
	b = binary.LittleEndian.AppendUint64(b, number)
	sum := crc32.Update(crc32.Checksum(b[summed:], castagnoli), castagnoli, payload)
	return append(binary.LittleEndian.AppendUint32(b, sum), payload...)
}

// cutFrame reads the frame that b begins with and returns what follows it.
func cutFrame(b []byte) (number uint64, payload, rest []byte, err error) {
	if len(b) < headSize || binary.LittleEndian.Uint32(b) != frameMark {
		return 0, nil, nil, errFrame
	}
	size := int(binary.LittleEndian.Uint32(b[4:]))
	if size > maxPayload || size > len(b)-headSize {
		return 0, nil, nil, errFrame
	}
	payload = b[headSize : headSize+size]
	sum := crc32.Update(crc32.Checksum(b[4:16], castagnoli), castagnoli, payload)
	if sum != binary.LittleEndian.Uint32(b[16:]) {
		return 0, nil, nil, errFrame
	}
	return binary.LittleEndian.Uint64(b[8:]), payload, b[headSize+size:], nil
}

// nextFrame finds the first whole frame at or after the beginning of b, or -1.
func nextFrame(b []byte) int {
	for at := 0; at+headSize <= len(b); at++ {
		if binary.LittleEndian.Uint32(b[at:]) != frameMark {
			continue
		}
		if _, _, _, err := cutFrame(b[at:]); err == nil {
			return at
		}
	}
	return -1
}
