import { ActionIcon, Anchor, Button } from '@mantine/core';
import { createLink } from '@tanstack/react-router';
import type { ComponentProps } from 'react';

/** A text link to a page, with typed path and search. */
export const LinkAnchor = createLink(Anchor<'a'>);

/** A button that leads to a page. */
export const LinkButton = createLink((props: ComponentProps<typeof Button<'a'>>) => <Button {...props} component="a" />);

/** An icon that leads to a page. */
export const LinkIcon = createLink((props: ComponentProps<typeof ActionIcon<'a'>>) => (
  <ActionIcon {...props} component="a" />
));
