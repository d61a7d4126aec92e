import type { RuleFieldsFragment, RuleInput, RuleKind, ShelfKind } from '../api/generated/studio/graphql';
import { formatShare } from '../ui/format';

/** A rule as it is edited. */
export type Draft = RuleInput;

/** What each kind of rule is called, and what it does. */
export const kinds: Record<RuleKind, { name: string; does: string }> = {
  BOOST: { name: 'Boost', does: 'Products count more' },
  BURY: { name: 'Bury', does: 'Products count less' },
  PIN: { name: 'Pin', does: 'Named products stand at a place' },
  HIDE: { name: 'Hide', does: 'Products are not recommended' },
  ONLY: { name: 'Only', does: 'Nothing but some products is shown' },
  LIMIT: { name: 'Limit', does: 'Not too many of one vendor or category' },
  DIVERSIFY: { name: 'Vary', does: 'Lists mix more kinds of products' },
  NOT_OWN: { name: 'Not their own', does: 'Nobody is recommended what they sell' },
  EXPLORE: { name: 'Explore', does: 'A share of each list tries the unknown' },
};

/** What each shelf is called. */
export const shelves: Record<ShelfKind, string> = {
  FOR_YOU: 'For you',
  BECAUSE_YOU: 'Because you …',
  SIMILAR: 'Similar to this',
  TOGETHER: 'Goes well with this',
  SAME_VENDOR: 'More from the vendor',
  CATEGORY_BEST_SELLERS: 'Best-sellers of a category',
  BEST_SELLERS: 'Best-sellers',
  TRENDING: 'On the rise',
  NEW: 'New for you',
  BUY_AGAIN: 'Buy again',
  RECENTLY_VIEWED: 'Recently viewed',
};

/** Shelves that can explore. */
export const exploring: ShelfKind[] = ['FOR_YOU', 'NEW'];

/** Kinds of rule that are about some products. */
export const selective: RuleKind[] = ['BOOST', 'BURY', 'HIDE', 'ONLY'];

/** A new rule of a kind, with an id that none of the others has. */
export function newRule(kind: RuleKind, others: Draft[]): Draft {
  const taken = new Set(others.map(({ ruleId }) => ruleId));
  let n = 1;
  while (taken.has(`${kind.toLowerCase()}-${n}`)) n++;
  const usual: Partial<Record<RuleKind, Partial<Draft>>> = {
    BOOST: { factor: 2 },
    BURY: { factor: 2 },
    PIN: { position: 1 },
    LIMIT: { maxPerVendor: 2 },
    DIVERSIFY: { strength: 0.3 },
    EXPLORE: { share: 0.1 },
  };
  return { ruleId: `${kind.toLowerCase()}-${n}`, kind, enabled: true, ...usual[kind] };
}

/** A saved rule as it is sent: without what is not given. */
export function toDraft(rule: RuleFieldsFragment): Draft {
  const { __typename: _, where: { __typename: __, ...where }, ...rest } = rule as RuleFieldsFragment & Typed & { where: Typed };
  const draft = given({ ...rest, where: given(where) }) as unknown as Draft;
  if (Object.keys(draft.where ?? {}).length === 0) delete draft.where;
  return draft;
}

interface Typed {
  __typename?: string;
}

function given<T extends object>(fields: T): Partial<T> {
  return Object.fromEntries(
    Object.entries(fields).filter(([, value]) => value !== null && value !== '' && !(Array.isArray(value) && value.length === 0)),
  ) as Partial<T>;
}

/** A rule in a sentence, like `Count products of Acme 2 times`. */
export function describeRule(rule: Draft): string {
  const what = describeMatch(rule.where);
  switch (rule.kind) {
    case 'BOOST':
      return `Count ${what} ${rule.factor} times`;
    case 'BURY':
      return `Count ${what} a ${rule.factor}th`.replace('a 2th', 'half').replace('a 3th', 'a third');
    case 'PIN':
      return `Put ${list(rule.where?.products ?? []) || 'no product yet'} at place ${rule.position}`;
    case 'HIDE':
      return `Never recommend ${what}`;
    case 'ONLY':
      return `Show nothing but ${what}`;
    case 'LIMIT':
      return `At most ${list([
        ...(rule.maxPerVendor ? [`${rule.maxPerVendor} of one vendor`] : []),
        ...(rule.maxPerCategory ? [`${rule.maxPerCategory} of one category`] : []),
      ])}`;
    case 'DIVERSIFY':
      return `Vary lists by ${formatShare(rule.strength ?? 0)}`;
    case 'NOT_OWN':
      return 'Recommend nobody what they sell themselves';
    case 'EXPLORE':
      return `Let ${formatShare(rule.share ?? 0)} of personal lists try the unknown`;
  }
}

function describeMatch(where: Draft['where']): string {
  const { products = [], categories = [], vendors = [], minPrice, maxPrice } = where ?? {};
  const parts = [
    products?.length ? list(products) : 'products',
    ...(categories?.length ? [`in ${list(categories)}`] : []),
    ...(vendors?.length ? [`of ${list(vendors)}`] : []),
    ...(minPrice ? [`from ${minPrice / 100}`] : []),
    ...(maxPrice ? [`up to ${maxPrice / 100}`] : []),
  ];
  return parts.join(' ');
}

function list(names: string[]): string {
  const shown = names.length > 3 ? [...names.slice(0, 2), `${names.length - 2} more`] : names;
  return shown.length < 2 ? shown.join() : `${shown.slice(0, -1).join(', ')} and ${shown.at(-1)}`;
}

/** Where and when a rule holds, like `For you · until 1 Sep 2027`. */
export function describeScope(rule: Draft, date: (time: string) => string): string {
  return [
    rule.shelves?.length ? rule.shelves.map((shelf) => shelves[shelf]).join(', ') : 'All shelves',
    ...(rule.from ? [`from ${date(rule.from)}`] : []),
    ...(rule.until ? [`until ${date(rule.until)}`] : []),
  ].join(' · ');
}

/** How an entry of a previewed row moves: places up (below 0: down), in or out; nothing when it stays. */
export function moveOf(side: 'before' | 'after', rank: number, other: number | null | undefined): string {
  if (!other) return side === 'before' ? 'goes' : 'new';
  const up = side === 'after' ? other - rank : 0;
  if (up === 0) return '';
  return up > 0 ? `↑ ${up}` : `↓ ${-up}`;
}
