import { Button, Group, Stack, Text, Title } from '@mantine/core';
import { useMemo, useState } from 'react';
import { useQuery } from 'urql';
import { type CardProductFragment, CartProductsDocument, ShelvesDocument } from '../api/generated/shop/graphql';
import { LinkButton } from '../ui/links';
import { Loaded } from '../ui/Loaded';
import { Price } from '../ui/Price';
import { sumMoney } from '../ui/format';
import { EmptyState } from '../ui/States';
import { usePageTitle } from '../ui/usePageTitle';
import { type CartLine, countLines, useCart } from './cart';
import { CartRow, CartSkeleton } from './CartRow';
import classes from './CartPage.module.css';
import { ProductShelves } from './ProductShelf';
import { complain, useShop } from './ShopState';

/** The cart, and the way to buy what is in it. */
export function CartPage() {
  usePageTitle('Cart');
  const { lines } = useCart();
  const [bought, setBought] = useState(false);
  const last = lines.at(-1);
  return (
    <>
      <Title order={1} mb="lg">
        Cart
      </Title>
      {last ? <Filled lines={lines} onBought={() => setBought(true)} /> : bought ? <Thanks /> : <Empty />}
      {last && <GoesWith productId={last.id} />}
    </>
  );
}

function Filled({ lines, onBought }: { lines: CartLine[]; onBought: () => void }) {
  const ids = useMemo(() => lines.map(({ id }) => id), [lines]);
  const [result, retry] = useQuery({ query: CartProductsDocument, variables: { ids } });
  return (
    <Loaded result={result} retry={retry} skeleton={<CartSkeleton rows={lines.length} />}>
      {({ nodes }) => {
        const products = new Map(nodes.filter(isProduct).map((product) => [product.id, product]));
        return (
          <div className={classes.columns}>
            <ul className={classes.lines}>
              {lines.map((line) => (
                <CartRow key={line.id} line={line} product={products.get(line.id)} />
              ))}
            </ul>
            <Checkout lines={lines.filter(({ id }) => products.has(id))} products={products} onBought={onBought} />
          </div>
        );
      }}
    </Loaded>
  );
}

function isProduct<Node extends object>(node: Node | null): node is Node & CardProductFragment {
  return node !== null && 'productId' in node;
}

interface CheckoutProps {
  lines: CartLine[];
  products: Map<string, CardProductFragment>;
  onBought: () => void;
}

/** The sum, and the button that buys. */
function Checkout({ lines, products, onBought }: CheckoutProps) {
  const { actions } = useShop();
  const { clear } = useCart();
  const [buying, setBuying] = useState(false);
  const prices = lines.flatMap(({ id, quantity }) => {
    const price = products.get(id)?.price;
    return price ? [{ ...price, amount: price.amount * quantity }] : [];
  });
  const buy = async () => {
    setBuying(true);
    try {
      await actions.buy(lines);
      clear();
      onBought();
    } catch (error) {
      complain(error as Parameters<typeof complain>[0]);
    } finally {
      setBuying(false);
    }
  };
  const count = countLines(lines);
  return (
    <Stack className={classes.checkout} gap="md">
      <Group justify="space-between">
        <Text>
          {count} {count === 1 ? 'thing' : 'things'}
        </Text>
        <Price money={sumMoney(prices)} size="lg" />
      </Group>
      <Button size="md" fullWidth loading={buying} disabled={count === 0} onClick={() => void buy()}>
        Buy now
      </Button>
      <Text size="xs" c="dimmed">
        A demo: nothing is charged, but the purchase counts for your taste at once.
      </Text>
    </Stack>
  );
}

/** What people buy with what was put in last. */
function GoesWith({ productId }: { productId: string }) {
  const [{ data }] = useQuery({ query: ShelvesDocument, variables: { page: 'CART', productId, first: 12 } });
  return data ? <ProductShelves shelves={data.shelves} /> : null;
}

function Thanks() {
  return (
    <div role="status">
      <EmptyState title="Thank you" action={<LinkButton to="/">See what changed for you</LinkButton>}>
        It is bought, and your rows have already taken the hint.
      </EmptyState>
    </div>
  );
}

function Empty() {
  return (
    <EmptyState title="Your cart is empty" action={<LinkButton to="/">Find something</LinkButton>}>
      Things with a price can be put into it from their page or from the menu on their card.
    </EmptyState>
  );
}
