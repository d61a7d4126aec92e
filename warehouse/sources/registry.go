package sources

import (
	"strings"

	"valse/store"
)

// All lists every source there is. A new one is added here.
func All() []Source {
	return []Source{CSV{}, JSONL{}, MovieLens{}, OnlineRetail{}, Parquet{}}
}

// Names lists the sources' names.
func Names() []string {
	var names []string
	for _, source := range All() {
		names = append(names, source.Name())
	}
	return names
}

// ByName returns the source of that name; the error is a store.Invalid.
func ByName(name string) (Source, error) {
	for _, source := range All() {
		if source.Name() == name {
			return source, nil
		}
	}
	return nil, &store.Invalid{Field: "format", Value: name, Want: "one of " + strings.Join(Names(), ", ")}
}
