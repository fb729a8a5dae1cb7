/** Attributes of the `include` or `includeAll` of a file, which apply to all change sets in it. */
export interface Included {
  readonly context: string
  /** A context, labels, or a filter of the project decides whether they run. */
  readonly isConditional: boolean
}

/** The include has none of these attributes. */
export const plainly: Included = { context: '', isConditional: false }
