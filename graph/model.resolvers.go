package graph

import (
	"context"
	"errors"

	"valse/graph/model"
	"valse/internal/pipeline"
	"valse/store"
)

func (r *mutationResolver) StartTraining(ctx context.Context, input model.TrainingInput) (*model.RunPayload, error) {
	training, err := decodeTraining(input)
	var run store.Run
	if err == nil {
		run, err = r.Pipeline.Queue(ctx, store.RunTrain, trainingTitle(training), training)
	}
	return newRunPayload(run, err)
}

func (r *mutationResolver) PublishModel(ctx context.Context, id string) (*model.RunPayload, error) {
	id = model.LocalID(model.KindModel, id)
	_, err := r.Pipeline.Info(ctx, id)
	var run store.Run
	if err == nil {
		run, err = r.Pipeline.Queue(ctx, store.RunPublish, "Publish "+id, pipeline.PublishInput{ModelID: id})
	}
	return newRunPayload(run, err)
}

func (r *mutationResolver) Rollback(ctx context.Context, id *string) (*model.PublicationPayload, error) {
	publication, err := r.Pipeline.Rollback(ctx, model.LocalID(model.KindModel, value(id)))
	payload := &model.PublicationPayload{}
	if payload.UserErrors, err = userErrors(err); err == nil && payload.UserErrors == nil {
		payload.Publication = &model.Publication{Publication: publication}
	}
	return payload, err
}

func (r *mutationResolver) DeleteModel(ctx context.Context, id string) (*model.ModelPayload, error) {
	id = model.LocalID(model.KindModel, id)
	info, err := r.Pipeline.Info(ctx, id)
	if err == nil {
		err = r.Pipeline.DeleteModel(ctx, id)
	}
	payload := &model.ModelPayload{}
	if payload.UserErrors, err = userErrors(err); err == nil && payload.UserErrors == nil {
		payload.Model = &model.Model{Info: info}
	}
	return payload, err
}

func (r *mutationResolver) SetSchedule(ctx context.Context, cron string, training *model.TrainingInput) (*model.SchedulePayload, error) {
	schedule, err := decodeSchedule(cron, training)
	if err == nil {
		err = r.Pipeline.SetSchedule(ctx, schedule)
	}
	payload := &model.SchedulePayload{}
	if payload.UserErrors, err = userErrors(err); err != nil || payload.UserErrors != nil {
		return payload, err
	}
	payload.Schedule = r.newSchedule(schedule)
	return payload, nil
}

func (r *queryResolver) Model(ctx context.Context, id string) (*model.Model, error) {
	info, err := r.Pipeline.Info(ctx, model.LocalID(model.KindModel, id))
	if errors.Is(err, store.ErrNotFound) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	published, err := r.publishedID(ctx)
	return &model.Model{Info: info, Published: info.ID == published}, err
}

func (r *queryResolver) Models(ctx context.Context) ([]model.Model, error) {
	infos, err := r.Pipeline.Models(ctx)
	if err != nil {
		return nil, err
	}
	published, err := r.publishedID(ctx)
	views := make([]model.Model, min(len(infos), maxFirst))
	for i := range views {
		views[i] = model.Model{Info: infos[i], Published: infos[i].ID == published}
	}
	return views, err
}

func (r *queryResolver) Publications(ctx context.Context, first int) ([]model.Publication, error) {
	if err := checkFirst(first, maxFirst); err != nil {
		return nil, err
	}
	publications, err := r.Store.Publications(ctx, first)
	views := make([]model.Publication, len(publications))
	for i, p := range publications {
		views[i] = model.Publication{Publication: p}
	}
	return views, err
}

func (r *queryResolver) Schedule(ctx context.Context) (*model.Schedule, error) {
	schedule, err := r.Pipeline.Schedule(ctx)
	if errors.Is(err, store.ErrNotFound) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	return r.newSchedule(schedule), nil
}
