/* eslint-disable */
/** Internal type. DO NOT USE DIRECTLY. */
type Exact<T extends { [key: string]: unknown }> = { [K in keyof T]: T[K] };
/** Internal type. DO NOT USE DIRECTLY. */
export type Incremental<T> = T | { [P in keyof T]?: P extends ' $fragmentName' | '__typename' ? T[P] : never };
import type { TypedDocumentNode as DocumentNode } from '@graphql-typed-document-node/core';
/** What a user did with a product. */
export type EventType =
  /** Put it into the cart. */
  | 'CART'
  /** Clicked it in a recommendation. */
  | 'CLICK'
  | 'DISLIKE'
  /** Asked never to see it again; the value 0 takes that back. */
  | 'HIDE'
  /** Was shown it in a recommendation. */
  | 'IMPRESSION'
  | 'LIKE'
  /** Bought it; the value is the quantity. */
  | 'PURCHASE'
  /** Rated it; the value is 0.5 to 5 stars, 0 takes the rating back. */
  | 'RATING'
  /** Looked at the product's page. */
  | 'VIEW';

/** An event to record. */
export type InteractionInput = {
  /** Groups events of one order or visit; 256 bytes at most, like all ids. */
  basket?: string | null | undefined;
  /** Makes the call idempotent: the same id again changes nothing. Without one the server makes one up and a retry counts twice. */
  eventId?: string | null | undefined;
  productId: string;
  recommendationId?: string | null | undefined;
  /** When it happened; defaults to now. */
  time?: string | null | undefined;
  type: EventType;
  /** Defaults to the viewer. Consumers may only name themselves. */
  userId?: string | null | undefined;
  /** Stars of a RATING, quantity of a PURCHASE; 1 otherwise. 0 takes a RATING or a HIDE back. */
  value?: number;
};

/** What became of one event. */
export type Outcome =
  /**
   * Durable on the server's own disk. Whether it is new could not be told, as Redis does not answer; that is decided,
   * in order, when it does. A conflict found then is among the studio's dead letters.
   */
  | 'ACCEPTED'
  /** The event id is taken by a different event; refused. */
  | 'CONFLICT'
  /** New: stored and durable. */
  | 'CREATED'
  /** The user was erased; refused. */
  | 'ERASED'
  /** The same event was stored before; nothing changed. */
  | 'EXISTS';

/** Who may use a field. A wider role includes the narrower ones: ADMIN ⊃ SERVER ⊃ CONSUMER. */
export type Role =
  /** Someone signed in to the studio. */
  | 'ADMIN'
  /** A signed-in consumer or an anonymous visitor, for their own data. */
  | 'CONSUMER'
  /** Another server with an API key, for every user's data. */
  | 'SERVER';

/** Kinds of things a caller can put right. */
export type UserErrorCode =
  /** Not possible in the present state, or exists already with other contents. */
  | 'CONFLICT'
  /** The user was erased; late events are refused. */
  | 'ERASED'
  /** A value that is not acceptable. */
  | 'INVALID'
  /** Names something that does not exist. */
  | 'NOT_FOUND';

export type ViewerFieldsFragment = { role: Role, isAnonymous: boolean, user: { id: string, userId: string, name: string, persona: string | null } | null };

export type ViewerQueryVariables = Exact<{ [key: string]: never; }>;


export type ViewerQuery = { viewer: { role: Role, isAnonymous: boolean, user: { id: string, userId: string, name: string, persona: string | null } | null } };

export type RecordInteractionsMutationVariables = Exact<{
  interactions: Array<InteractionInput> | InteractionInput;
}>;


export type RecordInteractionsMutation = { recordInteractions: { results: Array<{ eventId: string, outcome: Outcome }>, userErrors: Array<{ field: Array<string> | null, message: string, code: UserErrorCode }> } };

export const ViewerFieldsFragmentDoc = {"kind":"Document","definitions":[{"kind":"FragmentDefinition","name":{"kind":"Name","value":"ViewerFields"},"typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"Viewer"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"role"}},{"kind":"Field","name":{"kind":"Name","value":"isAnonymous"}},{"kind":"Field","name":{"kind":"Name","value":"user"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"userId"}},{"kind":"Field","name":{"kind":"Name","value":"name"}},{"kind":"Field","name":{"kind":"Name","value":"persona"}}]}}]}}]} as unknown as DocumentNode<ViewerFieldsFragment, unknown>;
export const ViewerDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"query","name":{"kind":"Name","value":"Viewer"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"viewer"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"FragmentSpread","name":{"kind":"Name","value":"ViewerFields"}}]}}]}},{"kind":"FragmentDefinition","name":{"kind":"Name","value":"ViewerFields"},"typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"Viewer"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"role"}},{"kind":"Field","name":{"kind":"Name","value":"isAnonymous"}},{"kind":"Field","name":{"kind":"Name","value":"user"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"userId"}},{"kind":"Field","name":{"kind":"Name","value":"name"}},{"kind":"Field","name":{"kind":"Name","value":"persona"}}]}}]}}]} as unknown as DocumentNode<ViewerQuery, ViewerQueryVariables>;
export const RecordInteractionsDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"mutation","name":{"kind":"Name","value":"RecordInteractions"},"variableDefinitions":[{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"interactions"}},"type":{"kind":"NonNullType","type":{"kind":"ListType","type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"InteractionInput"}}}}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"recordInteractions"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"interactions"},"value":{"kind":"Variable","name":{"kind":"Name","value":"interactions"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"results"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"eventId"}},{"kind":"Field","name":{"kind":"Name","value":"outcome"}}]}},{"kind":"Field","name":{"kind":"Name","value":"userErrors"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"field"}},{"kind":"Field","name":{"kind":"Name","value":"message"}},{"kind":"Field","name":{"kind":"Name","value":"code"}}]}}]}}]}}]} as unknown as DocumentNode<RecordInteractionsMutation, RecordInteractionsMutationVariables>;