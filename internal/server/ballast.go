package server

import (
	"os"
	"sync"
)

// ballast is never touched and so takes no memory. The garbage collector comes
// when there is as much garbage as there is in use, which in a small shop is so
// little that it takes a sixth of the processor's time; ballast counts as in use,
// and lets so much more garbage lie. To a large shop it makes no difference.
const ballast = 64 << 20

// ballasted takes the ballast, unless the environment has the collector run as
// whoever started the process wants it.
var ballasted = sync.OnceValue(func() []byte {
	if os.Getenv("GOGC") != "" || os.Getenv("GOMEMLIMIT") != "" {
		return nil
	}
	return make([]byte, ballast)
})
