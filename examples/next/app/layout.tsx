import type { ReactNode } from 'react';
import { ClientCalls } from './client-calls';

export const metadata = { title: 'Calls with Next', icons: { icon: 'data:,' } };

export default function Layout({ children }: { children: ReactNode }) {
  return (
    <html lang="en">
      <body>
        {children}
        <ClientCalls />
      </body>
    </html>
  );
}
