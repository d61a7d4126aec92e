import { RouterProvider } from '@tanstack/react-router';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { SessionProvider } from './api/Session';
import { router } from './router';
import { Root } from './ui/Root';
import { SessionGate } from './ui/SessionGate';

createRoot(document.getElementById('root')!).render(
  <StrictMode>
    <Root>
      <SessionProvider>
        <SessionGate>
          <RouterProvider router={router} />
        </SessionGate>
      </SessionProvider>
    </Root>
  </StrictMode>,
);
