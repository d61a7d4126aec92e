import type { CodegenConfig } from '@graphql-codegen/cli';

// Each area's documents become typed constants in a module of its own, so that
// the shop's bundle carries none of the studio's.
const areas = ['api', 'shop', 'studio'];

const config: CodegenConfig = {
  schema: '../graph/schema/*.graphqls',
  ignoreNoDocuments: true,
  generates: Object.fromEntries(
    areas.map((area) => [
      `src/api/generated/${area}/`,
      {
        preset: 'client',
        documents: `src/${area}/**/*.graphql`,
        presetConfig: { fragmentMasking: false },
        config: {
          useTypeImports: true,
          enumsAsTypes: true,
          onlyOperationTypes: true,
          scalars: { ID: 'string', Time: 'string', Int64: 'number', JSON: 'unknown' },
        },
      },
    ]),
  ),
};

export default config;
