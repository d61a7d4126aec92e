import { Modal, Progress, Skeleton, Stack, Text } from '@mantine/core';
import { useQuery } from 'urql';
import { type RecommendationOptions, WhyDocument } from '../api/generated/shop/graphql';
import { formatShare } from '../ui/format';
import { Loaded } from '../ui/Loaded';
import { type Subject } from './ShopState';
import { phraseReason, phraseReasons, type Reason, reasonsOf } from './reasons';
import classes from './Why.module.css';

/** How many entries of the list are searched for the product. */
const searched = 24;

/** The viewer's reasons for one product of their list. */
function useReasons(product: Subject, options?: RecommendationOptions) {
  const [result, retry] = useQuery({
    query: WhyDocument,
    variables: { first: searched, options },
    requestPolicy: 'network-only',
  });
  return { result, retry, find: (data: NonNullable<typeof result.data>) => data.recommendations.items.find((item) => item.product.id === product.id) };
}

interface WhyProps {
  product: Subject;
  /** The list to look for it in. */
  options?: RecommendationOptions;
}

/** Says why a product is recommended: one sentence, then each reason with its share. */
export function Why({ product, options }: WhyProps) {
  const { result, retry, find } = useReasons(product, options);
  return (
    <Loaded result={result} retry={retry} skeleton={<Skeleton h={96} />}>
      {(data) => {
        const reasons = reasonsOf(find(data)?.explanation?.contributions ?? []);
        const sentence = phraseReasons(reasons);
        return sentence ? <Reasons sentence={sentence} reasons={reasons} /> : <NoReasons />;
      }}
    </Loaded>
  );
}

function Reasons({ sentence, reasons }: { sentence: string; reasons: Reason[] }) {
  const [most] = reasons;
  return (
    <Stack gap="sm">
      <Text fw={560}>{sentence}</Text>
      <ul className={classes.reasons}>
        {reasons
          .filter(({ share }) => Math.abs(share) >= 0.005)
          .map((reason) => (
            <li key={`${reason.type} ${reason.productId}`}>
              <span>You {phraseReason(reason)}</span>
              <span className={classes.share}>{reason.share < 0 ? 'counts against' : formatShare(reason.share)}</span>
              {reason.share > 0 && (
                <Progress value={(100 * reason.share) / most!.share} size={4} aria-hidden className={classes.bar} />
              )}
            </li>
          ))}
      </ul>
      <Text size="xs" c="dimmed">
        Shares are computed from your own history, and add up to the score.
      </Text>
    </Stack>
  );
}

function NoReasons() {
  return (
    <Text c="dimmed">
      Nothing you did points here yet: it is simply popular right now. Rate or like a few things, and the reasons will be
      yours.
    </Text>
  );
}

interface WhyModalProps extends WhyProps {
  opened: boolean;
  close: () => void;
}

/** The reasons in a dialog, for rows and grids. */
export function WhyModal({ product, options, opened, close }: WhyModalProps) {
  return (
    <Modal opened={opened} onClose={close} title={`Why ${product.title}?`} centered>
      <Why product={product} options={options} />
    </Modal>
  );
}
