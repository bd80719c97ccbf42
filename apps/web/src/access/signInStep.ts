/** Where somebody is in signing in. */
export type SignInStep = 'password' | 'code' | 'recovery' | 'forgot' | 'sent';
