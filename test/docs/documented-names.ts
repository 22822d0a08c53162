/**
 * Declarations of names that code blocks of the documentation use without declaring them: variables that the text
 * introduces, and modules of an application or of a framework that is not installed here. A text, because they must not
 * be known in the rest of the project.
 */
export const documentedNames = `declare const calls: import('ringkit').CallInvitationProvider;
declare const provider: import('ringkit').CallInvitationProvider;
declare const service: import('ringkit/core').CallInvitationService;
declare const button: HTMLButtonElement;
declare const signOut: HTMLButtonElement;
declare const user: { readonly id: string; readonly displayName: string };
declare const secret: string;
declare const app: import('node:http').RequestListener;
declare const sessions: {
  find(
    token: string | undefined,
  ): Promise<
    { readonly id: string; readonly name: string; readonly signedInUntil: number } | undefined
  >;
};
declare function importScripts(...urls: string[]): void;
declare function openFilter(track: MediaStreamTrack): Promise<{
  readonly track: MediaStreamTrack;
  onerror: (error: unknown) => void;
  close(): void;
}>;
declare function toSepia(track: MediaStreamTrack): MediaStreamTrack;

interface Window {
  /** In a service worker. */
  ringkit: {
    missedCallText(call: { readonly caller: { readonly userName: string } }): {
      readonly title: string;
      readonly message: string;
    };
  };
}

declare module 'next/dynamic';
declare module '@angular/core';
declare module '@angular/platform-browser';

declare function defineNuxtConfig(config: object): object;
declare function defineNuxtPlugin(plugin: () => void): object;
declare function $fetch<T>(url: string): Promise<T>;
`;
