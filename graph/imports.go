package graph

import (
	"context"

	"valse/graph/model"
	"valse/internal/pipeline"
	"valse/store"
	"valse/warehouse/sources"
)

// maxFiles bounds the files of one import.
const maxFiles = 10

// importRoles are what a file of an import can be.
var importRoles = []string{"interactions", "products", "users"}

// importSources lists the formats.
func importSources() []model.ImportSource {
	var views []model.ImportSource
	for _, s := range sources.All() {
		views = append(views, model.ImportSource{Name: s.Name(), Description: s.Describe(), Files: importRoles})
	}
	return views
}

// decodeImport finds the format and the uploaded files.
func (r *Resolver) decodeImport(ctx context.Context, in model.ImportInput) (pipeline.ImportInput, error) {
	request := pipeline.ImportInput{Source: in.Source, DryRun: in.DryRun, ContinueOnError: in.ContinueOnError}
	if _, err := sources.ByName(in.Source); err != nil {
		return request, err
	}
	if n := len(in.Files); n < 1 || n > maxFiles {
		return request, &store.Invalid{Field: "input.files", Want: "1 to 10 uploaded files"}
	}
	for _, f := range in.Files {
		file, err := r.Uploads.Upload(ctx, f.UploadID)
		if err != nil {
			return request, err
		}
		file.Role = value(f.Role)
		request.Files = append(request.Files, file)
	}
	return request, nil
}

// importTitle says in a few words what is imported.
func importTitle(in pipeline.ImportInput) string {
	if in.DryRun {
		return "Check " + in.Source + " files"
	}
	return "Import " + in.Source + " files"
}
