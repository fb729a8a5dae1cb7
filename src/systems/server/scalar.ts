/** A scalar of YAML or JSON as text: `16` and `"16"` are the same version. Null: it is something else. */
export function scalarText(value: unknown): string | null {
  return typeof value === 'string' ? value : typeof value === 'number' ? String(value) : null
}
