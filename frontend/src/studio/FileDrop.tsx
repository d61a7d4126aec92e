import { IconFileUpload } from '@tabler/icons-react';
import { useState } from 'react';
import classes from './FileDrop.module.css';

/** Takes files by dialog or by dropping them, several at once. The input lies over it all and does both. */
export function FileDrop({ add }: { add: (files: File[]) => void }) {
  const [over, setOver] = useState(false);
  return (
    <label className={classes.drop} data-over={over || undefined}>
      <IconFileUpload size={28} stroke={1.5} aria-hidden />
      <span>
        <b>Choose files</b> or drop them here
      </span>
      <small>Several at once, like a whole MovieLens folder: each is recognised by its name.</small>
      <input
        type="file"
        multiple
        className={classes.input}
        onDragEnter={() => setOver(true)}
        onDragLeave={() => setOver(false)}
        onDrop={() => setOver(false)}
        onChange={({ currentTarget }) => {
          add([...(currentTarget.files ?? [])]);
          currentTarget.value = ''; // the same file may be chosen again
        }}
      />
    </label>
  );
}
