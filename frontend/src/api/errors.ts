import type { CombinedError } from '@urql/core';

/** Codes of `extensions.code` that pages act on. */
export type ErrorCode = 'UNAUTHENTICATED' | 'FORBIDDEN' | 'NOT_FOUND' | 'INVALID' | 'INTERNAL' | 'NETWORK';

/** The stable code of an error; NETWORK when no answer came. */
export function errorCode(error: CombinedError): ErrorCode | string {
  if (error.networkError) return 'NETWORK';
  const code = error.graphQLErrors[0]?.extensions.code;
  return typeof code === 'string' ? code : 'INTERNAL';
}

/** What happened, for people. */
export function errorMessage(error: CombinedError): string {
  switch (errorCode(error)) {
    case 'NETWORK':
      return 'The server did not answer. Check the connection and try again.';
    case 'UNAUTHENTICATED':
      return 'You need to sign in for this.';
    case 'FORBIDDEN':
      return 'Your account may not do this.';
    case 'INTERNAL':
      return 'Something went wrong on the server. It has been logged; try again.';
    default:
      return error.graphQLErrors[0]?.message ?? error.message;
  }
}
