import './app.css';
import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { RouterProvider } from '@tanstack/react-router';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { statusOf } from './api/request.ts';
import { makeRouter } from './router.tsx';

/** A refusal is an answer; only what never arrived, or a server in trouble, is asked again. */
const mayRetry = (failures: number, error: Error): boolean => {
  const status = statusOf(error);
  return failures < 2 && status !== null && (status === 0 || status >= 500);
};

const queryClient = new QueryClient({
  defaultOptions: {
    queries: { retry: mayRetry, retryDelay: (failures) => 500 * 2 ** failures, refetchOnWindowFocus: false },
  },
});

const root = document.getElementById('root');
if (root === null) throw new Error('index.html has no #root');
createRoot(root).render(
  <StrictMode>
    <QueryClientProvider client={queryClient}>
      <RouterProvider router={makeRouter()} />
    </QueryClientProvider>
  </StrictMode>,
);
