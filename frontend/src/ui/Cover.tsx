import { useState } from 'react';
import classes from './Cover.module.css';

/** A product's picture in a frame of fixed shape; its initial where the picture cannot be loaded. */
export function Cover({ src, title, eager = false }: { src: string; title: string; eager?: boolean }) {
  const [state, setState] = useState<'loading' | 'shown' | 'failed'>('loading');
  return (
    <div className={classes.frame} data-state={state}>
      {state === 'failed' ? (
        <span className={classes.initial} aria-hidden>
          {title.trim().charAt(0).toUpperCase() || '·'}
        </span>
      ) : (
        <img
          src={src}
          alt=""
          loading={eager ? 'eager' : 'lazy'}
          decoding="async"
          draggable={false}
          className={classes.image}
          onLoad={() => setState('shown')}
          onError={() => setState('failed')}
        />
      )}
    </div>
  );
}
