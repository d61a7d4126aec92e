package graph

import (
	"context"

	"valse/graph/model"
	"valse/internal/pipeline"
)

func importTitle(in pipeline.ImportInput) string {
	if in.DryRun {
		return "Check import of " + in.Source
	}
	return "Import " + in.Source
}

func importSources() []model.ImportSource { return nil }

// decodeImport finds the uploaded files.
func (r *Resolver) decodeImport(ctx context.Context, in model.ImportInput) (pipeline.ImportInput, error) {
	request := pipeline.ImportInput{Source: in.Source, DryRun: in.DryRun, ContinueOnError: in.ContinueOnError}
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
