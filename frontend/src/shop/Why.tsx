import { Modal, Progress, Skeleton, Stack, Text } from '@mantine/core';
import { useQuery } from 'urql';
import { WhyDocument } from '../api/generated/shop/graphql';
import { formatShare } from '../ui/format';
import { Loaded } from '../ui/Loaded';
import { type Subject } from './ShopState';
import { phraseLine, phraseReasons, type Reason, reasonsOf } from './reasons';
import classes from './Why.module.css';

interface WhyProps {
  product: Subject;
}

/** Says why a product is recommended: one sentence, then each reason with its share. */
export function Why({ product }: WhyProps) {
  const [result, retry] = useQuery({
    query: WhyDocument,
    variables: { productId: product.id },
    requestPolicy: 'network-only',
  });
  return (
    <Loaded result={result} retry={retry} skeleton={<Skeleton h={96} />}>
      {({ explanation }) => {
        const reasons = explanation ? reasonsOf(explanation) : [];
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
            <li key={reason.key}>
              <span>{phraseLine(reason)}</span>
              <span className={classes.share}>{reason.share < 0 ? 'counts against' : formatShare(reason.share)}</span>
              {reason.deed && reason.share > 0 && (
                <Progress value={(100 * reason.share) / most!.share} size={4} aria-hidden className={classes.bar} />
              )}
            </li>
          ))}
      </ul>
      <Text size="xs" c="dimmed">
        Shares are parts of all that speaks for it, computed from your own history.
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
export function WhyModal({ product, opened, close }: WhyModalProps) {
  return (
    <Modal opened={opened} onClose={close} title={`Why ${product.title}?`} centered>
      <Why product={product} />
    </Modal>
  );
}
