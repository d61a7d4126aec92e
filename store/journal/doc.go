// Package journal stands before a store that may lose what it acknowledged and
// makes it keep its word: an interaction is on this machine's disk, in a log
// synced once per group of callers, before anybody is told that it is stored.
//
// # Parts
//
//	log      frames in segment files, each with its checksum (log.go, frame.go)
//	writer   gathers callers, appends one frame, passes it on
//	applier  hands frames to the backend in order, and puts back what the
//	         backend lost before anything is appended to it again
//	control  a copy of what is small and not in the archive: settings,
//	         publications, tombstones
//	tail     the newest interactions in memory, to answer from
//
// While the backend does not answer, interactions are accepted into the log and
// reads come from memory as far as they can: see the methods in read.go. What
// was accepted is applied later, in the order of the log.
//
// # What is put back
//
// A backend that started anew refuses to append until it was armed
// ([Backend]). Then, under a lease: tombstones first, so that nobody erased
// comes back; the interactions that the archive (the warehouse) holds beyond the
// backend's log, each at its old place, so that no place is ever given twice;
// products and users if the archive's are newer; settings and publications
// that are missing. After that the backend is armed and the log is applied from
// its beginning, which changes nothing where nothing was lost.
//
// The log is trimmed behind both: what the backend has applied and the archive
// holds. A folder serves one process at a time; several processes on a machine
// take neighbouring ones, and what a process left behind is adopted by the next
// that comes by.
//
// Without a folder there is no log: the backend's own promise is all there is,
// but what the archive holds is still put back.
package journal
