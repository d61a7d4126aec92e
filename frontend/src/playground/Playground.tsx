import 'graphiql/setup-workers/vite';
import 'graphiql/style.css';
import { createGraphiQLFetcher } from '@graphiql/toolkit';
import { GraphiQL } from 'graphiql';
import { endpoint } from '../api/client';
import { usePageTitle } from '../ui/usePageTitle';

const fetcher = createGraphiQLFetcher({ url: endpoint });

/** GraphiQL on this server's API. */
export function Playground() {
  usePageTitle('Playground');
  return (
    <main style={{ height: '100vh' }}>
      <GraphiQL fetcher={fetcher} />
    </main>
  );
}
