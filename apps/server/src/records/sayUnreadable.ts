const REASONS: { readonly [code: string]: (path: string) => string } = {
  ENOENT: (path) => `There is no file ${path}.`,
  EACCES: (path) => `${path} can't be read: the right to is missing.`,
  EISDIR: (path) => `${path} is a directory; name a file.`,
};

/** Why a file that somebody named can't be read, as a sentence for them. */
export const sayUnreadable = (path: string, error: NodeJS.ErrnoException): string =>
  REASONS[error.code ?? '']?.(path) ?? `${path} can't be read: ${error.code ?? error.message}.`;
