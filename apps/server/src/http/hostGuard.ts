const LOOPBACK_NAMES: ReadonlySet<string> = new Set(['localhost', '127.0.0.1', '[::1]', '::1']);

/** True for an address that only this machine can reach. */
export const isLoopback = (host: string): boolean =>
  host === 'localhost' || host === '::1' || host === '[::1]' || /^127(?:\.\d{1,3}){3}$/.test(host);

/**
 * Makes the check of a request's Host header. A server bound to loopback serves loopback names and its own public name
 * only, so that a web page whose name is made to point at 127.0.0.1 (DNS rebinding) reaches nothing. A server bound to
 * the network sits behind names that it cannot know and takes any.
 */
export const makeHostGuard = (boundTo: string, publicUrl: string | null): ((host: string | undefined) => boolean) => {
  const publicHost = publicUrl === null ? null : new URL(publicUrl).hostname.toLowerCase();
  if (!isLoopback(boundTo)) return () => true;
  return (host) => {
    if (host === undefined) return false;
    const name = host.toLowerCase().replace(/:\d{1,5}$/, '');
    return LOOPBACK_NAMES.has(name) || name.endsWith('.localhost') || isLoopback(name) || name === publicHost;
  };
};
