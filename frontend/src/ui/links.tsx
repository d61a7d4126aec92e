import { ActionIcon, Anchor, Button } from '@mantine/core';
import { createLink } from '@tanstack/react-router';

/** A text link to a page, with typed path and search. */
export const LinkAnchor = createLink(Anchor<'a'>);

/** A button that leads to a page. */
export const LinkButton = createLink(Button<'a'>);

/** An icon that leads to a page. */
export const LinkIcon = createLink(ActionIcon<'a'>);
