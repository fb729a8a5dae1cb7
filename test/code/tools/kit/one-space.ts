/** SQL with one space for each stretch of white space, and none before commas, to compare what tools lay out differently. */
export function oneSpace(sql: string): string {
  return sql.replace(/\s+/g, ' ').replaceAll(' ,', ',').trim()
}
