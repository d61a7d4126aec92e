package sqlite

import "strings"

// rowsPerInsert are the sizes in which many rows are inserted: a statement with
// many rows spares most of what each call costs, and few sizes need few
// prepared statements.
var rowsPerInsert = []int{128, 32, 8, 1}

// rows collects rows and inserts them many at a time.
type rows struct {
	t       *tx
	into    string // table and columns
	columns int
	tail    string // what follows the values, like ON CONFLICT
	args    []any
}

func (t *tx) into(into string, columns int, tail string) *rows {
	return &rows{t: t, into: into, columns: columns, tail: tail, args: make([]any, 0, rowsPerInsert[0]*columns)}
}

// add adds one row.
func (r *rows) add(values ...any) error {
	r.args = append(r.args, values...)
	if len(r.args) < rowsPerInsert[0]*r.columns {
		return nil
	}
	return r.flush()
}

// flush inserts the rows added since the last flush.
func (r *rows) flush() error {
	left := r.args
	for _, size := range rowsPerInsert {
		for n := size * r.columns; len(left) >= n; left = left[n:] {
			if _, err := r.t.exec(r.statement(size), left[:n]...); err != nil {
				return err
			}
		}
	}
	r.args = r.args[:0]
	return nil
}

// statement inserts so many rows. A row that is refused leaves those before it
// (OR FAIL), which spares SQLite a copy of every page it touches: the savepoint
// around all of them undoes more than one statement anyway.
func (r *rows) statement(size int) string {
	row := "(?" + strings.Repeat(",?", r.columns-1) + ")"
	return "INSERT OR FAIL INTO " + r.into + " VALUES " + row + strings.Repeat(","+row, size-1) + r.tail
}
