import { Container, Group } from '@mantine/core';
import type { ReactNode } from 'react';
import classes from './Shell.module.css';

interface ShellProps {
  /** The logo, linked to the start page. */
  brand: ReactNode;
  /** What fills the header between logo and actions, like a search field or navigation. */
  middle?: ReactNode;
  /** Buttons at the header's end. */
  actions?: ReactNode;
  /** A second line under the header, like departments or tabs. */
  subnav?: ReactNode;
  footer?: ReactNode;
  /** Width of the content in pixels. */
  width?: number;
  children: ReactNode;
}

/** The frame of every page: skip link, sticky header, main content, footer. */
export function Shell({ brand, middle, actions, subnav, footer, width = 1320, children }: ShellProps) {
  return (
    <>
      <a href="#main" className={classes.skip}>
        Skip to content
      </a>
      <header className={classes.header}>
        <Container size={width}>
          <div className={classes.bar}>
            {brand}
            <div className={classes.middle}>{middle}</div>
            <Group gap={4} wrap="nowrap">
              {actions}
            </Group>
          </div>
        </Container>
        {subnav && (
          <Container size={width} className={classes.subnav}>
            {subnav}
          </Container>
        )}
      </header>
      <Container size={width} component="main" id="main" tabIndex={-1} className={classes.main}>
        {children}
      </Container>
      {footer && (
        <footer className={classes.footer}>
          <Container size={width}>{footer}</Container>
        </footer>
      )}
    </>
  );
}
