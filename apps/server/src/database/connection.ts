/** How to reach the database, in the words of `pg`: either a URL or a socket directory with user and database. */
export type Connection =
  | { readonly connectionString: string }
  | { readonly host: string; readonly port: number; readonly user: string; readonly database: string };
