import { Button } from '@mantine/core';
import { useMutation } from 'urql';
import { type OverviewQuery, TransportNowDocument } from '../api/generated/studio/graphql';
import { formatAgo, formatBytes, formatCompact, formatNumber } from '../ui/format';
import { LinkButton } from '../ui/links';
import { Beat } from './Beat';
import { lift, qualityOf } from './quality';

type OverviewData = { overview: OverviewQuery['overview'] };

/** What people did so far, and whether the warehouse has it. */
export function Collect({ overview, moved }: OverviewData & { moved: () => void }) {
  const [{ fetching }, move] = useMutation(TransportNowDocument);
  const { interactions, users, products, warehouse } = overview;
  const waiting = warehouse.lag > 0;
  return (
    <Beat
      title="Collect"
      on={interactions > 0}
      figure={interactions > 0 ? `${formatCompact(interactions)} events` : 'No events yet'}
      actions={
        <>
          <LinkButton to="/studio/data" variant={interactions > 0 ? 'default' : 'filled'} size="xs">
            Import data
          </LinkButton>
          {waiting && (
            <Button size="xs" variant="default" loading={fetching} onClick={() => move({}).then(moved)}>
              Move {formatCompact(warehouse.lag)} to the warehouse
            </Button>
          )}
        </>
      }
    >
      {interactions > 0
        ? `by ${formatNumber(users)} people on ${formatNumber(products)} products. `
        : 'They arrive through an import, the shop or the API. '}
      {warehouse.rows > 0 &&
        `The warehouse holds ${waiting ? formatNumber(warehouse.rows) : 'all of them'} in ${formatBytes(warehouse.bytes)}.`}
    </Beat>
  );
}

/** The model that serves, and what it is worth. */
export function Learn({ overview }: OverviewData) {
  const model = overview.publishedModel;
  const quality = model && qualityOf(model);
  if (!model) {
    return (
      <Beat
        title="Learn"
        on={false}
        figure="No model yet"
        actions={
          <LinkButton to="/studio/train" variant={overview.interactions > 0 ? 'filled' : 'default'} size="xs">
            Train a model
          </LinkButton>
        }
      >
        A training reads every event and learns the taste of each person and the kind of each product.
      </Beat>
    );
  }
  return (
    <Beat
      title="Learn"
      on
      figure={quality ? lift(quality) : `Rank ${model.settings.rank}`}
      actions={
        <>
          <LinkButton to="/studio/models/$modelId" params={{ modelId: model.modelId }} variant="default" size="xs">
            Open the model
          </LinkButton>
          <LinkButton to="/studio/train" variant="default" size="xs">
            Train again
          </LinkButton>
        </>
      }
    >
      {quality
        ? `on events it had not seen: ${quality.metric} ${quality.value.toFixed(4)}, ${quality.baselineName} ${quality.baseline.toFixed(4)}.`
        : 'It was not measured on held-out events.'}{' '}
      Trained {formatAgo(model.createdAt)} on {formatCompact(model.interactions)} events.
    </Beat>
  );
}

/** What people get to see, and how safe their clicks are. */
export function Recommend({ data }: { data: OverviewQuery }) {
  const { publishedModel, durability } = data.overview;
  const [publication] = data.publications;
  return (
    <Beat
      title="Recommend"
      on={publishedModel !== null}
      figure={publishedModel ? 'Live lists' : 'Best-sellers'}
      actions={
        <>
          <Button component="a" href="/" variant="default" size="xs">
            See the shop
          </Button>
          <LinkButton to="/studio/users" variant="default" size="xs">
            Look into a list
          </LinkButton>
        </>
      }
    >
      {publishedModel
        ? `that change with every click${publication ? `, published ${formatAgo(publication.time)}` : ''}. `
        : 'for everyone, until a model is published. '}
      {sentence(durability)}
    </Beat>
  );
}

function sentence(text: string): string {
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}.`;
}
