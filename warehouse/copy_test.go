package warehouse

import (
	"bytes"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"valse/internal/disk"
)

func TestACopyOfAWarehouseIsTheSameToTheBit(t *testing.T) {
	w, log := fullWarehouse(t)
	root := t.TempDir()
	copied, err := w.CopyTo(t.Context(), root)
	if err != nil {
		t.Fatal(err)
	}
	to, err := Open(root, filepath.Base(w.dir), nil)
	if err != nil {
		t.Fatal(err)
	}
	names := files(t, w)
	if copied.Files == 0 || copied.Files != len(names) || strings.Join(files(t, to), " ") != strings.Join(names, " ") {
		t.Fatalf("copied %d files, %q, want %q", copied.Files, files(t, to), names)
	}
	for _, name := range names {
		want, err := os.ReadFile(w.path(name))
		if err != nil {
			t.Fatal(err)
		}
		if got, err := os.ReadFile(to.path(name)); err != nil || !bytes.Equal(got, want) {
			t.Errorf("%s differs (%v)", name, err)
		}
	}
	events, err := to.Events(t.Context())
	if err != nil || events.Len() != len(log) {
		t.Errorf("the copy has %d events (%v), want %d", events.Len(), err, len(log))
	}
}

func TestWhatIsDamagedIsNotCopied(t *testing.T) {
	w, _ := fullWarehouse(t)
	name := partWith(t, w, 500)
	damage(t, w, name)
	if _, err := w.CopyTo(t.Context(), t.TempDir()); !errors.Is(err, ErrCorrupt) || !strings.Contains(err.Error(), name) {
		t.Errorf("CopyTo() = %v, want %s named as corrupt", err, name)
	}
}

// fading loses a folder when the file in it that is opened is the second.
type fading struct {
	disk.FS
	folder string
	opened int
}

func (f *fading) Open(name string) (disk.File, error) {
	if filepath.Dir(name) == f.folder {
		if f.opened++; f.opened == 2 {
			if err := f.RemoveAll(f.folder); err != nil {
				return nil, err
			}
		}
	}
	return f.FS.Open(name)
}

func TestAModelThatIsDeletedWhileItIsCopiedIsLeftOut(t *testing.T) {
	w, _ := fullWarehouse(t)
	from := &Warehouse{fs: &fading{FS: w.fs, folder: w.path(modelFolder("m1"))}, dir: w.dir}
	root := t.TempDir()
	if _, err := from.CopyTo(t.Context(), root); err != nil {
		t.Fatal(err)
	}
	to, err := Open(root, filepath.Base(w.dir), nil)
	if err != nil {
		t.Fatal(err)
	}
	infos, err := to.Models(t.Context())
	if err != nil || len(infos) != 1 || infos[0].ID != "m2" {
		t.Errorf("the copy has the models %v (%v), want m2", infos, err)
	}
}
