package sources

import (
	"bytes"
	"context"
	"encoding/json"

	"valse/store"
)

// JSONL reads one JSON object a line, with the field names of [CSV].
type JSONL struct{}

// Name implements [Source].
func (JSONL) Name() string { return "jsonl" }

// Describe implements [Source].
func (JSONL) Describe() string {
	return "interactions.jsonl, products.jsonl and users.jsonl: one object a line with the fields of csv"
}

// Open implements [Source].
func (JSONL) Open(in Input) (Reader, error) {
	in, err := layout{
		interactions: []string{"interactions.jsonl", "interactions.ndjson"},
		products:     []string{"products.jsonl", "products.ndjson"},
		users:        []string{"users.jsonl", "users.ndjson"},
	}.place(in)
	return jsonlReader{in}, err
}

type jsonlReader struct{ in Input }

func (r jsonlReader) Files() []string { return r.in.files() }

func (r jsonlReader) Read(ctx context.Context, pass *Pass) error {
	// A field that is missing is empty, and rejected as that where it must not be.
	return readTables(ctx, pass, r.in, func(name string, _ []string, f func(Place, record) error) error {
		return pass.eachLine(ctx, name, func(at Place, line []byte) error {
			row, err := parseObject(line)
			if err != nil {
				return pass.rejectInvalid(ctx, at, err)
			}
			return f(at, row)
		})
	})
}

// parseObject reads a JSON object with texts, numbers, booleans and nulls, and
// perhaps one object "attributes" with more of them.
func parseObject(line []byte) (record, error) {
	var members map[string]json.RawMessage
	if err := json.Unmarshal(line, &members); err != nil || members == nil {
		return nil, &store.Invalid{Field: "line", Value: string(line), Want: "one JSON object"}
	}
	row := make(record, len(members))
	if nested, ok := members["attributes"]; ok && bytes.HasPrefix(nested, []byte("{")) {
		attributes, err := parseObject(nested)
		if err != nil {
			return nil, err
		}
		row = attributes
		delete(members, "attributes")
	}
	for name, raw := range members {
		value, ok := scalar(raw)
		if !ok {
			return nil, &store.Invalid{Field: name, Value: string(raw), Want: "a text, a number or a boolean"}
		}
		row[name] = value
	}
	return row, nil
}

// scalar returns a JSON scalar as text: numbers and booleans as they stand,
// null as nothing.
func scalar(raw json.RawMessage) (string, bool) {
	switch raw[0] {
	case '"':
		var text string
		err := json.Unmarshal(raw, &text)
		return text, err == nil
	case '{', '[':
		return "", false
	case 'n':
		return "", true
	}
	return string(raw), true
}
