/** How a project changes names (`wrapIdentifier` of knexfile.js), or a clause that says why this is unknown. */
export type NamesSetting = { readonly changed: (name: string) => string } | { readonly why: string }
