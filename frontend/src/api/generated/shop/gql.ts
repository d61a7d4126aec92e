/* eslint-disable */
import * as types from './graphql';
import type { TypedDocumentNode as DocumentNode } from '@graphql-typed-document-node/core';

/**
 * Map of all GraphQL operations in the project.
 *
 * This map has several performance disadvantages:
 * 1. It is not tree-shakeable, so it will include all operations in the project.
 * 2. It is not minifiable, so the string of a GraphQL query will be multiple times inside the bundle.
 * 3. It does not support dead code elimination, so it will add unused operations.
 *
 * Therefore it is highly recommended to use the babel or swc plugin for production.
 * Learn more about it here: https://the-guild.dev/graphql/codegen/plugins/presets/preset-client#reducing-bundle-size
 */
type Documents = {
    "query Personas {\n  personas {\n    userId\n    name\n    taste\n  }\n}\n\nmutation SignIn($userId: ID!) {\n  signIn(userId: $userId) {\n    userErrors {\n      message\n    }\n  }\n}\n\nmutation SignOut {\n  signOut {\n    userErrors {\n      message\n    }\n  }\n}": typeof types.PersonasDocument,
    "query Products($filter: ProductFilter, $orderBy: ProductOrder!, $first: Int!, $after: String) {\n  products(filter: $filter, orderBy: $orderBy, first: $first, after: $after) {\n    totalCount\n    edges {\n      cursor\n      node {\n        ...CardProduct\n      }\n    }\n    pageInfo {\n      hasNextPage\n      hasPreviousPage\n      startCursor\n      endCursor\n    }\n  }\n}\n\nquery Vendors {\n  vendors(first: 1000) {\n    id\n    name\n    productCount\n  }\n}": typeof types.ProductsDocument,
    "query Product($id: ID!) {\n  product(id: $id) {\n    ...CardProduct\n    description\n    publishedAt\n    category {\n      id\n      path\n      name\n      department\n    }\n    attributes {\n      name\n      value\n    }\n  }\n}\n\nquery CartProducts($ids: [ID!]!) {\n  nodes(ids: $ids) {\n    id\n    ... on Product {\n      ...CardProduct\n    }\n  }\n}": typeof types.ProductDocument,
    "query Question($skip: [ID!]) {\n  question(skip: $skip) {\n    knowledge\n    answer\n    product {\n      ...CardProduct\n      category {\n        id\n        name\n      }\n    }\n  }\n}": typeof types.QuestionDocument,
    "fragment CardProduct on Product {\n  id\n  productId\n  title\n  imageUrl\n  inStock\n  viewerRating\n  price {\n    amount\n    currency\n  }\n  vendor {\n    id\n    name\n  }\n}\n\nfragment CardList on RecommendationList {\n  recommendationId\n  source\n  modelId\n  at\n  items {\n    rank\n    recommendationId\n    product {\n      ...CardProduct\n    }\n  }\n}\n\nquery Shelves($page: Page!, $productId: ID, $category: String, $first: Int!) {\n  shelves(page: $page, productId: $productId, category: $category, first: $first) {\n    kind\n    title\n    subject {\n      id\n      productId\n      title\n    }\n    list {\n      ...CardList\n    }\n  }\n}\n\nsubscription LiveList($first: Int!, $options: RecommendationOptions) {\n  recommendations(first: $first, options: $options) {\n    ...CardList\n  }\n}\n\nquery Departments {\n  categories {\n    id\n    path\n    name\n    department\n    productCount\n  }\n}": typeof types.CardProductFragmentDoc,
    "query History($types: [EventType!], $first: Int!, $after: String) {\n  interactions(types: $types, first: $first, after: $after) {\n    edges {\n      cursor\n      node {\n        id\n        eventId\n        type\n        value\n        time\n        productId\n        product {\n          ...CardProduct\n        }\n      }\n    }\n    pageInfo {\n      hasNextPage\n      hasPreviousPage\n      startCursor\n      endCursor\n    }\n  }\n}": typeof types.HistoryDocument,
    "query Why($productId: ID!, $without: [String!]) {\n  explanation(productId: $productId, without: $without) {\n    othersShare\n    contributions {\n      share\n      interaction {\n        id\n        type\n        value\n        productId\n        product {\n          id\n          productId\n          title\n        }\n      }\n    }\n  }\n}": typeof types.WhyDocument,
};
const documents: Documents = {
    "query Personas {\n  personas {\n    userId\n    name\n    taste\n  }\n}\n\nmutation SignIn($userId: ID!) {\n  signIn(userId: $userId) {\n    userErrors {\n      message\n    }\n  }\n}\n\nmutation SignOut {\n  signOut {\n    userErrors {\n      message\n    }\n  }\n}": types.PersonasDocument,
    "query Products($filter: ProductFilter, $orderBy: ProductOrder!, $first: Int!, $after: String) {\n  products(filter: $filter, orderBy: $orderBy, first: $first, after: $after) {\n    totalCount\n    edges {\n      cursor\n      node {\n        ...CardProduct\n      }\n    }\n    pageInfo {\n      hasNextPage\n      hasPreviousPage\n      startCursor\n      endCursor\n    }\n  }\n}\n\nquery Vendors {\n  vendors(first: 1000) {\n    id\n    name\n    productCount\n  }\n}": types.ProductsDocument,
    "query Product($id: ID!) {\n  product(id: $id) {\n    ...CardProduct\n    description\n    publishedAt\n    category {\n      id\n      path\n      name\n      department\n    }\n    attributes {\n      name\n      value\n    }\n  }\n}\n\nquery CartProducts($ids: [ID!]!) {\n  nodes(ids: $ids) {\n    id\n    ... on Product {\n      ...CardProduct\n    }\n  }\n}": types.ProductDocument,
    "query Question($skip: [ID!]) {\n  question(skip: $skip) {\n    knowledge\n    answer\n    product {\n      ...CardProduct\n      category {\n        id\n        name\n      }\n    }\n  }\n}": types.QuestionDocument,
    "fragment CardProduct on Product {\n  id\n  productId\n  title\n  imageUrl\n  inStock\n  viewerRating\n  price {\n    amount\n    currency\n  }\n  vendor {\n    id\n    name\n  }\n}\n\nfragment CardList on RecommendationList {\n  recommendationId\n  source\n  modelId\n  at\n  items {\n    rank\n    recommendationId\n    product {\n      ...CardProduct\n    }\n  }\n}\n\nquery Shelves($page: Page!, $productId: ID, $category: String, $first: Int!) {\n  shelves(page: $page, productId: $productId, category: $category, first: $first) {\n    kind\n    title\n    subject {\n      id\n      productId\n      title\n    }\n    list {\n      ...CardList\n    }\n  }\n}\n\nsubscription LiveList($first: Int!, $options: RecommendationOptions) {\n  recommendations(first: $first, options: $options) {\n    ...CardList\n  }\n}\n\nquery Departments {\n  categories {\n    id\n    path\n    name\n    department\n    productCount\n  }\n}": types.CardProductFragmentDoc,
    "query History($types: [EventType!], $first: Int!, $after: String) {\n  interactions(types: $types, first: $first, after: $after) {\n    edges {\n      cursor\n      node {\n        id\n        eventId\n        type\n        value\n        time\n        productId\n        product {\n          ...CardProduct\n        }\n      }\n    }\n    pageInfo {\n      hasNextPage\n      hasPreviousPage\n      startCursor\n      endCursor\n    }\n  }\n}": types.HistoryDocument,
    "query Why($productId: ID!, $without: [String!]) {\n  explanation(productId: $productId, without: $without) {\n    othersShare\n    contributions {\n      share\n      interaction {\n        id\n        type\n        value\n        productId\n        product {\n          id\n          productId\n          title\n        }\n      }\n    }\n  }\n}": types.WhyDocument,
};

/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 *
 *
 * @example
 * ```ts
 * const query = graphql(`query GetUser($id: ID!) { user(id: $id) { name } }`);
 * ```
 *
 * The query argument is unknown!
 * Please regenerate the types.
 */
export function graphql(source: string): unknown;

/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "query Personas {\n  personas {\n    userId\n    name\n    taste\n  }\n}\n\nmutation SignIn($userId: ID!) {\n  signIn(userId: $userId) {\n    userErrors {\n      message\n    }\n  }\n}\n\nmutation SignOut {\n  signOut {\n    userErrors {\n      message\n    }\n  }\n}"): (typeof documents)["query Personas {\n  personas {\n    userId\n    name\n    taste\n  }\n}\n\nmutation SignIn($userId: ID!) {\n  signIn(userId: $userId) {\n    userErrors {\n      message\n    }\n  }\n}\n\nmutation SignOut {\n  signOut {\n    userErrors {\n      message\n    }\n  }\n}"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "query Products($filter: ProductFilter, $orderBy: ProductOrder!, $first: Int!, $after: String) {\n  products(filter: $filter, orderBy: $orderBy, first: $first, after: $after) {\n    totalCount\n    edges {\n      cursor\n      node {\n        ...CardProduct\n      }\n    }\n    pageInfo {\n      hasNextPage\n      hasPreviousPage\n      startCursor\n      endCursor\n    }\n  }\n}\n\nquery Vendors {\n  vendors(first: 1000) {\n    id\n    name\n    productCount\n  }\n}"): (typeof documents)["query Products($filter: ProductFilter, $orderBy: ProductOrder!, $first: Int!, $after: String) {\n  products(filter: $filter, orderBy: $orderBy, first: $first, after: $after) {\n    totalCount\n    edges {\n      cursor\n      node {\n        ...CardProduct\n      }\n    }\n    pageInfo {\n      hasNextPage\n      hasPreviousPage\n      startCursor\n      endCursor\n    }\n  }\n}\n\nquery Vendors {\n  vendors(first: 1000) {\n    id\n    name\n    productCount\n  }\n}"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "query Product($id: ID!) {\n  product(id: $id) {\n    ...CardProduct\n    description\n    publishedAt\n    category {\n      id\n      path\n      name\n      department\n    }\n    attributes {\n      name\n      value\n    }\n  }\n}\n\nquery CartProducts($ids: [ID!]!) {\n  nodes(ids: $ids) {\n    id\n    ... on Product {\n      ...CardProduct\n    }\n  }\n}"): (typeof documents)["query Product($id: ID!) {\n  product(id: $id) {\n    ...CardProduct\n    description\n    publishedAt\n    category {\n      id\n      path\n      name\n      department\n    }\n    attributes {\n      name\n      value\n    }\n  }\n}\n\nquery CartProducts($ids: [ID!]!) {\n  nodes(ids: $ids) {\n    id\n    ... on Product {\n      ...CardProduct\n    }\n  }\n}"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "query Question($skip: [ID!]) {\n  question(skip: $skip) {\n    knowledge\n    answer\n    product {\n      ...CardProduct\n      category {\n        id\n        name\n      }\n    }\n  }\n}"): (typeof documents)["query Question($skip: [ID!]) {\n  question(skip: $skip) {\n    knowledge\n    answer\n    product {\n      ...CardProduct\n      category {\n        id\n        name\n      }\n    }\n  }\n}"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "fragment CardProduct on Product {\n  id\n  productId\n  title\n  imageUrl\n  inStock\n  viewerRating\n  price {\n    amount\n    currency\n  }\n  vendor {\n    id\n    name\n  }\n}\n\nfragment CardList on RecommendationList {\n  recommendationId\n  source\n  modelId\n  at\n  items {\n    rank\n    recommendationId\n    product {\n      ...CardProduct\n    }\n  }\n}\n\nquery Shelves($page: Page!, $productId: ID, $category: String, $first: Int!) {\n  shelves(page: $page, productId: $productId, category: $category, first: $first) {\n    kind\n    title\n    subject {\n      id\n      productId\n      title\n    }\n    list {\n      ...CardList\n    }\n  }\n}\n\nsubscription LiveList($first: Int!, $options: RecommendationOptions) {\n  recommendations(first: $first, options: $options) {\n    ...CardList\n  }\n}\n\nquery Departments {\n  categories {\n    id\n    path\n    name\n    department\n    productCount\n  }\n}"): (typeof documents)["fragment CardProduct on Product {\n  id\n  productId\n  title\n  imageUrl\n  inStock\n  viewerRating\n  price {\n    amount\n    currency\n  }\n  vendor {\n    id\n    name\n  }\n}\n\nfragment CardList on RecommendationList {\n  recommendationId\n  source\n  modelId\n  at\n  items {\n    rank\n    recommendationId\n    product {\n      ...CardProduct\n    }\n  }\n}\n\nquery Shelves($page: Page!, $productId: ID, $category: String, $first: Int!) {\n  shelves(page: $page, productId: $productId, category: $category, first: $first) {\n    kind\n    title\n    subject {\n      id\n      productId\n      title\n    }\n    list {\n      ...CardList\n    }\n  }\n}\n\nsubscription LiveList($first: Int!, $options: RecommendationOptions) {\n  recommendations(first: $first, options: $options) {\n    ...CardList\n  }\n}\n\nquery Departments {\n  categories {\n    id\n    path\n    name\n    department\n    productCount\n  }\n}"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "query History($types: [EventType!], $first: Int!, $after: String) {\n  interactions(types: $types, first: $first, after: $after) {\n    edges {\n      cursor\n      node {\n        id\n        eventId\n        type\n        value\n        time\n        productId\n        product {\n          ...CardProduct\n        }\n      }\n    }\n    pageInfo {\n      hasNextPage\n      hasPreviousPage\n      startCursor\n      endCursor\n    }\n  }\n}"): (typeof documents)["query History($types: [EventType!], $first: Int!, $after: String) {\n  interactions(types: $types, first: $first, after: $after) {\n    edges {\n      cursor\n      node {\n        id\n        eventId\n        type\n        value\n        time\n        productId\n        product {\n          ...CardProduct\n        }\n      }\n    }\n    pageInfo {\n      hasNextPage\n      hasPreviousPage\n      startCursor\n      endCursor\n    }\n  }\n}"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "query Why($productId: ID!, $without: [String!]) {\n  explanation(productId: $productId, without: $without) {\n    othersShare\n    contributions {\n      share\n      interaction {\n        id\n        type\n        value\n        productId\n        product {\n          id\n          productId\n          title\n        }\n      }\n    }\n  }\n}"): (typeof documents)["query Why($productId: ID!, $without: [String!]) {\n  explanation(productId: $productId, without: $without) {\n    othersShare\n    contributions {\n      share\n      interaction {\n        id\n        type\n        value\n        productId\n        product {\n          id\n          productId\n          title\n        }\n      }\n    }\n  }\n}"];

export function graphql(source: string) {
  return (documents as any)[source] ?? {};
}

export type DocumentType<TDocumentNode extends DocumentNode<any, any>> = TDocumentNode extends DocumentNode<  infer TType,  any>  ? TType  : never;