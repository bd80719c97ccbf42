/** What JSON can say. Event properties keep this shape; nothing in them is trusted. */
export type JsonValue = string | number | boolean | null | readonly JsonValue[] | { readonly [key: string]: JsonValue };

/** A JSON object, as event properties and traits arrive. */
export type JsonObject = { readonly [key: string]: JsonValue };
