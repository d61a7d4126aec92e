package redis

import (
	"context"

	goredis "github.com/redis/go-redis/v9"
)

// cancelAfter ends a context as soon as a command of that name has run, as if
// the process had died there.
type cancelAfter struct {
	name   string
	cancel context.CancelFunc
}

func (c cancelAfter) DialHook(next goredis.DialHook) goredis.DialHook { return next }

func (c cancelAfter) ProcessHook(next goredis.ProcessHook) goredis.ProcessHook {
	return func(ctx context.Context, cmd goredis.Cmder) error {
		err := next(ctx, cmd)
		if cmd.Name() == c.name {
			c.cancel()
		}
		return err
	}
}

func (c cancelAfter) ProcessPipelineHook(next goredis.ProcessPipelineHook) goredis.ProcessPipelineHook {
	return next
}
