package redis

import (
	"context"
	"crypto/sha1"
	"embed"
	"encoding/hex"
	"errors"
	"fmt"

	goredis "github.com/redis/go-redis/v9"
)

//go:embed scripts/*.lua
var scriptFiles embed.FS

// script is a Lua program and the digest the server knows it by.
type script struct{ name, source, digest string }

// The scripts, each described at the head of its file.
var (
	appendScript  = mustScript("append")
	historyScript = mustScript("history")
	ratingsScript = mustScript("ratings")
	eraseScript   = mustScript("erase")
	tombScript    = mustScript("tombstone")
	putScript     = mustScript("put")
	listingScript = mustScript("listing")
	usersScript   = mustScript("users")
	listsScript   = mustScript("lists")
	publishScript = mustScript("publish")
	acquireScript = mustScript("acquire")
	releaseScript = mustScript("release")
	raiseScript   = mustScript("raise")
)

// mustScript reads an embedded script, which is there or the build is broken.
func mustScript(name string) *script {
	source, err := scriptFiles.ReadFile("scripts/" + name + ".lua")
	if err != nil {
		panic("redis: " + err.Error())
	}
	return newScript(name, string(source))
}

func newScript(name, source string) *script {
	digest := sha1.Sum([]byte(source))
	return &script{name: name, source: source, digest: hex.EncodeToString(digest[:])}
}

// call is one run of a script.
type call struct {
	script *script
	keys   []string
	args   []any
	// gated calls are not for a server that does not know their script.
	gated bool
}

// run sends calls in one pipeline and returns their answers in order. A server
// that does not know a script, say after a restart, has not run it and gets
// its source.
func (s *Store) run(ctx context.Context, calls ...call) ([]any, error) {
	pipe := s.client.Pipeline()
	commands := make([]*goredis.Cmd, len(calls))
	for i, c := range calls {
		commands[i] = pipe.EvalSha(ctx, c.script.digest, c.keys, c.args...)
	}
	// Each command keeps its own error, the pipeline repeats the first.
	pipe.Exec(ctx)
	pipe = s.client.Pipeline()
	for i, c := range calls {
		if !c.gated && goredis.HasErrorPrefix(commands[i].Err(), "NOSCRIPT") {
			commands[i] = pipe.Eval(ctx, c.script.source, c.keys, c.args...)
		}
	}
	if pipe.Len() > 0 {
		pipe.Exec(ctx)
	}
	answers := make([]any, len(calls))
	var failed error
	for i, command := range commands {
		answer, err := command.Result()
		if err != nil {
			failed = errors.Join(failed, translate(calls[i].script.name, err))
		}
		answers[i] = answer
	}
	return answers, failed
}

// runOne runs a single call.
func (s *Store) runOne(ctx context.Context, sc *script, keys []string, args ...any) (any, error) {
	answers, err := s.run(ctx, call{script: sc, keys: keys, args: args})
	if err != nil {
		return nil, err
	}
	return answers[0], nil
}

// numbers reads an answer that is a list of integers.
func numbers(answer any) ([]int64, error) {
	list, ok := answer.([]any)
	if !ok {
		return nil, fmt.Errorf("redis: answer %T is not a list", answer)
	}
	out := make([]int64, len(list))
	for i, v := range list {
		if out[i], ok = v.(int64); !ok {
			return nil, fmt.Errorf("redis: answer %T is not an integer", v)
		}
	}
	return out, nil
}

// texts reads an answer that is a list of strings, where nothing stands for the
// empty one.
func texts(answer any) ([]string, error) {
	list, ok := answer.([]any)
	if !ok {
		return nil, fmt.Errorf("redis: answer %T is not a list", answer)
	}
	out := make([]string, len(list))
	for i, v := range list {
		switch v := v.(type) {
		case nil:
		case string:
			out[i] = v
		default:
			return nil, fmt.Errorf("redis: answer %T is not a string", v)
		}
	}
	return out, nil
}
