/** How names are changed, or that this is not known, and why, a clause: `wrapIdentifier` of knexfile.js. */
export type NamesSetting = { readonly changed: (name: string) => string } | { readonly why: string }
