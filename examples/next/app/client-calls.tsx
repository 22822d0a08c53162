'use client';

import dynamic from 'next/dynamic';

/** `ssr: false` is permitted only in a client component. */
export const ClientCalls = dynamic(() => import('./calls'), { ssr: false });
