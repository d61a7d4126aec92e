import { gql } from '@urql/core';
import { cacheExchange, type Cache, type ResolveInfo } from '@urql/exchange-graphcache';
import { relayPagination } from '@urql/exchange-graphcache/extras';
import type { InteractionInput, RecordInteractionsMutation } from './generated/api/graphql';

/** Types of the schema that have no id: each is kept inside the object it was read from. */
export const embeddedTypes = [
  'ArmOutcome',
  'Attribute',
  'Calibration',
  'Contribution',
  'DayActivity',
  'DeadLetter',
  'DiffEntry',
  'Estimate',
  'Evaluation',
  'EvaluationReport',
  'Experiment',
  'ExperimentArm',
  'Explanation',
  'Funnel',
  'ImportSource',
  'InteractionResult',
  'InterviewWay',
  'Interviews',
  'ListExperiment',
  'ListSpread',
  'MetricAt',
  'MissingFile',
  'ModelDiff',
  'ModelSettings',
  'Money',
  'Overview',
  'Persona',
  'Publication',
  'Question',
  'Rate',
  'Recommendation',
  'RecommendationList',
  'Results',
  'ResultsDay',
  'ResultsGroup',
  'Rule',
  'RuleBook',
  'RuleMatch',
  'RulePreview',
  'RulePreviewItem',
  'RunPoint',
  'Schedule',
  'Shelf',
  'Sweep',
  'Trial',
  'Tuned',
  'TypeCount',
  'UserDiff',
  'UserError',
  'UserRating',
  'Verdict',
  'Viewer',
  'WarehouseStatus',
];

const viewerRating = gql`
  fragment RatedProduct on Product {
    id
    viewerRating
  }
`;

/** Shows new ratings at once, and reads histories again when the server has the event. */
function onRecorded(
  result: RecordInteractionsMutation,
  args: { interactions: InteractionInput[] },
  cache: Cache,
  info: ResolveInfo,
) {
  if (result.recordInteractions.userErrors.length > 0) return;
  for (const event of args.interactions) {
    if (event.type === 'RATING') {
      cache.writeFragment(viewerRating, { id: event.productId, viewerRating: event.value || null });
    }
  }
  if (!info.optimistic) forget(cache, ['interactions', 'user']);
}

/** Drops root fields from the cache, whatever their arguments. */
function forget(cache: Cache, fields: string[]) {
  for (const field of cache.inspectFields('Query')) {
    if (fields.includes(field.fieldName)) cache.invalidate('Query', field.fieldName, field.arguments);
  }
}

/** The normalised cache: connections grow page by page, events count before they are acknowledged. */
export function cache() {
  return cacheExchange({
    keys: Object.fromEntries(embeddedTypes.map((type) => [type, () => null])),
    resolvers: {
      Query: { products: relayPagination(), interactions: relayPagination(), users: relayPagination() },
      User: { history: relayPagination() },
    },
    optimistic: {
      recordInteractions: ({ interactions }) => ({
        __typename: 'RecordInteractionsPayload',
        results: (interactions as InteractionInput[]).map((event) => ({
          __typename: 'InteractionResult',
          eventId: event.eventId ?? '',
          outcome: 'CREATED',
        })),
        userErrors: [],
      }),
    },
    updates: {
      Mutation: {
        recordInteractions: (result, args, cache, info) =>
          onRecorded(result as RecordInteractionsMutation, args as { interactions: InteractionInput[] }, cache, info),
        saveRules: (_result, _args, cache) => forget(cache, ['rules', 'ruleBooks', 'previewRules']),
        restoreRules: (_result, _args, cache) => forget(cache, ['rules', 'ruleBooks', 'previewRules']),
        startExperiment: (_result, _args, cache) => forget(cache, ['experiments']),
        stopExperiment: (_result, _args, cache) => forget(cache, ['experiments']),
        deleteModel: (_result, _args, cache) => forget(cache, ['models']),
        eraseUser: (_result, _args, cache) => forget(cache, ['users', 'user']),
      },
    },
  });
}
