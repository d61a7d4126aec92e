import { IconFileUpload } from '@tabler/icons-react';
import { type DragEvent, useState } from 'react';
import classes from './FileDrop.module.css';

/** Takes files by dialog or by dropping them, several at once. */
export function FileDrop({ add }: { add: (files: File[]) => void }) {
  const [over, setOver] = useState(false);
  function drop(event: DragEvent) {
    event.preventDefault();
    setOver(false);
    add([...event.dataTransfer.files]);
  }
  return (
    <label
      className={classes.drop}
      data-over={over || undefined}
      onDragOver={(event) => {
        event.preventDefault();
        setOver(true);
      }}
      onDragLeave={() => setOver(false)}
      onDrop={drop}
    >
      <IconFileUpload size={28} stroke={1.5} aria-hidden />
      <span>
        <b>Choose files</b> or drop them here
      </span>
      <small>Several at once, like a whole MovieLens folder: each is recognised by its name.</small>
      <input
        type="file"
        multiple
        className={classes.input}
        onChange={({ currentTarget }) => {
          add([...(currentTarget.files ?? [])]);
          currentTarget.value = ''; // the same file may be chosen again
        }}
      />
    </label>
  );
}
