import { Text } from '@mantine/core';
import type { ProductQuery } from '../api/generated/shop/graphql';
import { formatDate } from '../ui/format';
import classes from './ProductFacts.module.css';

/** Description, date and attributes. */
export function ProductFacts({ product }: { product: NonNullable<ProductQuery['product']> }) {
  const facts = [
    ...(product.publishedAt ? [{ name: 'Released', value: formatDate(product.publishedAt) }] : []),
    ...product.attributes.filter(({ value }) => value !== ''),
  ];
  return (
    <>
      {product.description && (
        <Text maw={620} lh={1.65} className={classes.description}>
          {product.description}
        </Text>
      )}
      {facts.length > 0 && (
        <dl className={classes.facts}>
          {facts.map(({ name, value }) => (
            <div key={name}>
              <dt>{name.replaceAll('_', ' ')}</dt>
              <dd>{value}</dd>
            </div>
          ))}
        </dl>
      )}
    </>
  );
}
