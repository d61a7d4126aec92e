import { Badge, Button, Group, Text } from '@mantine/core';
import { useMutation } from 'urql';
import { errorMessage } from '../api/errors';
import { DeleteProductDocument, HideProductDocument, type StudioProductFragment } from '../api/generated/studio/graphql';
import { Cover } from '../ui/Cover';
import { Price } from '../ui/Price';
import classes from './ProductRow.module.css';
import { SureButton } from './SureButton';

/** One product of the catalogue, to hide, to show again or to remove. */
export function ProductRow({ product, removed }: { product: StudioProductFragment; removed: () => void }) {
  const [hiding, hide] = useMutation(HideProductDocument);
  const [deleting, remove] = useMutation(DeleteProductDocument);
  const error = hiding.error ?? deleting.error;
  const refused =
    (error && errorMessage(error)) ??
    hiding.data?.hideProduct.userErrors[0]?.message ??
    deleting.data?.deleteProduct.userErrors[0]?.message;
  const { title, hidden } = product;
  return (
    <li className={classes.row}>
      <div className={classes.cover}>
        <Cover src={product.imageUrl} title={title} />
      </div>
      <div className={classes.facts} data-hidden={hidden || undefined}>
        <Group gap="xs" component="span">
          <Text component="span" fw={600}>
            {title}
          </Text>
          {hidden && <Mark text="hidden" />}
          {!product.inStock && <Mark text="out of stock" />}
        </Group>
        <Text size="sm" c="dimmed">
          {[product.productId, product.category?.path, product.vendor?.name].filter(Boolean).join(' · ')}
        </Text>
        {refused && (
          <Text size="sm" c="var(--mantine-color-error)" role="alert">
            {refused}
          </Text>
        )}
      </div>
      <div className={classes.price}>
        <Price money={product.price} />
      </div>
      <Group gap="xs" wrap="nowrap" className={classes.actions}>
        <Button
          size="xs"
          variant="default"
          loading={hiding.fetching}
          aria-label={`${hidden ? 'Show' : 'Hide'} ${title}`}
          onClick={() => hide({ id: product.productId, hidden: !hidden })}
        >
          {hidden ? 'Show' : 'Hide'}
        </Button>
        <SureButton
          size="xs"
          label="Delete"
          about={title}
          loading={deleting.fetching}
          onSure={() => remove({ id: product.productId }).then(removed)}
        />
      </Group>
    </li>
  );
}

function Mark({ text }: { text: string }) {
  return (
    <Badge variant="outline" color="gray" c="dimmed" tt="none" fw={500} size="sm">
      {text}
    </Badge>
  );
}
