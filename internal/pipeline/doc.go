// Package pipeline moves data between the online and the offline half and does
// the long work: the transporter, the queue of runs and those who work it off
// (import, train, publish), schedules, and what touches both halves at once
// (erase and export of a user).
//
// A run is a row of the store. [Pipeline.Queue] adds one; [Pipeline.Work]
// claims them one at a time under the process's name, beats while it works,
// and ends each as succeeded, failed or cancelled. When a worker dies its
// heart stops and another marks the run failed; nothing half-made is visible,
// since artefacts appear whole and a model serves only after the pointer flip,
// which needs the publish lease and its fencing token.
package pipeline
