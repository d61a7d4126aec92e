/** What a file of an import is: one of the tables, something the format reads beside them, or nothing. */
export type FileUse = 'interactions' | 'products' | 'users' | 'tags' | 'unused';

type Rule = [name: RegExp, use: FileUse];

const plain: Rule[] = [
  [/^(products?|items?)(?![a-z])/, 'products'],
  [/^users?(?![a-z])/, 'users'],
  [/^readme|\.(txt|md|html|pdf)$/, 'unused'],
  [/./, 'interactions'],
];

/** How each format names its files; the first rule that fits counts. */
const rules: Record<string, Rule[]> = {
  movielens: [
    [/^ratings\.(dat|csv)$/, 'interactions'],
    [/^movies\.(dat|csv)$/, 'products'],
    [/^users\.dat$/, 'users'],
    [/^tags\.csv$/, 'tags'],
    [/./, 'unused'],
  ],
  'online-retail': [[/./, 'interactions']],
};

/** What a file is by its name. */
export function recognise(source: string, name: string): FileUse {
  const bare = name.toLowerCase().replace(/\.gz$/, '');
  return (rules[source] ?? plain).find(([pattern]) => pattern.test(bare))?.[1] ?? 'unused';
}

/** The format that files of these names are likely in; undefined when they do not tell. */
export function guessSource(names: string[]): string | undefined {
  const bare = names.map((name) => name.toLowerCase().replace(/\.gz$/, ''));
  const signs: [RegExp, string][] = [
    [/^(ratings|movies)\.(dat|csv)$/, 'movielens'],
    [/^online[ _-]?retail/, 'online-retail'],
    [/\.(jsonl|ndjson)$/, 'jsonl'],
    [/\.parquet$/, 'parquet'],
    [/\.csv$/, 'csv'],
  ];
  return signs.find(([pattern]) => bare.some((name) => pattern.test(name)))?.[1];
}

/** The role to send with a file: none where the format itself goes by the names, as it looks for further files then. */
export function roleOf(source: string, name: string, use: FileUse): string {
  return use === 'tags' || (source === 'movielens' && use === recognise(source, name)) ? '' : use;
}

/** Why files cannot be imported together; undefined when they can. */
export function filesProblem(uses: FileUse[]): string | undefined {
  for (const use of ['interactions', 'products', 'users'] as const) {
    if (uses.filter((each) => each === use).length > 1) return `Two files are ${use}: leave one out, or import them one by one.`;
  }
  return uses.some((use) => use !== 'unused' && use !== 'tags') ? undefined : 'None of these files holds interactions, products or users.';
}
